import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory } from '../../src/core/memory/longTermMemory';
import type { MarkTarget, RecallMarks } from '../../src/core/memory/recallMarks';
import {
  append,
  assistant,
  complete,
  createdAt,
  leaseMs,
  openSession,
  owner,
  rejectsWith,
  session,
  start,
  turn,
  user,
} from './logFixture';

export interface MarksFixture {
  readonly log: HistoryLog;
  readonly memory: LongTermMemory;
  readonly marks: RecallMarks;
  dispose(): Promise<void>;
}

const answer = (turnId: string): MarkTarget => ({ messageId: `${turnId}.1`, turnId });
const fact = { factId: 'f1' };

/** The promises of the RecallMarks port, to be held by every adapter. */
export function recallMarksContract(name: string, create: () => Promise<MarksFixture>): void {
  suite(`RecallMarks: ${name}`, () => {
    let fixture: MarksFixture;
    let log: HistoryLog;
    let marks: RecallMarks;

    setup(async () => {
      fixture = await create();
      ({ log, marks } = fixture);
      await openSession(log, 's1');
      await openSession(log, 's2');
      for (const id of ['t1', 't2', 't3']) await append(log, id);
      await append(log, 'other', 's2');
      await fixture.memory.remember({ id: 'f1', text: 'Ada likes tea', createdAt });
    });
    teardown(() => fixture.dispose());

    async function listed(): Promise<readonly string[]> {
      const { marks: all } = await marks.list({ limit: 99 });
      return all.map((one) => `${one.mark} ${'factId' in one ? one.factId : one.messageId}`);
    }

    test('are set, replaced and taken back, and setting one twice changes nothing', async () => {
      await marks.mark(answer('t1'), 'muted');
      await marks.mark(answer('t2'), 'kept');
      await marks.mark(fact, 'kept');
      await marks.mark(answer('t1'), 'muted');
      assert.deepEqual(await listed(), ['kept f1', 'kept t2.1', 'muted t1.1']);
      await marks.mark(answer('t1'), 'kept');
      assert.deepEqual(await listed(), ['kept t1.1', 'kept f1', 'kept t2.1'], 'the last one comes first');
      for (let n = 0; n < 2; n += 1) await marks.mark(answer('t1'), undefined);
      await marks.mark(fact, undefined);
      assert.deepEqual(await listed(), ['kept t2.1']);
      assert.deepEqual(await marks.marksOf([fact, answer('t2'), answer('t1'), answer('t2')]), [
        undefined,
        'kept',
        undefined,
        'kept',
      ]);
      assert.deepEqual(await marks.marksOf([]), []);
    });

    test('are of messages and facts that there are', async () => {
      await rejectsWith(marks.mark(answer('nobody'), 'muted'), 'not-found');
      await rejectsWith(marks.mark({ messageId: 't1.7', turnId: 't1' }, 'kept'), 'not-found');
      await rejectsWith(marks.mark({ messageId: 'who knows' }, 'kept'), 'not-found');
      await rejectsWith(marks.mark({ factId: 'f9' }, 'muted'), 'not-found');
      await marks.mark(answer('nobody'), undefined);
      await marks.mark({ messageId: 'who knows' }, undefined);
      await log.begin(start('t4'), { expectedLength: 3, owner, leaseMs });
      await rejectsWith(marks.mark({ messageId: 't4.0', turnId: 't4' }, 'muted'), 'busy');
      assert.deepEqual(await listed(), []);
    });

    test('find a message by its id alone, one that was imported with an id of its own too', async () => {
      const messages = [user('Where?'), { ...assistant('In Zürich.'), id: 'my "own" id' }];
      const imported = session('s3', [turn('t9', { messages })]);
      await log.load({ sessions: [imported], facts: [] }, 'update');
      await marks.mark({ messageId: 't2.0' }, 'muted');
      await marks.mark({ messageId: 'my "own" id' }, 'kept');
      assert.deepEqual(await marks.marksOf([{ messageId: 't2.0', turnId: 't2' }]), ['muted']);
      assert.deepEqual(await marks.marksOf([{ messageId: 'my "own" id', turnId: 't9' }]), ['kept']);
      await marks.mark({ messageId: 'my "own" id' }, undefined);
      assert.deepEqual(await listed(), ['muted t2.0']);
    });

    test('give what is kept, as it is sent: newest mark first, no more than asked for, nothing muted', async () => {
      await marks.mark(answer('t1'), 'kept');
      await marks.mark(fact, 'kept');
      await marks.mark(answer('t2'), 'muted');
      await marks.mark({ messageId: 't3.0', turnId: 't3' }, 'kept', { start: 7, end: 9 });
      const t1 = {
        messageId: 't1.1',
        turnId: 't1',
        sessionId: 's1',
        role: 'assistant',
        createdAt,
        passage: { start: 0, end: 'answer t1'.length },
        text: 'answer t1',
      };
      const t3 = {
        ...t1,
        messageId: 't3.0',
        turnId: 't3',
        role: 'user',
        passage: { start: 7, end: 9 },
        text: 't3',
      };
      const tea = { factId: 'f1', text: 'Ada likes tea', createdAt };
      assert.deepEqual(await marks.kept(9), [t3, tea, t1]);
      assert.deepEqual(await marks.kept(2), [t3, tea]);
      assert.deepEqual(await marks.kept(0), []);
    });

    test('keep no more of a message than it has', async () => {
      const wholes: (string | undefined)[] = [];
      for (const passage of [
        { start: -5, end: 3 },
        { start: 8, end: 900 },
        { start: 5, end: 5 },
        { start: 70, end: 90 },
      ]) {
        await marks.mark(answer('t1'), 'kept', passage);
        wholes.push((await marks.kept(1))[0]?.text);
      }
      assert.deepEqual(wholes, ['ans', '1', 'answer t1', 'answer t1']);
    });

    test('are listed in pages', async () => {
      for (let n = 0; n < 130; n += 1) await append(log, `n${n}`, 's2');
      const expected: string[] = [];
      for (let n = 0; n < 130; n += 1) {
        const mark = n % 3 === 0 ? 'kept' : 'muted';
        await marks.mark(answer(`n${n}`), mark);
        expected.unshift(`${mark} n${n}.1`);
      }
      const found: string[] = [];
      for (let before: number | undefined, more = true; more;) {
        const page = await marks.list({ limit: 50, ...(before !== undefined && { before }) });
        assert.ok(page.marks.length <= 50);
        found.push(...page.marks.map((one) => `${one.mark} ${'messageId' in one ? one.messageId : ''}`));
        ({ more } = page);
        before = page.marks.at(-1)?.cursor;
      }
      assert.deepEqual(found, expected);
      assert.equal((await marks.kept(99)).length, 44);
    });

    test('go with their turn, session and fact, and with everything', async () => {
      const [t1, t2, other] = [answer('t1'), answer('t2'), answer('other')];
      for (const target of [t1, t2, other, fact]) await marks.mark(target, 'muted');
      await log.deleteTurn('t1');
      assert.deepEqual(await marks.marksOf([t1, t2, other, fact]), [undefined, 'muted', 'muted', 'muted']);
      await log.deleteSession('s2');
      await fixture.memory.forget('f1');
      assert.deepEqual(await marks.marksOf([t1, t2, other, fact]), [
        undefined,
        'muted',
        undefined,
        undefined,
      ]);
      assert.deepEqual(await listed(), ['muted t2.1']);
      await log.clear();
      assert.deepEqual([await listed(), await marks.marksOf([t2])], [[], [undefined]]);
    });

    test('of a fact that is set apart are on both of its parts', async () => {
      const { memory } = fixture;
      await memory.editFact('f1', { text: 'Ada likes coffee', createdAt });
      await marks.mark(fact, 'muted');
      await marks.mark(answer('t1'), 'kept');
      await memory.separateFact('f1', { present: 'now', earlier: 'then' });
      assert.deepEqual(await listed(), ['muted now', 'kept t1.1', 'muted then']);
      assert.deepEqual(await marks.marksOf([fact, { factId: 'now' }]), [undefined, 'muted']);
    });

    test('stay where an import leaves what the message says, and go where it makes another of it', async () => {
      for (const id of ['t1', 't2', 't3']) await marks.mark(answer(id), 'kept');
      const load = (turns: readonly ReturnType<typeof turn>[], mode: 'update' | 'skip' | 'copy') =>
        log.load({ sessions: [session('s1', turns)], facts: [] }, mode);
      await load([turn('t1', { model: 'another' })], 'update');
      await load([turn('t1', { messages: [user('else')] })], 'skip');
      await load([turn('t1', { messages: [user('else')] })], 'copy');
      const longer = [user('prompt t3'), assistant('answer t3'), user('More?')];
      await load([turn('t3', { messages: longer })], 'update');
      assert.deepEqual(await listed(), ['kept t3.1', 'kept t2.1', 'kept t1.1']);
      await load([turn('t1', { messages: [user('prompt t1'), assistant('other')] })], 'update');
      await load([turn('t2', { messages: [user('prompt t2')] })], 'update');
      assert.deepEqual(await listed(), ['kept t3.1']);
      assert.deepEqual(await marks.marksOf([answer('t1'), answer('t2')]), [undefined, undefined]);
    });

    test('are told to those who listen to the log, as this side’s change of no session', async () => {
      const told: unknown[] = [];
      log.onChange((change) => told.push(change));
      await marks.mark(answer('t1'), 'muted');
      await marks.mark(answer('t1'), undefined);
      assert.deepEqual(told, [{ own: true }, { own: true }]);
    });

    test('change nothing that is searched or exported', async () => {
      const before = [await log.dump(), await fixture.memory.recall('answer', { limit: 9 })];
      await marks.mark(answer('t1'), 'muted');
      await marks.mark(answer('t2'), 'kept');
      assert.deepEqual([await log.dump(), await fixture.memory.recall('answer', { limit: 9 })], before);
    });

    test('of any id are told apart', async () => {
      const messages = [{ ...user('odd'), id: '%_"\0 \u00e9.1' }, assistant('x')];
      await log.load({ sessions: [session('s4', [turn('t.1', { messages })])], facts: [] }, 'update');
      await marks.mark({ messageId: '%_"\0 \u00e9.1', turnId: 't.1' }, 'muted');
      await marks.mark({ messageId: 't.1.1' }, 'kept');
      assert.deepEqual(await listed(), ['kept t.1.1', 'muted %_"\0 \u00e9.1']);
      assert.equal((await marks.kept(1))[0]?.text, 'x');
      assert.deepEqual(await marks.marksOf([{ messageId: '%_"\0 \u00e9.1' }]), ['muted']);
    });

    test('outlast a turn that its owner finishes again', async () => {
      await marks.mark(answer('t1'), 'kept');
      await log.finish('t1', owner, complete('t1'));
      assert.deepEqual(await listed(), ['kept t1.1']);
    });
  });
}
