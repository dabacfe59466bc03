import assert from 'node:assert/strict';
import fc from 'fast-check';
import { object, number } from 'zod/mini';
import { cutMark } from '../../../src/core/context/carried';
import { estimatingTokenCounter } from '../../../src/core/tokenCounter';
import { defineTool } from '../../../src/core/tools/tool';
import { faultsOf } from '../../support/checkRequest';
import { calls, says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

const counter = estimatingTokenCounter();

/** Gives as many characters as it is asked for. */
const bigTool = defineTool({
  name: 'big',
  description: 'Gives text',
  schema: object({ length: number() }),
  run: ({ length }) => 'all of it '.repeat(Math.ceil(length / 10)).slice(0, length),
});

const callOf = (length: number): readonly [string, string] => ['big', JSON.stringify({ length })];
const inWords = (error: unknown) => ({
  reason: 'test',
  message: error instanceof Error ? error.message : '',
});

const costOf = ({ messages, tools }: ScriptedModel['requests'][number]): number =>
  messages.reduce((total, message) => total + counter.message(message), counter.tools(tools));

suite('the requests of a turn', () => {
  test('hold the budget each, whatever tools give, and give each result to its call; results are stored whole', async () => {
    const lengths = fc.array(fc.array(fc.nat({ max: 12_000 }), { minLength: 1, maxLength: 3 }), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        lengths,
        fc.integer({ min: 700, max: 8_000 }),
        fc.constantFrom(1, 1.4),
        async (steps, maxTokens, margin) => {
          const model = new ScriptedModel(
            says('Earlier. '.repeat(100)),
            ...steps.map((step) => calls(...step.map(callOf))),
            says('Done.'),
          );
          const { sessions, log } = setUpSessions(model, {
            tools: [bigTool],
            settings: { maxTokens, margin },
            describe: inWords,
          });
          const session = await sessions.active();
          await session.send('Before');
          const turn = await session.send('Go');
          for (const request of model.requests) {
            const most = (maxTokens - Math.min(4_096, Math.floor(maxTokens / 4))) / margin;
            assert.ok(costOf(request) <= most, `${costOf(request)} of ${most}`);
            assert.deepEqual(faultsOf(request), []);
          }
          const stored = (await log.turn(turn.id))?.messages ?? [];
          const results = stored.filter(({ role }) => role === 'tool').map(({ content }) => content.length);
          assert.deepEqual(results, steps.flat().slice(0, results.length));
          if (turn.status === 'complete') assert.equal(results.length, steps.flat().length);
          else
            assert.match(turn.error?.message ?? '', /This turn's messages need about \d+ tokens; .* Raise/);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('carry an oversized result cut, with a mark, in every step and every later turn alike', async () => {
    const model = new ScriptedModel(
      calls(callOf(50_000)),
      calls(['big', '{"length":5}', 'again']),
      says('Done.'),
    );
    const { sessions, log } = setUpSessions(model, { tools: [bigTool] });
    const session = await sessions.active();
    const { id } = await session.send('Go');
    await session.send('And?');
    const sent = model.requests.map(({ messages }) => messages.find(({ role }) => role === 'tool')?.content);
    assert.ok(sent[1]?.endsWith(cutMark) && sent[1].length < 20_000);
    assert.deepEqual(sent.slice(2), [sent[1], sent[1]]);
    assert.equal((await log.turn(id))?.messages[2]?.content.length, 50_000);
  });

  test('are no more where the turn itself no longer fits: it fails with a sentence, and nothing of it is lost', async () => {
    const model = new ScriptedModel([
      { type: 'text-delta', text: 'Thinking aloud. '.repeat(2_000) },
      ...calls(callOf(5)),
    ]);
    const { sessions, log } = setUpSessions(model, {
      tools: [bigTool],
      settings: { maxTokens: 2_000 },
      describe: inWords,
    });
    const session = await sessions.active();
    const turn = await session.send('Go');
    assert.equal(turn.status, 'failed');
    assert.match(turn.error?.message ?? '', /^This turn's messages need about \d+ tokens; \d+ are left/);
    assert.equal(model.requests.length, 1);
    assert.equal((await log.turn(turn.id))?.messages.length, 3);
  });

  test('are none where a pinned turn leaves no room: the sentence says what to unpin, and nothing is stored', async () => {
    const model = new ScriptedModel(says('It is a long story. '.repeat(200)));
    const { sessions, log } = setUpSessions(model);
    const session = await sessions.active();
    const { id } = await session.send('Tell me');
    await session.requests.pin(id, true);
    await assert.rejects(session.send(`Why? ${'please '.repeat(4_900)}`), (error) => {
      assert.match(String(error), /The pinned turn "Tell me" needs about \d+ tokens; \d+ are left.*Unpin it/);
      return true;
    });
    assert.equal(model.requests.length, 1);
    assert.equal((await log.turns(session.id, { limit: 9 })).turns.length, 1);
  });
});
