import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { ToolError } from '../../../../src/core/errors';
import type { Message } from '../../../../src/core/message';
import { readRecallResult, type RecallResult } from '../../../../src/core/memory/recallResult';
import { memoryTools } from '../../../../src/core/tools/memoryTools';
import type { ToolContext } from '../../../../src/core/tools/tool';
import { countingIds } from '../../../support/sessionSetup';

const context: ToolContext = { sessionId: 's1', turnId: 'now', signal: new AbortController().signal };

function setUp() {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const clock = (): Date => new Date('2026-05-12T12:03:00Z');
  const tools = memoryTools({ memory, clock, newId: countingIds('fact'), timeZone: 'Europe/Berlin' });
  const run = (name: string, args: unknown, called = context): Promise<string> => {
    const tool = tools.find(({ definition }) => definition.name === name);
    assert.ok(tool);
    return tool.run(args, called);
  };
  const recall = async (args: unknown): Promise<RecallResult> => {
    const result = readRecallResult(await run('recall', args));
    assert.ok(result);
    return result;
  };
  const say = async (turnId: string, ...messages: Message[]): Promise<void> => {
    const session = { id: 's1', title: 'One', createdAt: '2026-05-01T08:00:00.000Z' };
    const dated = messages.map((message) => ({ createdAt: '2026-05-01T08:00:00.000Z', ...message }));
    const turn = { id: turnId, createdAt: session.createdAt, status: 'complete' as const, messages: dated };
    await log.load(
      { sessions: [{ ...session, updatedAt: session.createdAt, turns: [turn] }], facts: [] },
      'update',
    );
  };
  return { memory, run, recall, say };
}

