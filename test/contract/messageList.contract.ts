import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory, MessageListOptions } from '../../src/core/memory/longTermMemory';
import type { Message } from '../../src/core/message';
import { assistant, leaseMs, owner, start, tellSession, user, type Told } from './logFixture';
import type { MemoryFixture } from './longTermMemory.contract';

const reads = (path: string): readonly Message[] => [
  user('Look into it.'),
  {
    role: 'assistant',
    content: '',
    tool_calls: [
      { id: 'c', type: 'function', function: { name: 'readFile', arguments: JSON.stringify({ path }) } },
    ],
  },
  { role: 'tool', content: 'export const a = 1;', tool_call_id: 'c', name: 'readFile' },
  assistant('It holds a number.'),
];

/** What `listMessages` promises: all that fits, without a word to look for. */
export function messageListContract(name: string, create: () => Promise<MemoryFixture>): void {
  suite(`A list of messages: ${name}`, () => {
    let fixture: MemoryFixture;
    let log: HistoryLog;
    let memory: LongTermMemory;

    setup(async () => {
      fixture = await create();
      ({ log, memory } = fixture);
    });
    teardown(() => fixture.dispose());

    const tell = (id: string, turns: readonly Told[]): Promise<void> => tellSession(log, id, turns);

    async function listed(options: Partial<MessageListOptions> = {}): Promise<readonly string[]> {
      const { messages } = await memory.listMessages({ limit: 100, ...options });
      return messages.map(({ messageId }) => messageId);
    }

    /** Stored after the newer one, as an import may be. */
    async function tellTwoSessions(): Promise<void> {
      await tell('new', [
        { at: '2026-02-27T09:00:00.000Z', messages: [user('Hello.'), assistant('Hello to you.')] },
        { at: '2026-03-02T09:00:00.000Z', messages: reads('src/core/a.ts') },
      ]);
      await tell('old', [
        { at: '2024-12-31T23:00:00.000Z', messages: [user('Goodbye.'), assistant('So long.')] },
        { at: '2026-03-01T09:00:00.000Z', messages: [user('Again.'), assistant('Read src/core/a.ts then.')] },
      ]);
    }

    test('all messages are listed, the newest first, whenever they were stored', async () => {
      await tellTwoSessions();
      assert.deepEqual(await listed(), [
        'new.1.3', 'new.1.2', 'new.1.1', 'new.1.0', 'old.1.1', 'old.1.0', 'new.0.1', 'new.0.0', 'old.0.1', 'old.0.0',
      ]); // prettier-ignore
    });

    test('a listed message is whole, with its place', async () => {
      await tellTwoSessions();
      const { messages } = await memory.listMessages({ limit: 1 });
      assert.deepEqual(messages, [
        {
          messageId: 'new.1.3',
          turnId: 'new.1',
          sessionId: 'new',
          role: 'assistant',
          text: 'It holds a number.',
          createdAt: '2026-03-02T09:00:00.000Z',
          score: 0,
          relevance: 0,
          passage: { start: 0, end: 18 },
          highlights: [],
        },
      ]);
    });

    for (const [what, options, expected] of [
      ['a role', { role: 'user' }, ['new.1.0', 'old.1.0', 'new.0.0', 'old.0.0']],
      ['a session', { sessionId: 'old' }, ['old.1.1', 'old.1.0', 'old.0.1', 'old.0.0']],
      ['a session that there is not', { sessionId: 'none' }, []],
      ['tools', { hasToolCall: true }, ['new.1.2', 'new.1.1']],
      ['no tools, of one role', { hasToolCall: false, role: 'assistant' }, ['new.1.3', 'old.1.1', 'new.0.1', 'old.0.1']],
      ['a path', { path: 'core/a.ts' }, ['new.1.1', 'old.1.1']],
      ['a path that ends otherwise', { path: 'core/a.tsx' }, []],
      ['what was said later', { after: '2026-03-01T09:00:00.000Z', role: 'user' }, ['new.1.0', 'old.1.0']],
      ['what was said before', { before: '2026-03-01T09:00:00.000Z', role: 'user' }, ['new.0.0', 'old.0.0']],
      ['a time', { after: '2024-12-31T00:00:00.000Z', before: '2025-01-01T00:00:00.000Z' }, ['old.0.1', 'old.0.0']],
      ['no time at all', { after: '2026-01-01T00:00:00.000Z', before: '2025-01-01T00:00:00.000Z' }, []],
      ['a role and a session', { role: 'assistant', sessionId: 'new' }, ['new.1.3', 'new.1.1', 'new.0.1']],
      ['every workspace', { everywhere: true, role: 'tool', sessionId: 'new' }, ['new.1.2']],
    ] as const) {
      test(`a list narrowed to ${what} has what fits, and nothing else`, async () => {
        await tellTwoSessions();
        assert.deepEqual(await listed(options), expected);
      });
    } // prettier-ignore

    test('where a path is asked for, it is marked where it is named', async () => {
      await tellTwoSessions();
      const { messages } = await memory.listMessages({
        limit: 5,
        path: 'SRC\\core\\a.ts',
        role: 'assistant',
      });
      assert.deepEqual(
        messages.map(({ highlights }) => highlights),
        [[], [{ start: 5, end: 18 }]],
      );
    });

    test('a page tells whether there is more', async () => {
      await tellTwoSessions();
      const { messages, more } = await memory.listMessages({ limit: 3, role: 'user' });
      assert.deepEqual([messages.length, more], [3, true]);
      assert.deepEqual(await memory.listMessages({ limit: 0 }), { messages: [], more: false });
      const all = await memory.listMessages({ limit: 4, role: 'user' });
      assert.deepEqual([all.messages.length, all.more, all.lookedBackTo], [4, false, undefined]);
    });

    test('what runs is not listed before it has ended, and what was deleted no more', async () => {
      await tellTwoSessions();
      await log.begin(start('running', 'new'), { expectedLength: 2, owner, leaseMs });
      assert.equal((await listed()).length, 10);
      await log.finish('running', owner, { status: 'complete', messages: [user('Run.'), assistant('Ran.')] });
      assert.equal((await listed()).length, 12);
      await log.deleteSession('new');
      assert.deepEqual(await listed({ role: 'user' }), ['old.1.0', 'old.0.0']);
    });

    test('an empty history lists nothing', async () => {
      assert.deepEqual(await memory.listMessages({ limit: 5 }), { messages: [], more: false });
      const everywhere = { limit: 5, after: '2026-01-01T00:00:00.000Z' };
      assert.deepEqual(await memory.listMessages(everywhere), { messages: [], more: false });
    });

    test('more than can be read at once are in order all the same, page by page and month by month', async () => {
      const day = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index * 3_600_000 * 7).toISOString();
      const turns = Array.from({ length: 1_300 }, (_, index) => ({ at: day(index), messages: [user(`${index}`)] }));
      const [late, early] = [turns.slice(650), turns.slice(0, 650)];
      await tell('late', late);
      await tell('early', early);
      const { messages, more } = await memory.listMessages({ limit: 1_200 });
      assert.deepEqual(
        messages.map(({ text }) => Number(text)),
        Array.from({ length: 1_200 }, (_, index) => 1_299 - index),
      );
      assert.ok(more);
      assert.equal((await listed({ limit: 2_000, before: '2025-02-01T00:00:00.000Z' })).length, 107);
    }); // prettier-ignore
  });
}
