import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { ContextMeter, type Measured } from '../../../../src/adapters/vscode/contextMeter';
import { NextLook } from '../../../../src/adapters/vscode/context/nextLook';
import { SummaryLabels } from '../../../../src/adapters/vscode/context/summaryLabels';
import { previewUndo } from '../../../../src/core/memory/undoSummary';
import { trimToSummary } from '../../../../src/core/memory/trimToSummary';
import { Recaller } from '../../../../src/core/memory/recaller';
import { noRecallMarks, type RecallMarks } from '../../../../src/core/memory/recallMarks';
import type { Recalled } from '../../../../src/core/memory/recalled';
import type { ShownNext } from '../../../../src/protocol/context';
import { windowWords } from '../../../../src/protocol/meterReading';
import { ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const fact: Recalled = {
  factId: 'f1',
  text: 'The staging server of Falcon listens on port 8443, and nobody may restart it on a Friday.',
  createdAt: '2026-05-01T10:00:00.000Z',
};
const choice = { maxTokens: 8_000, policies: [], windowTurns: 0, windowMessages: 0, recentTurns: 1 };

/** A session of twelve turns under `longTerm`, with a fact that is kept for every prompt. */
async function open(recallTokens = 500) {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const failed = (error: unknown): void => assert.fail(String(error));
  const marks: RecallMarks = { ...noRecallMarks, kept: () => Promise.resolve([fact]) };
  const options = { memory, log, marks, clock: () => new Date(), timeZone: 'UTC', failed };
  const { sessions, settings } = setUpSessions(new ScriptedModel(), {
    log,
    recaller: new Recaller(options),
    settings: {
      recall: { limit: 5, maxTokens: recallTokens, deadlineMs: 10_000 },
      compaction: { automatic: false, threshold: 0.9 },
    },
  });
  const session = await sessions.active();
  for (let n = 0; n < 12; n += 1) await session.send(`${n} ${'and so on it goes '.repeat(20)}`);
  await session.settled();
  const meter = new ContextMeter({ settings, delay: 0, firstDelay: 0 });
  const look = new NextLook({
    settings: () => choice,
    contextWindow: (setting) => setting,
    compaction: () => settings().compaction,
    strategy: () => 'longTerm',
    describe: (error) => ({ reason: 'unexpected', message: String(error) }),
    labels: new SummaryLabels(() => Promise.resolve(log)),
    receipts: {
      sources: () => Promise.resolve({ log, memory, marks }),
      change: () => Promise.resolve(),
    },
  });
  const shown = (prompt: string): Promise<ShownNext> => {
    look.forget();
    return look.look({ type: 'look', n: 0, tab: 'next', prompt, listed: 5, open: [] }, session);
  };
  const measured = (change: () => void): Promise<Measured | undefined> =>
    new Promise((resolve) => {
      const stop = meter.onChange((told) => {
        stop();
        resolve(told);
      });
      change();
    });
  return { session, meter, shown, measured, settings };
}

const recalledIn = (items: readonly { source: string; tokens: number; included: boolean }[]): number =>
  items.reduce(
    (sum, { source, tokens, included }) => sum + (source === 'recalled' && included ? tokens : 0),
    0,
  );

/** Of the next request before a prompt is typed: what each place that tells it says. */
async function figures({ session, meter, shown, measured }: Awaited<ReturnType<typeof open>>) {
  const { reading } = (await measured(() => meter.follow(session))) ?? assert.fail();
  const { context } = await shown('');
  const trim = await session.requests.trim({ strategy: 'slidingWindow', turns: 3 }, { preview: true });
  const summary = await trimToSummary(session, { preview: true });
  const inspected = await session.requests.inspect('');
  assert.ok(context);
  return {
    reading,
    context,
    told: {
      meter: reading.tokens,
      panel: context.tokens,
      inspected: inspected.tokens,
      trim: trim.tokensBefore,
      summarise: summary.tokensBefore,
    },
  };
}

suite('one figure for one request', () => {
  test('the meter, the panel, and what a trim or a summary would change tell the same, what is kept counted', async () => {
    const setup = await open();
    const { told, reading, context } = await figures(setup);
    assert.deepEqual([...new Set(Object.values(told))], [reading.tokens], JSON.stringify(told));
    assert.ok(recalledIn(context.items) > 20, 'what is kept goes with every request');
    assert.equal(
      reading.shares.find(({ source }) => source === 'recalled')?.tokens,
      recalledIn(context.items),
    );

    assert.equal(windowWords(reading), windowWords(context), 'and the same share of the window');
  });

  test('after a trim, a summary and its undo each place tells what the preview has told', async () => {
    const setup = await open();
    const { session } = setup;
    const preview = await session.requests.trim({ strategy: 'slidingWindow', turns: 3 });
    assert.deepEqual([...new Set(Object.values((await figures(setup)).told))], [preview.tokensAfter]);
    await session.requests.undoTrim();
    const { summary, tokensAfter } = await trimToSummary(session);
    const { reading, told } = await figures(setup);
    assert.deepEqual([...new Set(Object.values(told))], [tokensAfter]);
    const undo = await previewUndo(session, summary?.id ?? '');
    assert.equal(undo?.tokensBefore, reading.tokens);
  });

  test('before anything is typed there is no prompt, and none is counted', async () => {
    const setup = await open();
    const { context, reading } = await figures(setup);
    assert.deepEqual(
      context.items.filter(({ source }) => source === 'prompt'),
      [],
    );
    assert.equal(
      reading.shares.some(({ source }) => source === 'prompt'),
      false,
    );
    const blank = await setup.shown('  \n ');
    assert.equal(blank.context?.tokens, context.tokens);
  });

  test('with a prompt, the meter and the panel differ by what the prompt recalls and by nothing else', async () => {
    const setup = await open();
    const { meter, measured, shown, session } = setup;
    await measured(() => meter.follow(session));
    const { reading } = (await measured(() => meter.draft('And what of the weather?'))) ?? assert.fail();
    const { context } = await shown('And what of the weather?');
    assert.ok(context);
    const more =
      recalledIn(context.items) - (reading.shares.find(({ source }) => source === 'recalled')?.tokens ?? 0);
    assert.equal(context.tokens - reading.tokens, more);
    assert.ok(reading.recall !== undefined && more <= reading.recall);
  });

  test('both say from which size on the oldest turns are summarised, and it is as they say', async () => {
    // Of 6,000: what recall may take, the window never fills.
    const setup = await open(2_000);
    const { session, settings } = setup;
    Object.assign(settings().compaction, { automatic: true });
    for (let n = 0; n < 40; n += 1) {
      const { reading, context } = await figures(setup);
      assert.equal(context.summarisedFrom, reading.summarisedFrom);
      const from = reading.summarisedFrom ?? assert.fail();
      const isLater = reading.tokens < from;
      assert.ok(context.items.every(({ source, included }) => included || source !== 'window'));
      await session.send(`more ${n} ${'and so on it goes '.repeat(20)}`);
      await session.compaction.settled();
      const after = (await figures(setup)).reading;
      const made = (await session.requests.summaries()).length;
      if (made > 0) {
        assert.ok(isLater && reading.near, 'it was said before');
        return;
      }
      assert.ok(after.tokens < (after.summarisedFrom ?? 0));
    }
    assert.fail('nothing was ever summarised');
  });
});
