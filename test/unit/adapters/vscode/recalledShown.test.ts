import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { NextLook } from '../../../../src/adapters/vscode/context/nextLook';
import { lookAtPast } from '../../../../src/adapters/vscode/context/pastLook';
import { SummaryLabels } from '../../../../src/adapters/vscode/context/summaryLabels';
import { Recaller } from '../../../../src/core/memory/recaller';
import { noRecallMarks } from '../../../../src/core/memory/recallMarks';
import type { ContextLook, ShownContext } from '../../../../src/protocol/context';
import { says, ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const told = 'The staging server of Falcon listens on port 8443.';
const fact = {
  id: 'f1',
  text: 'Falcon is the name of the staging server.',
  createdAt: '2026-05-01T10:00:00.000Z',
};
const question = 'Which port does the staging server of Falcon use?';
const look: ContextLook = { type: 'look', n: 0, tab: 'next', prompt: question, listed: 5, open: [] };
const choice = { maxTokens: 8_000, policies: [], windowTurns: 0, windowMessages: 0, recentTurns: 1 };

/** A session after the one in which it was told. */
async function open() {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const failed = (error: unknown): void => assert.fail(String(error));
  const options = { memory, log, marks: noRecallMarks, clock: () => new Date(), timeZone: 'UTC', failed };
  const { sessions } = setUpSessions(new ScriptedModel(says('Noted.'), says('8443.')), {
    log,
    recaller: new Recaller(options),
    settings: { recall: { limit: 5, maxTokens: 500, deadlineMs: 10_000 } },
  });
  const { id: toldId } = await (await sessions.active()).send(told);
  await memory.remember(fact);
  const session = await sessions.create();
  const sources = { log, memory, marks: noRecallMarks };
  const labels = new SummaryLabels(() => Promise.resolve(log));
  const next = new NextLook({
    settings: () => choice,
    contextWindow: (setting) => setting,
    compaction: () => ({ automatic: false, threshold: 0.8 }),
    strategy: () => 'longTerm',
    describe: (error) => ({ reason: 'unexpected', message: String(error) }),
    labels,
    receipts: { sources: () => Promise.resolve(sources), change: () => Promise.resolve() },
  });
  const past = async (turnId: string, keys: readonly string[] = []) =>
    (
      await lookAtPast({ ...look, tab: 'past', turnId, open: [...keys] }, session, {
        log,
        labels,
        fact: (id) => memory.fact(id),
        sources,
      })
    ).view;
  return { log, memory, session, next, past, toldId };
}

const recalledIn = (context: ShownContext | undefined) =>
  (context?.items ?? []).filter(({ source }) => source === 'recalled');

suite('what is recalled, as the Context panel shows it', () => {
  test('stands in the next request with its text, its date and its reason', async () => {
    const { session, next } = await open();
    const keys = recalledIn((await next.look(look, session)).context).map(({ key }) => key);
    const [remembered, passage] = recalledIn((await next.look({ ...look, open: keys }, session)).context);
    assert.equal(remembered?.title, fact.text);
    assert.equal(remembered.createdAt, fact.createdAt);
    assert.equal(passage?.title, told);
    assert.equal(passage.reason, 'Fits the prompt');
    assert.ok(passage.tokens > 0 && passage.included && !('turnId' in passage));
    assert.match(
      passage.texts?.[0]?.content ?? '',
      /- user: The staging server of Falcon listens on port 8443\.$/,
    );
    assert.equal(new Set(keys).size, keys.length);
  });

  test('is told of a past turn by the texts that are stored now; what was deleted or edited since says so', async () => {
    const { session, log, memory, past, toldId } = await open();
    const { id } = await session.send(question);
    const keys = recalledIn((await past(id)).context).map(({ key }) => key);
    const before = recalledIn((await past(id, keys)).context);
    assert.deepEqual(
      before.map(({ title, since, texts }) => [title, since, texts?.[0]?.content]),
      [
        [fact.text, undefined, fact.text],
        [told, undefined, told],
      ],
    );
    await log.deleteTurn(toldId);
    await memory.editFact(fact.id, { text: 'Falcon is gone.', createdAt: '2026-06-01T10:00:00.000Z' });
    const after = recalledIn((await past(id, keys)).context);
    assert.deepEqual(
      after.map(({ title, since, opens }) => [title, since, opens]),
      [
        ['Falcon is gone.', 'edited', true],
        ['A message that is deleted since', 'deleted', false],
      ],
    );
    await memory.forget(fact.id);
    assert.equal(recalledIn((await past(id)).context)[0]?.title, 'A fact that is deleted since');
  });
});
