import assert from 'node:assert/strict';
import { BuiltInChatModel } from '../../../../src/adapters/models/builtInChatModel';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import type { ChatModel } from '../../../../src/core/chatModel';
import type { LiveTurn } from '../../../../src/core/liveTurn';
import { answerText } from '../../../../src/core/message';
import type { Session } from '../../../../src/core/session';
import { calculatorTool } from '../../../../src/core/tools/calculator';
import { currentTimeTool } from '../../../../src/core/tools/currentTime';
import { memoryTools } from '../../../../src/core/tools/memoryTools';
import type { Tool } from '../../../../src/core/tools/tool';
import { countingIds, setUpSessions } from '../../../support/sessionSetup';

const clock = (): Date => new Date('2026-05-12T12:03:09Z');

interface Talk {
  readonly say: (prompt: string) => Promise<string>;
  /** The tools called for the last prompt, as `name(arguments)`. */
  readonly called: () => readonly string[];
  readonly memory: MemoryLongTermMemory;
  readonly newSession: () => Promise<void>;
}

/** The built-in model in a real session, on a history in memory. */
async function talk(
  options: { readonly model?: ChatModel; readonly tools?: readonly Tool[] } = {},
): Promise<Talk> {
  const history = new MemoryHistory();
  const memory = new MemoryLongTermMemory(history);
  const timeZone = 'Europe/Berlin';
  const { sessions } = setUpSessions(options.model ?? new BuiltInChatModel(), {
    log: new MemoryHistoryLog({ history }),
    tools: options.tools ?? [
      calculatorTool(),
      currentTimeTool({ clock, timeZone }),
      ...memoryTools({ memory, clock, newId: countingIds('fact'), timeZone }),
    ],
    newId: countingIds('turn'),
  });
  let session: Session = await sessions.active();
  let last: LiveTurn | undefined;
  return {
    memory,
    async say(prompt) {
      last = await session.send(prompt);
      assert.equal(last.status, 'complete', JSON.stringify(last.error));
      return answerText(last);
    },
    called: () =>
      (last?.messages ?? [])
        .flatMap(({ tool_calls }) => tool_calls ?? [])
        .map(({ function: { name, arguments: args } }) => `${name}(${args})`),
    async newSession() {
      session = await sessions.create();
    },
  };
}