suite('memory tools', () => {
  test('what is remembered is recalled, with its id and its date in the user’s time zone', async () => {
    const { run, recall, memory } = setUp();
    assert.equal(
      await run('remember', { text: ' The release is on Friday. ' }),
      'Remembered: The release is on Friday.',
    );
    assert.deepEqual((await recall({ query: 'release' })).facts, [
      { id: 'fact-1', date: '12 May 2026, 14:03', text: 'The release is on Friday.' },
    ]);
    const [fact] = (await memory.facts({ limit: 1 })).facts;
    assert.deepEqual(fact?.source, { sessionId: 's1', turnId: 'now' });
  });

  test('the same fact is kept once, and the second time says so', async () => {
    const { run, memory } = setUp();
    await run('remember', { text: 'The release is on Friday.' });
    assert.match(
      await run('remember', { text: 'the  release is on friday' }),
      /^Already remembered, on 12 May 2026, 14:03: The/,
    );
    await run('remember', { text: 'The review is on Monday.' });
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 2);
  });

  test('a fact that contradicts another takes its place, and the answer says so', async () => {
    const { run, memory } = setUp();
    await run('remember', { text: 'The release is on Friday.' });
    assert.equal(
      await run('remember', { text: 'The release is on Monday.' }),
      'Remembered: The release is on Monday. (in place of: The release is on Friday., kept as history)',
    );
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 1);
  });

  test('the model sees facts about the like, and can have one replaced', async () => {
    const { run, memory } = setUp();
    await run('remember', { text: 'The user lives in Oslo' });
    assert.match(
      await run('remember', { text: 'The user lives in Bergen with two cats' }),
      /^Remembered: .+\nFacts about the like; .+ replaces:\n- fact-1: The user lives in Oslo$/,
    );
    const again = { text: 'The user lives in Bergen with two cats', replaces: 'fact-1' };
    assert.match(await run('remember', again), /\(in place of: The user lives in Oslo, kept as history\)$/);
    assert.deepEqual((await memory.facts({ limit: 10 })).facts.map(({ id }) => id), ['fact-1']); // prettier-ignore
    await assert.rejects(run('remember', { text: 'Other words', replaces: 'none' }), {
      reason: 'tool-failed',
      message: 'There is no remembered fact with the id "none".',
    });
  });

  test('what recall gave is never remembered', async () => {
    const { run, recall, memory } = setUp();
    await run('remember', { text: 'The release is on Friday.' });
    const text = JSON.stringify(await recall({ query: 'release' }));
    await assert.rejects(run('remember', { text }), { reason: 'bad-arguments' });
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 1);
  });

  test('what was recalled in this turn is not remembered, unless the user says it', async () => {
    const { run, memory } = setUp();
    const quoted = 'My dog Rex chased the postman across the yard';
    const messages = [{ date: '', session: 's', turn: 't', role: 'user', quote: quoted }];
    const result = JSON.stringify({ facts: [], messages });
    const turn = (prompt: string): ToolContext => ({
      ...context,
      turn: () => [
        { role: 'user', content: prompt },
        { role: 'tool', name: 'recall', tool_call_id: 'c', content: result },
      ],
    });
    const text = 'The user’s dog Rex chased the postman.';
    const refused = { reason: 'bad-arguments', message: /recalled in this turn/ };
    await assert.rejects(run('remember', { text }, turn('What does my dog do?')), refused);
    await assert.rejects(run('remember', { text }, { ...context, given: () => [quoted] }), refused);
    assert.deepEqual((await memory.facts({ limit: 10 })).facts, []);
    await run('remember', { text }, turn('Remember that my dog Rex chased the postman'));
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 1);
  });

  test('facts are listed with their sources by pages, and one with what it said before', async () => {
    const { run } = setUp();
    await run('remember', { text: 'The release is on Friday' });
    await run('remember', { text: 'The release is on Monday' });
    await run('remember', { text: 'Ada drinks tea' });
    const place = { session: 's1', turn: 'now', sourceDeleted: true };
    const date = '12 May 2026, 14:03';
    const tea = { id: 'fact-2', date, text: 'Ada drinks tea', ...place };
    const monday = { id: 'fact-1', date, text: 'The release is on Monday', ...place };
    const list = async (args: object): Promise<unknown> => JSON.parse(await run('list_facts', args));
    assert.deepEqual(await list({}), { facts: [tea, monday], more: false });
    assert.deepEqual(await list({ limit: 1 }), { facts: [tea], more: true });
    assert.deepEqual(await list({ limit: 1, before: 'fact-2' }), { facts: [monday], more: false });
    const history = [{ date, text: 'The release is on Friday', session: 's1', turn: 'now' }];
    assert.deepEqual(await list({ id: 'fact-1' }), { facts: [{ ...monday, history }], more: false });
    for (const args of [{ id: 'none' }, { before: 'none' }]) {
      await assert.rejects(run('list_facts', args), { reason: 'tool-failed' });
    }
  });

  test('earlier messages are quoted with their turn; the asking turn, echoes and empty messages are not', async () => {
    const { recall, say } = setUp();
    await say('t1', { role: 'user', content: 'The budget is 300 euros.' });
    const echo = JSON.stringify({
      facts: [],
      messages: [{ date: '', session: 's', turn: 't', role: 'user', quote: 'budget' }],
    });
    const call = {
      id: 'c',
      type: 'function' as const,
      function: { name: 'recall', arguments: '{"query":"budget"}' },
    };
    await say(
      't2',
      { role: 'user', content: 'What about the budget?' },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: echo, tool_call_id: 'c' },
    );
    await say('now', { role: 'user', content: 'Which budget do I have?' });
    const { messages } = await recall({ query: 'budget' });
    assert.deepEqual(messages.map(({ turn, role, quote }) => [turn, role, quote]).toSorted(), [
      ['t1', 'user', 'The budget is 300 euros.'],
      ['t2', 'user', 'What about the budget?'],
    ]);
    assert.equal(messages[0]?.date, '1 May 2026, 10:00');
  });

  test('of a long message the passage that answers is quoted, not the first that holds a word of the query', async () => {
    const { recall, say } = setUp();
    const padding = 'Nothing of this is about anything at all. '.repeat(40);
    const text = `The budget comes later. ${padding}The budget of the garden is 300 euros. ${padding}`;
    await say('t1', { role: 'user', content: text });
    const [found] = (await recall({ query: 'budget for the garden' })).messages;
    assert.match(found?.quote ?? '', /^… .*garden is 300 euros.* …$/);
  });

  test('a long message is quoted around the words that were looked for', async () => {
    const { recall, say } = setUp();
    await say('t1', {
      role: 'user',
      content: `${'padding '.repeat(200)}the budget is 300 ${'padding '.repeat(200)}`,
    });
    const [found] = (await recall({ query: 'budget' })).messages;
    assert.ok(found && found.quote.length < 420);
    assert.match(found.quote, /^… .*the budget is 300.* …$/);
  });

  test('without words, recall tells the newest facts', async () => {
    const { run, recall } = setUp();
    await run('remember', { text: 'One' });
    await run('remember', { text: 'Two' });
    assert.deepEqual(
      (await recall({ limit: 1 })).facts.map(({ text }) => text),
      ['Two'],
    );
    assert.deepEqual((await recall({ query: ' ' })).facts.length, 2);
  });

  test('a forgotten fact is gone; forgetting what is not there is an error', async () => {
    const { run, recall } = setUp();
    await run('remember', { text: 'The release is on Friday.' });
    assert.equal(await run('forget', { id: 'fact-1' }), 'Forgotten: fact-1');
    assert.deepEqual((await recall({ query: 'release' })).facts, []);
    await assert.rejects(run('forget', { id: 'fact-1' }), (error) => error instanceof ToolError);
  });

  test('arguments that do not fit are refused with words that help', async () => {
    const { run } = setUp();
    await assert.rejects(run('remember', {}), /text/);
    await assert.rejects(run('remember', { text: '  ' }), /Too small|least 1/);
    await assert.rejects(run('recall', { query: 'x', limit: 1000 }), /20/);
    await assert.rejects(run('recall', { query: 5 }), /expected string, received number/);
  });
});
