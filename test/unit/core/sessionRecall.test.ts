import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../src/adapters/storage/memoryLongTermMemory';
import type { ModelRequest } from '../../../src/core/chatModel';
import { HistoryError } from '../../../src/core/errors';
import { Recaller, type RecallSettings } from '../../../src/core/memory/recaller';
import { noRecallMarks } from '../../../src/core/memory/recallMarks';
import { slidingWindow } from '../../../src/core/memory/slidingWindow';
import { memoryTools } from '../../../src/core/tools/memoryTools';
import { calls, says, ScriptedModel } from '../../support/scriptedModel';
import { countingIds, echoTool, setUpSessions } from '../../support/sessionSetup';

const recall: RecallSettings = { limit: 5, maxTokens: 500, deadlineMs: 10_000 };
const told = 'The staging server of Falcon listens on port 8443.';
const question = 'Which port does the staging server of Falcon use?';

/** A session in which it was told, and the one after it. */
async function open(model: ScriptedModel, settings: { readonly recall?: RecallSettings } = { recall }) {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const failed = (error: unknown): void => assert.fail(String(error));
  const recaller = new Recaller({
    memory,
    log,
    marks: noRecallMarks,
    clock: () => new Date(),
    timeZone: 'UTC',
    failed,
  });
  const newId = countingIds('fact');
  const tools = [...memoryTools({ memory, clock: () => new Date(), newId, timeZone: 'UTC' }), echoTool];
  const setup = setUpSessions(model, { log, recaller, settings, tools });
  const before = await setup.sessions.active();
  const { id } = await before.send(told);
  const session = await setup.sessions.create();
  return { ...setup, memory, before, toldId: id, session };
}

function promptIn({ messages }: ModelRequest): string {
  return messages.findLast(({ role }) => role === 'user')?.content ?? '';
}

suite('A session that recalls', () => {
  test('sends what was said in another session, and keeps and repeats the prompt as it was typed', async () => {
    const model = new ScriptedModel(says('Noted.'), says('8443.'), says('Welcome.'));
    const { session, log, toldId } = await open(model);
    const turn = await session.send(question);
    const [, first, second] = [
      ...model.requests,
      await session.send('thanks!').then(() => model.requests.at(-1)),
    ];
    assert.ok(first && promptIn(first).includes(told) && promptIn(first).endsWith(`\n\n${question}`));
    assert.equal(turn.recalled, 1);
    const stored = await log.turn(turn.id);
    assert.equal(stored?.messages[0]?.content, question);
    assert.equal(stored.recalled, 1);
    assert.ok(second && promptIn(second) === 'thanks!');
    assert.equal(second.messages.find(({ role }) => role === 'user')?.content, question);
    assert.ok(!JSON.stringify(second).includes('<recalled>'));
    const sent = (await log.sentContext(turn.id))?.items.filter(({ source }) => source === 'recalled');
    assert.equal(sent?.length, 1);
    assert.ok(sent[0]?.recalled && 'turnId' in sent[0].recalled && sent[0].recalled.turnId === toldId);
    assert.ok(!JSON.stringify(sent).includes('8443'));
  });

  test('what a request recalled is not remembered as a fact in that turn, unless the user says it', async () => {
    const remember = calls(['remember', JSON.stringify({ text: told })]);
    const model = new ScriptedModel(says('Noted.'), remember, says('8443.'), remember, says('Done.'));
    const { session, memory } = await open(model);
    const { messages } = await session.send(question);
    assert.match(
      messages.find(({ role }) => role === 'tool')?.content ?? '',
      /^Error: .*recalled in this turn/,
    );
    assert.deepEqual((await memory.facts({ limit: 5 })).facts, []);
    await session.send(`Remember: ${told}`);
    assert.deepEqual((await memory.facts({ limit: 5 })).facts.map(({ text }) => text), [told]); // prettier-ignore
  });

  test('without the setting sends nothing of it', async () => {
    const model = new ScriptedModel(says('Noted.'), says('I do not know.'));
    const { session } = await open(model, {});
    await session.send(question);
    assert.ok(!JSON.stringify(model.requests.at(-1)).includes(told));
  });

  test('recalls once for a turn: every step of its tool loop carries the same bytes', async () => {
    const steps = [calls(['echo', '{"text":"port Falcon"}']), calls(['echo', '{"text":"y"}']), says('8443.')];
    const model = new ScriptedModel(says('Noted.'), ...steps);
    const { session } = await open(model);
    await session.send(question);
    const prompts = model.requests.slice(1).map(promptIn);
    assert.equal(prompts.length, 3);
    assert.ok(prompts[0]?.includes(told));
    assert.equal(new Set(prompts).size, 1);
  });

  test('recalls a turn of this very session that the window has left behind, and none that it carries', async () => {
    const model = new ScriptedModel();
    const { session } = await open(model, {
      recall,
      ...{ policy: slidingWindow({ turns: 1, messages: 0 }) },
    });
    await session.send('My cat is called Minka.');
    await session.send('What is the name of my cat Minka?');
    assert.ok(!promptIn(model.requests.at(-1) as ModelRequest).includes('<recalled>'));
    await session.send('Bread is baked at 220 degrees.');
    await session.send('Tell me about the cat Minka.');
    assert.match(promptIn(model.requests.at(-1) as ModelRequest), /- user: My cat is called Minka\./);
  });

  test('an inspected context recalls likewise, and is sent to the byte', async () => {
    const model = new ScriptedModel(says('Noted.'), calls(['echo', '{"text":"x"}']), says('8443.'));
    const { session } = await open(model);
    const { contextId, request } = await session.requests.inspect(question);
    assert.ok(promptIn(request).includes(told));
    await session.send(question, { contextId });
    assert.equal(JSON.stringify(model.requests[1]), JSON.stringify(request));
    assert.equal(promptIn(model.requests[2] as ModelRequest), promptIn(request));
  });

  test('an inspected context that recalls what was deleted since is stale', async () => {
    const model = new ScriptedModel(says('Noted.'), says('8443.'));
    const { session, log, toldId } = await open(model);
    const { contextId } = await session.requests.inspect(question);
    await log.deleteTurn(toldId);
    await assert.rejects(
      session.send(question, { contextId }),
      (error) => error instanceof HistoryError && error.reason === 'stale',
    );
    assert.equal(model.requests.length, 1);
  });

  test('a turn that is stopped while it recalls ends stopped, and asks no model', async () => {
    const model = new ScriptedModel(says('Noted.'));
    const history = new MemoryHistory();
    const log = new MemoryHistoryLog({ history });
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const memory = new MemoryLongTermMemory(history);
    memory.recall = () => {
      asked();
      return new Promise(() => undefined);
    };
    const failed = (error: unknown): void => assert.fail(String(error));
    const options = { memory, log, marks: noRecallMarks, clock: () => new Date(), timeZone: 'UTC', failed };
    const { sessions } = setUpSessions(model, { log, recaller: new Recaller(options), settings: { recall } });
    const session = await sessions.active();
    const sending = session.send(question);
    await isAsked;
    await session.stop();
    assert.equal((await sending).status, 'stopped');
    assert.equal(model.requests.length, 0);
  });
});
