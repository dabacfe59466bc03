import assert from 'node:assert/strict';
import type { MarkPage } from '../../src/core/memory/recallMarks';
import type { RecallReceipt, ReceiptEntry } from '../../src/core/memory/recallReceipt';
import { textAnswer } from '../support/modelAnswers';
import { ModelServer } from '../support/modelServer';
import { ask, askParticipant, run, withSettings } from './support/throughline';

const said = 'Our release day is Thursday, and the branch is cut the evening before.';
const question = 'When is our release day?';
const unrelated = 'Write a haiku about a quiet river.';

suite('what is recalled, muted and kept', () => {
  let server: ModelServer;
  let source: { readonly turnId: string; readonly sessionId: string };
  const recalling = <T>(action: () => Promise<T>): Promise<T> =>
    withSettings(
      {
        'memory.strategy': 'longTerm',
        'recall.deadlineMs': 5000,
        'model.provider': 'openai',
        'model.baseUrl': server.baseUrl,
        'model.name': 'scripted',
      },
      action,
    );

  suiteSetup(async () => (server = await ModelServer.start(() => textAnswer('Noted.'))));
  suiteTeardown(async () => {
    await run('clearMemory', { scope: 'workspace', confirm: true });
    await server.close();
  });
  setup(() =>
    recalling(async () => {
      await run('clearMemory', { scope: 'workspace', confirm: true });
      await run('newSession', { title: 'Planning' });
      source = await ask(said);
    }),
  );

  /** Asks in a session of its own. @returns what went over the wire, and the turn */
  async function asked(prompt: string): Promise<{ readonly wire: string; readonly turnId: string }> {
    await run('newSession', {});
    server.script(() => textAnswer('Noted.'));
    const { turnId } = await ask(prompt);
    return { wire: JSON.stringify(server.chats.at(-1)?.body), turnId };
  }

  async function entryOf(turnId: string): Promise<ReceiptEntry> {
    const { entries } = await run<RecallReceipt>('receipt', { turnId });
    const entry = entries.find(({ text }) => text?.includes('Thursday'));
    assert.ok(entry, JSON.stringify(entries));
    return entry;
  }

  test('a receipt tells what the request carried, and a deleted source is told as deleted', () =>
    recalling(async () => {
      const { wire, turnId } = await asked(question);
      assert.ok(wire.includes('Thursday'), wire);
      const { messageId: _id, passage: _passage, ...entry } = await entryOf(turnId);
      assert.deepEqual(
        [entry.turnId, entry.sessionId, entry.sessionTitle, entry.role, entry.included, entry.text],
        [source.turnId, source.sessionId, 'Planning', 'user', true, said],
      );
      assert.ok(entry.tokens > 0 && entry.reason !== '' && entry.words.includes('release'));
      await run('deleteTurn', { turnId: source.turnId, confirm: true });
      const after = await run<RecallReceipt>('receipt', { turnId });
      assert.ok(after.entries.some((one) => one.turnId === source.turnId && one.text === undefined));
      assert.ok(!JSON.stringify(after).includes('Thursday'));
    }));

  test('what is muted is on no wire any more, and is still found; taken back, it is recalled again', () =>
    recalling(async () => {
      const { messageId = '' } = await entryOf((await asked(question)).turnId);
      await run('markRecall', { messageId, mark: 'muted' });
      const muted = await asked(question);
      assert.ok(!muted.wire.includes('Thursday'), muted.wire);
      const found = await run<{ messageId: string }[]>('recall', { query: question });
      assert.ok(found.some((hit) => hit.messageId === messageId));
      const listed = await run<MarkPage>('recallMarks', {});
      assert.deepEqual(listed.marks.map(({ mark, text }) => [mark, text]), [['muted', said]]); // prettier-ignore
      await run('markRecall', { messageId, mark: null });
      assert.ok((await asked(question)).wire.includes('Thursday'));
      assert.deepEqual(await run('recallMarks', {}), { marks: [], more: false });
    }));

  test('what is kept is on the wire for a prompt that has nothing to do with it, until that is taken back', () =>
    recalling(async () => {
      const { messageId = '' } = await entryOf((await asked(question)).turnId);
      assert.ok(!(await asked(unrelated)).wire.includes('Thursday'));
      await run('markRecall', { messageId, mark: 'kept' });
      const kept = await asked(unrelated);
      assert.ok(kept.wire.includes('Thursday'), kept.wire);
      const entry = await entryOf(kept.turnId);
      assert.deepEqual([entry.mark, entry.reason], ['kept', 'Always kept']);
      await run('markRecall', { messageId, mark: null });
      assert.ok(!(await asked(unrelated)).wire.includes('Thursday'));
    }));

  test('a source is shown in its session', () =>
    recalling(async () => {
      await asked(question);
      assert.deepEqual(await run('showTurn', { turnId: source.turnId }), {
        sessionId: source.sessionId,
        turnId: source.turnId,
      });
      const sessions = await run<{ id: string; active: boolean }[]>('sessions', {});
      assert.equal(sessions.find(({ active }) => active)?.id, source.sessionId);
    }));

  test('the participant answers with what is recalled', () =>
    recalling(async () => {
      await run('newSession', {});
      server.script(() => textAnswer('Noted.'));
      const { metadata = {} } = await askParticipant(question);
      assert.equal(metadata['status'], 'complete');
      await entryOf(String(metadata['turnId']));
    }));

  test('a script’s mistakes are refused with a reason', async () => {
    for (const [name, argument] of [
      ['receipt', { turnId: 'nobody' }],
      ['showTurn', { turnId: 'nobody' }],
      ['markRecall', { messageId: 'nobody.1', mark: 'forever' }],
      ['markRecall', { mark: 'muted' }],
      ['recallMarks', { limit: 0 }],
    ] as const) {
      await assert.rejects(run(name, argument), (error: object) => 'reason' in error && error.reason === 'invalid-argument'); // prettier-ignore
    }
    await assert.rejects(run('markRecall', { factId: 'nobody', mark: 'muted' }), (error: object) => 'reason' in error && error.reason === 'not-found'); // prettier-ignore
    await run('markRecall', { factId: 'nobody', mark: null });
  });
});