suite('built-in model: conversations', () => {
  test('the main job: a sum through the calculator, then "that result" from history', async () => {
    const { say, called } = await talk();
    assert.equal(await say('Add 5 and 10 for me.'), '5 + 10 = 15');
    assert.deepEqual(called(), ['calculator({"expression":"5 + 10"})']);
    assert.equal(await say('Now multiply that result by 2.'), '15 × 2 = 30');
    assert.deepEqual(called(), ['calculator({"expression":"15 * 2"})']);
    assert.equal(await say('and divide it by 4?'), '30 ÷ 4 = 7.5');
  });

  test('"that" is the last result, whatever was said between', async () => {
    const { say } = await talk();
    await say('1 / 3');
    await say('Remember that the release is on Friday 13.');
    await say('what did I say about the release?');
    assert.equal(await say('times 3'), '1 ÷ 3 × 3 = 1');
    assert.match(await say('what was the last result?'), /was 1\.$/);
  });

  test('a failing calculation is told, and "that" stays what it was', async () => {
    const { say } = await talk();
    await say('2 + 2');
    assert.equal(await say('divide it by 0'), 'I could not calculate 4 ÷ 0: Division by zero.');
    assert.equal(await say('double it'), '4 × 2 = 8');
  });

  test('without a result before, it asks for the numbers', async () => {
    const { say, called } = await talk();
    assert.match(await say('multiply that by 2'), /no earlier result/);
    assert.deepEqual(called(), []);
  });

  test('several things in one prompt are done one after another', async () => {
    const { say, called } = await talk();
    assert.equal(
      await say('Add 5 and 10. Then multiply the result by 2.'),
      '5 + 10 = 15\n\n(5 + 10) × 2 = 30',
    );
    assert.equal(called().length, 2);
    const answer = await say('Remember that my doctor is Dr. Smith. What is 5 + 3?');
    assert.equal(answer, 'I will remember: “my doctor is Dr. Smith.”\n\n5 + 3 = 8');
  });

  test('a fact is kept once, and found again in another session, quoted with its date', async () => {
    const { say, called, newSession, memory } = await talk();
    assert.equal(
      await say('Please remember that the wifi code is tulip-42'),
      'I will remember: “the wifi code is tulip-42”',
    );
    assert.match(
      await say('Remember that the wifi code is tulip-42.'),
      /knew that already, since 12 May 2026, 14:03/,
    );
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 1);
    await newSession();
    for (const question of [
      'What did I say about the wifi code?',
      'Do you remember the wifi code?',
      'What is the wifi code?',
    ]) {
      const answer = await say(question);
      assert.match(
        answer,
        /You asked me to remember \(12 May 2026, 14:03\): “the wifi code is tulip-42”/,
        question,
      );
      assert.deepEqual(called(), ['recall({"query":"wifi code"})']);
    }
  });

  test('what was only said is found too, with its turn; the question itself is never quoted', async () => {
    const { say, newSession } = await talk();
    await say('We moved the deployment to the blue cluster because of the outage.');
    await newSession();
    const answer = await say('What did I say about the deployment?');
    assert.match(answer, /You said \(.+, turn turn-\d\): “We moved the deployment to the blue cluster/);
    assert.doesNotMatch(answer, /What did I say/);
    assert.match(
      await say('When did we talk about the blue cluster?'),
      /^On \d+ \w+ \d{4}, \d\d:\d\d\. You said/,
    );
    assert.match(await say('What did I say about penguins?'), /found nothing about “penguins”/);
  });

  test('what people tell of themselves is found again, and is no fact unless they ask for it', async () => {
    const { say, called } = await talk();
    assert.match(await say('My name is Ada.'), /say "remember that …"/);
    assert.deepEqual(called(), []);
    await say('I prefer tabs over spaces');
    assert.match(await say('What is my name?'), /“My name is Ada\.”/);
    assert.match(await say('who am I?'), /“My name is Ada\.”/);
    assert.match(await say('what do I prefer, tabs or spaces?'), /“I prefer tabs over spaces”/);
    assert.match(await say('What do you remember?'), /Nothing is remembered yet/);
    await say('Please remember that my name is Ada. I live in Paris.');
    const all = await say('What do you remember?');
    assert.ok(all.includes('my name is Ada.') && all.includes('I live in Paris'), all);
  });

  test('a fact that says otherwise takes the place of the older, and the list holds the newer alone', async () => {
    const { say, called } = await talk();
    await say('Remember that my favourite colour is blue.');
    assert.equal(
      await say('Note that my favourite colour is green now.'),
      'I will remember: “my favourite colour is green now.”, in place of “my favourite colour is blue.”, which is kept as history.',
    );
    await say('Remember that the staging port is 8080');
    for (const question of [
      'What do you remember?',
      'List what you remember',
      'List my facts',
      'show me all facts',
    ]) {
      const all = await say(question);
      assert.ok(
        all.includes('green now') && all.includes('8080') && !all.includes('blue'),
        `${question}: ${all}`,
      );
      assert.deepEqual(called(), ['list_facts({})'], question);
    }
  });

  test('a fact is forgotten by its words, and only when it is clear which', async () => {
    const { say, called, memory } = await talk();
    await say('Remember that my first car was a Volvo');
    await say('Remember that my second car was a Saab');
    assert.match(await say('Forget my car'), /More than one fact fits[^]*Saab[^]*Volvo/);
    assert.match(
      await say('Forget that my first car was a Volvo'),
      /Forgotten for good: “my first car was a Volvo”/,
    );
    assert.deepEqual(
      called().map((call) => call.split('(')[0]),
      ['recall', 'forget'],
    );
    assert.deepEqual(
      (await memory.facts({ limit: 10 })).facts.map(({ text }) => text),
      ['my second car was a Saab'],
    );
    assert.match(await say('Forget my bicycle'), /no fact about “my bicycle”/);
    assert.match(await say('Forget it'), /What should I forget/);
    assert.match(await say('forget everything'), /Clear Memory/);
    assert.equal((await memory.facts({ limit: 10 })).facts.length, 1);
  });

  test('the time is told, here and elsewhere', async () => {
    const { say, called } = await talk();
    assert.equal(
      await say('What time is it?'),
      'It is Tuesday, 12 May 2026, 14:03:09 in Europe/Berlin (UTC+02:00).',
    );
    assert.match(await say("what's the date in Tokyo?"), /21:03:09 in Asia\/Tokyo/);
    assert.deepEqual(called(), ['current_time({"timeZone":"Asia/Tokyo"})']);
    assert.match(await say('what time is it in Atlantis'), /"Atlantis" is not an IANA time zone/);
  });

  test('a fact that answers is the answer, and nothing beside it', async () => {
    const { say } = await talk();
    await say('remember that the staging port of Falcon is 8443');
    const answer = await say('Which staging port has Falcon?');
    assert.match(answer, /^You asked me to remember \(.+\): “the staging port of Falcon is 8443”$/);
    const another = await say('Falcon, the staging port please');
    assert.doesNotMatch(another, /beyond me|Connect a Model|small program/);
  });

  test('what the user once said answers likewise, where it holds all that is asked for', async () => {
    const { say } = await talk();
    await say('The gate code of the garage is 4711.');
    const answer = await say('The gate code of the garage, please?');
    assert.match(answer, /“The gate code of the garage is 4711\.”$/);
    assert.doesNotMatch(answer, /beyond me|Connect a Model/);
  });

  test('anything else: it says what it is, how to connect a model, and what it found', async () => {
    const { say } = await talk();
    const first = await say('The parser of the invoice module is slow.');
    assert.match(first, /built-in model: a small program, not an AI/);
    assert.match(first, /Connect a Model.*OpenAI.*Ollama.*VS Code/s);
    const answer = await say('Rewrite the invoice parser in Rust');
    assert.match(answer, /You said .*“The parser of the invoice module is slow\.”/);
    assert.match(answer, /beyond me too.*Connect a Model/);
    assert.doesNotMatch(answer, /small program|Ollama/, 'said once is enough');
    assert.doesNotMatch(answer, /“Rewrite the invoice/);
    for (const prompt of ['hello', 'What can you do?', 'how do I connect Ollama?'])
      assert.match(await say(prompt), /Connect a Model/);
    assert.equal(await say('Thanks!'), 'You are welcome.');
  });

  test('without tools it still calculates, and searches what the request carries', async () => {
    const { say, called } = await talk({ tools: [] });
    assert.equal(await say('Add 5 and 10'), '5 + 10 = 15');
    assert.equal(await say('multiply that by 2'), '15 × 2 = 30');
    await say('The deployment is on Friday.');
    assert.match(
      await say('what did I say about the deployment?'),
      /You said earlier in this conversation: “The deployment is on Friday\.”/,
    );
    assert.match(await say('remember that I like tea'), /no memory for facts here/);
    assert.match(await say('what time is it?'), /no clock/);
    assert.deepEqual(called(), []);
  });

  test('a tool that fails is told, in words', async () => {
    const broken = memoryTools({
      memory: {
        recall: () => Promise.reject(new Error('The search is not available here.')),
        listMessages: () => Promise.reject(new Error('The search is not available here.')),
        recallFacts: () => Promise.reject(new Error('The search is not available here.')),
        remember: () => Promise.reject(new Error('No.')),
        forget: () => Promise.reject(new Error('No.')),
        editFact: () => Promise.reject(new Error('No.')),
        separateFact: () => Promise.reject(new Error('No.')),
        facts: () => Promise.reject(new Error('No.')),
        fact: () => Promise.reject(new Error('No.')),
      },
      clock,
      newId: countingIds(),
      timeZone: 'UTC',
    });
    const { say } = await talk({ tools: broken });
    assert.equal(
      await say('what did I say about tea?'),
      'I could not search: The search is not available here.',
    );
    assert.equal(
      await say('remember that I like tea'),
      'I could not keep that: The search is not available here.',
    );
    assert.match(await say('forget tea'), /could not do that/);
    assert.match(await say('Write a poem'), /small program/);
    const again = await say('Write a novel');
    assert.match(again, /beyond me too.*Connect a Model/);
    assert.ok(again.length < 100, again);
  });
});
