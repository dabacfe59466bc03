import assert from 'node:assert/strict';
import { HistoryError } from '../../../../src/core/errors';
import type { HostMessage, Snapshot } from '../../../support/viewMessages';
import { transcriptOf } from '../../../support/viewMessages';
import { says, ScriptedModel } from '../../../support/scriptedModel';
import { openChatView } from '../../../support/openChatView';

const ended = (turnId: string) => (message: HostMessage) =>
  message.type === 'turn-change' &&
  message.turn.id === turnId &&
  message.turn.status !== 'queued' &&
  message.turn.status !== 'running';

suite('chat view (host side)', () => {
  test('an open receipt is told, told again when it changes, and no more once it is closed', async () => {
    const { view, posted, ready, next, receipts } = openChatView(new ScriptedModel());
    await ready();
    const entry = { factId: 'f1', createdAt: '2026-03-01T10:00:00Z', text: 'Tea', included: true, reason: 'Fits', words: [], tokens: 3 }; // prettier-ignore
    const told = (): readonly string[] =>
      posted.flatMap((message) =>
        message.type === 'receipt-change'
          ? [`${message.turnId} ${message.receipt?.entries.map(({ text }) => text).join() ?? 'missing'}`]
          : [],
      );
    const change = (): Promise<HostMessage> => next(({ type }) => type === 'receipt-change');
    receipts.entries.push(entry);
    let changed = change();
    view.accept({ type: 'receipt-open', turnId: 't1' });
    await changed;
    receipts.tell();
    receipts.entries.push({ ...entry, factId: 'f2', text: 'Coffee' });
    changed = change();
    receipts.tell();
    await changed;
    changed = change();
    view.accept({ type: 'receipt-open', turnId: 'gone' });
    await changed;
    assert.deepEqual(told(), ['t1 Tea', 't1 Tea,Coffee', 'gone missing']);
    view.accept({ type: 'receipt-close', turnId: 't1' });
    receipts.entries.length = 0;
    receipts.tell();
    await receipts.of('t1');
    await ready();
    assert.equal(told().length, 3);
  });

  test('what the view marks and where it leads reach those who do it; what fits no schema does not', async () => {
    const { view, ready, receipts, revealed } = openChatView(new ScriptedModel());
    await ready();
    const change = { messageId: 't1.1', turnId: 't1', mark: 'muted' } as const;
    view.accept({ type: 'recall-mark', change });
    view.accept({ type: 'recall-mark', change: { ...change, mark: 'forever' } });
    view.accept({ type: 'recall-reveal', source: { sessionId: 's1', turnId: 't1' } });
    view.accept({ type: 'recall-reveal', source: { sessionId: '', turnId: 't1' } });
    await ready();
    assert.deepEqual(receipts.changes, [change]);
    assert.deepEqual(revealed, [{ sessionId: 's1', turnId: 't1' }]);
  });

  test('numbers run without a gap from each snapshot on', async () => {
    const { view, posted, ready, next } = openChatView(new ScriptedModel(says('one two three')));
    await ready();
    const done = next(ended('t'));
    view.accept({ type: 'turn-send', turnId: 't', text: 'hi' });
    await done;
    await ready();
    const starts = posted.flatMap(({ type }, index) => (type === 'snapshot' ? [index] : []));
    starts.forEach((start, which) => {
      const run = posted.slice(start, starts[which + 1]);
      assert.deepEqual(
        run.map(({ n }) => n),
        run.map((_, index) => index),
      );
    });
  });

  test('what waited when the window closed goes with each snapshot until it is sent or dropped', async () => {
    const { view, posted, ready, left, next } = openChatView(new ScriptedModel());
    left.push({ turnId: 't1', text: 'waits' });
    await ready();
    await ready();
    const returned = posted.filter(({ type }) => type === 'prompts-return');
    assert.ok(returned.length > 0);
    for (const message of returned) {
      assert.deepEqual('prompts' in message && message.prompts, [{ turnId: 't1', text: 'waits' }]);
    }
    view.accept({ type: 'prompts-returned', turnIds: ['t1'] });
    const later = next(({ type }) => type === 'snapshot');
    view.accept({ type: 'ready' });
    await later;
    assert.deepEqual(left, []);
  });

  test('what a view that was there all along shows is what a view that comes later gets', async () => {
    const { view, posted, ready, next } = openChatView(new ScriptedModel(says('A **bold** answer')));
    await ready();
    const done = next(ended('t'));
    view.accept({ type: 'turn-send', turnId: 't', text: 'hi' });
    await done;
    const shown = transcriptOf(posted);
    const late = await ready();
    assert.deepEqual(transcriptOf([late]), shown);
    assert.equal(shown[0]?.messages[1]?.content, 'A **bold** answer');
  });

  test('a view that comes in the middle of an answer gets what there is, and then the rest', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const [first, ...rest] = says('First and rest');
    const model = new ScriptedModel([...(first ? [first] : []), gate, ...rest]);
    const { view, sessions, posted, ready, next } = openChatView(model);
    await ready();
    const session = await sessions.active();
    const begun = new Promise<void>((resolve) => {
      session.onEvent(({ type }) => {
        if (type === 'text-delta') resolve();
      });
    });
    view.accept({ type: 'turn-send', turnId: 't', text: 'hi' });
    await begun;
    posted.length = 0;
    const snapshot = await ready();
    assert.equal(snapshot.state.turns[0]?.messages[1]?.content, 'First a');
    const done = next(ended('t'));
    release();
    await done;
    assert.equal(transcriptOf(posted)[0]?.messages[1]?.content, 'First and rest');
  });

  test('a refused prompt goes back to the composer and leaves no trace', async () => {
    const { view, ready, next, log } = openChatView(new ScriptedModel());
    await ready();
    const rejected = next(({ type }) => type === 'turn-rejected');
    view.accept({ type: 'turn-send', turnId: 't', text: '   ' });
    const message = await rejected;
    assert.equal(message.type === 'turn-rejected' && message.text, '   ');
    assert.deepEqual(await log.sessions(), []);
  });

  test('nothing that a view posts is believed before it fits the schema', async () => {
    const { view, ready, log } = openChatView(new ScriptedModel());
    await ready();
    for (const junk of [
      undefined,
      null,
      5,
      'ready',
      {},
      { type: 'turn-send' },
      { type: 'turn-send', turnId: '', text: 'x' },
      { type: 'command-run', command: 'workbench.action.quit' },
      { type: 'turn-delete' },
      { type: 'turn-delete', turnId: { $ne: 1 } },
      { type: 'turn-pin', turnId: 't' },
      { type: 'turn-pin', turnId: 't', pinned: 'yes' },
      { type: 'context-measure', text: 'x'.repeat(400_001) },
      { type: 'summary-undo', summaryId: 'x'.repeat(10_000) },
    ]) {
      view.accept(junk);
    }
    await ready();
    assert.deepEqual(await log.sessions(), []);
  });

  test('where the history cannot be read the view works, and says what is wrong', async () => {
    const { posted, ready, log } = openChatView(new ScriptedModel());
    log.activeSession = () => Promise.reject(new HistoryError({ reason: 'unavailable' }));
    const { state } = await ready();
    assert.deepEqual(state.turns, []);
    const notice = posted.find(({ type }) => type === 'notice');
    assert.ok(notice?.type === 'notice' && /unavailable/.test(notice.message));
  });

  test('retrying asks the same prompt again as a new turn', async () => {
    const { view, ready, next } = openChatView(new ScriptedModel([new Error('no')], says('yes')));
    await ready();
    const failed = next(ended('a'));
    view.accept({ type: 'turn-send', turnId: 'a', text: 'again?' });
    await failed;
    const done = next(ended('b'));
    view.accept({ type: 'turn-retry', turnId: 'a', newTurnId: 'b' });
    const message = await done;
    assert.equal(message.type === 'turn-change' && message.turn.messages[0]?.content, 'again?');
    assert.equal(message.type === 'turn-change' && message.turn.status, 'complete');
  });

  test('a deleted turn goes from the view; one that cannot be deleted is told', async () => {
    const { view, sessions, posted, ready, next } = openChatView(new ScriptedModel());
    const session = await sessions.active();
    for (const turnId of ['a', 'b']) await session.send(turnId, { turnId });
    await ready();
    const again = next(({ type }) => type === 'snapshot');
    view.accept({ type: 'turn-delete', turnId: 'a' });
    await again;
    assert.deepEqual(
      transcriptOf(posted).map(({ id }) => id),
      ['b'],
    );
    const told = next(({ type }) => type === 'notice');
    view.accept({ type: 'turn-delete', turnId: 'a' });
    const notice = await told;
    assert.equal(notice.type === 'notice' && notice.message, 'Sorry: not-found');
  });

  test('older turns come page by page, each once', async () => {
    const { sessions, ready, view, next } = openChatView(new ScriptedModel());
    const session = await sessions.active();
    for (let n = 0; n < 70; n += 1) await session.send(`p${n}`);
    const { state } = await ready();
    const seen = [...state.turns];
    for (let more = state.more; more;) {
      const page = next(({ type }) => type === 'page');
      view.accept({ type: 'page-load', before: seen[0]?.id });
      const message = await page;
      assert.ok(message.type === 'page');
      seen.unshift(...message.turns);
      more = message.more;
    }
    assert.deepEqual(
      seen.map(({ messages }) => messages[0]?.content),
      Array.from({ length: 70 }, (_, n) => `p${n}`),
    );
  });

  test('on the way to a turn far up, many older turns come at once', async () => {
    const { sessions, ready, view, next } = openChatView(new ScriptedModel());
    const session = await sessions.active();
    for (let n = 0; n < 100; n += 1) await session.send(`p${n}`);
    const { state } = await ready();
    const page = next(({ type }) => type === 'page');
    view.accept({ type: 'page-load', before: state.turns[0]?.id, long: true });
    const message = await page;
    assert.ok(message.type === 'page');
    assert.equal(message.turns.length, 100 - state.turns.length);
    assert.equal(message.more, false);
  });

  test('a turn to be shown is told once the view listens, however early it was asked for', async () => {
    const { sessions, ready, view, next, posted } = openChatView(new ScriptedModel());
    const { id } = await (await sessions.active()).send('here');
    const early = next(({ type }) => type === 'snapshot');
    view.reveal(id);
    await early;
    assert.ok(!posted.some(({ type }) => type === 'turn-reveal'));
    const told = next(({ type }) => type === 'turn-reveal');
    await ready();
    const message = await told;
    assert.equal(message.type === 'turn-reveal' && message.turnId, id);
  });

  test('a draft that was sent from elsewhere is told once, to a hidden view as soon as it listens again', async () => {
    const { sessions, ready, view, next, posted } = openChatView(new ScriptedModel());
    const prompt = { sessionId: (await sessions.active()).id, text: 'half a thought' };
    const told = (): number => posted.filter(({ type }) => type === 'draft-sent').length;
    await ready();
    view.draftSent(prompt, true);
    assert.equal(told(), 1);
    view.draftSent(prompt, false);
    const hidden = next(({ type }) => type === 'snapshot');
    view.refresh();
    await hidden;
    assert.equal(told(), 1);
    const again = next(({ type }) => type === 'draft-sent');
    await ready();
    const message = await again;
    assert.ok(message.type === 'draft-sent');
    assert.deepEqual([message.sessionId, message.text], [prompt.sessionId, prompt.text]);
    await ready();
    assert.equal(told(), 2);
  });

  test('the meter follows the draft, and is told again after each snapshot', async () => {
    const { view, sessions, ready, next, meter } = openChatView(new ScriptedModel());
    await ready();
    const isMeter = ({ type }: HostMessage): boolean => type === 'context-meter';
    const first = next(isMeter);
    meter.follow(await sessions.active());
    const empty = await first;
    const second = next(isMeter);
    view.accept({ type: 'context-measure', text: 'word '.repeat(500) });
    const drafted = await second;
    assert.ok(empty.type === 'context-meter' && drafted.type === 'context-meter');
    assert.ok(drafted.reading.tokens > empty.reading.tokens + 400);
    const told = next(isMeter);
    await ready();
    assert.deepEqual(await told, { ...drafted, n: 1 });
  });

  test('a turn is pinned and unpinned from the view, and its cost is told', async () => {
    const { view, sessions, ready, next, meter } = openChatView(new ScriptedModel());
    const session = await sessions.active();
    await session.send('a', { turnId: 'a' });
    meter.follow(session);
    await ready();
    for (const pinned of [true, false]) {
      const shown = next(
        (message) => message.type === 'snapshot' && (message.state.turns[0]?.pinned ?? false) === pinned,
      );
      view.accept({ type: 'turn-pin', turnId: 'a', pinned });
      await shown;
    }
    const marks = next(({ type }) => type === 'context-turns');
    await ready();
    const message = await marks;
    assert.ok(message.type === 'context-turns' && (message.turns[0]?.tokens ?? 0) > 0);
  });

  test('a summary is told while it is made and when it is done, and undone for good', async () => {
    const { view, sessions, posted, ready, next, meter } = openChatView(new ScriptedModel(), {
      maxTokens: 1200,
    });
    const session = await sessions.active();
    for (let n = 0; n < 9; n += 1) await session.send(`${n} ${'word '.repeat(80)}`, { turnId: `t${n}` });
    meter.follow(session);
    await ready();
    const done = next(
      (message) => message.type === 'compaction-change' && message.compaction.status === 'done',
    );
    view.accept({ type: 'compaction-run' });
    const message = await done;
    assert.ok(message.type === 'compaction-change' && message.compaction.status === 'done');
    assert.ok(posted.some((one) => one.type === 'compaction-change' && one.compaction.status === 'running'));
    const { summaryId } = message.compaction;
    const { state } = await ready();
    assert.deepEqual(state.compaction, message.compaction);
    assert.equal(state.turns.filter((turn) => turn.summarised).length, message.compaction.turns);
    const again = next(({ type }) => type === 'snapshot');
    view.accept({ type: 'summary-undo', summaryId });
    const undone = (await again) as Snapshot;
    assert.deepEqual(undone.state.compaction, { status: 'idle' });
    assert.ok(undone.state.turns.every((turn) => !turn.summarised));
  });

  test('that there is nothing to summarise is told to who asked for it', async () => {
    const { view, sessions, ready, next } = openChatView(new ScriptedModel());
    await (await sessions.active()).send('hi');
    await ready();
    const failed = next(
      (message) => message.type === 'compaction-change' && message.compaction.status === 'failed',
    );
    view.accept({ type: 'compaction-run' });
    const message = await failed;
    assert.ok(message.type === 'compaction-change' && message.compaction.status === 'failed');
    assert.match(message.compaction.message, /nothing-to-compact/);
  });
});
