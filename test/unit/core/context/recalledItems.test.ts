import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recallLimit } from '../../../../src/core/context/budget';
import type { Context, ContextInput } from '../../../../src/core/context/context';
import { buildContext } from '../../../../src/core/context/contextBuilder';
import { recalledBefore } from '../../../../src/core/context/requestRecall';
import { InputError } from '../../../../src/core/errors';
import { chosenPolicy } from '../../../../src/core/memory/chosenPolicy';
import { withoutRecalled } from '../../../../src/core/memory/quotedRecall';
import type { RecalledUnit } from '../../../../src/core/memory/recalledUnits';
import type { Message } from '../../../../src/core/message';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { faultsOf } from '../../../support/checkRequest';
import { callWith, exchange } from '../../../support/turns';

const counter = estimatingTokenCounter();
const prompt: Message = { role: 'user', content: 'And now?' };

function unit(id: string, turnId: string, text: string, kept = false): RecalledUnit {
  const recalled = {
    messageId: id,
    turnId,
    sessionId: 's',
    role: 'user' as const,
    createdAt: `2026-01-01T00:00:00.00${id.length % 10}Z`,
    passage: { start: 0, end: text.length },
    text,
  };
  return { parts: [{ recalled, heading: '1 January 2026', speaker: 'user', reason: 'Recalled' }], kept };
}

function input(more: Partial<ContextInput> = {}): ContextInput {
  return {
    counter,
    policy: chosenPolicy({ policies: ['tokenBudget'], windowTurns: 0, windowMessages: 0, recentTurns: 1 }),
    instructions: [{ source: 'instructions', text: 'Be brief.', reason: 'Test' }],
    tools: [],
    turns: [],
    contextStart: 0,
    current: [prompt],
    maxTokens: 4_000,
    ...more,
  };
}

function recalledOf({ items }: Context) {
  return items.filter(({ source }) => source === 'recalled');
}

/** Undefined where it is refused. */
function built(given: ContextInput): Context | undefined {
  try {
    return buildContext(given);
  } catch (error) {
    assert.ok(error instanceof InputError && error.reason === 'cannot-fit');
    return undefined;
  }
}

const words = fc.integer({ min: 1, max: 300 }).map((count) => 'word '.repeat(count));
const cases = fc.record({
  turns: fc.array(fc.record({ answer: words, pinned: fc.boolean() }), { maxLength: 14 }),
  units: fc.array(fc.record({ turn: fc.nat({ max: 20 }), text: words, kept: fc.boolean() }), {
    maxLength: 10,
  }),
  results: fc.array(words, { maxLength: 4 }),
  maxTokens: fc.integer({ min: 600, max: 6_000 }),
  share: fc.integer({ min: 50, max: 2_500 }),
  margin: fc.constantFrom(1, 1.3),
});

suite('what a request recalls', () => {
  test('stands in the prompt’s own message, before the prompt, and says what it costs', () => {
    const found = { units: [unit('a.0', 'a', 'The cat is called Minka.')] };
    const context = buildContext(
      input({ turns: [exchange(0)], recall: { stage: 'found', maxTokens: 900, found } }),
    );
    const { messages } = context.request;
    const last = messages.at(-1);
    assert.match(
      last?.content ?? '',
      /^<recalled>[^]*- user: The cat is called Minka\.\n<\/recalled>\n\nAnd now\?$/,
    );
    const plain = buildContext(input({ turns: [exchange(0)] }));
    assert.deepEqual(messages.slice(0, -1), plain.request.messages.slice(0, -1));
    const [item] = recalledOf(context);
    assert.equal(item?.tokens, context.tokens - plain.tokens);
    assert.equal(item.reason, 'Recalled');
    assert.deepEqual(context.items.map(({ source }) => source).slice(-2), ['recalled', 'prompt']);
  });

  test('is nothing where there is nothing, and the window has its room', () => {
    const turns = Array.from({ length: 11 }, (_, n) => exchange(n, { answer: 'word '.repeat(240) }));
    const open = { units: [] };
    const without = buildContext(input({ turns, start: 0 }));
    const context = buildContext(
      input({ turns, start: 0, recall: { stage: 'found', maxTokens: 900, found: open } }),
    );
    const { recallLimit: _, ...same } = context;
    assert.deepEqual(same, without);
    const found = { units: [unit('a.0', 'a', 'Minka')] };
    const beside = buildContext(
      input({ turns, start: 0, recall: { stage: 'found', maxTokens: 900, found } }),
    );
    const kept = (one: Context): number =>
      one.items.filter(({ source, included }) => source === 'window' && included).length;
    assert.ok(kept(beside) < kept(without) && kept(beside) > 0);
  });

  test('tells why it lacks what was found but does not fit, or could not be found at all', () => {
    const units = [unit('a.0', 'a', 'word '.repeat(200)), unit('b.0', 't1', 'x'), unit('c.0', 'c', 'Minka')];
    const found = { units };
    const context = buildContext(
      input({ turns: [exchange(1)], recall: { stage: 'found', maxTokens: 120, found } }),
    );
    assert.deepEqual(
      recalledOf(context).map(({ included, reason }) => [included, reason]),
      [
        [true, 'Recalled'],
        [false, 'Fits the prompt, but not the 120 tokens that recall may take'],
        [false, 'Already carried with its turn'],
      ],
    );
    for (const [missed, reason] of [['late', /took too long/], ['failed', /failed/]] as const) {
      const recall = { stage: 'found', maxTokens: 120, found: { units: [], missed } } as const;
      const [item] = recalledOf(buildContext(input({ recall })));
      assert.equal(item?.included, false);
      assert.match(item.reason, reason);
    } // prettier-ignore
  });

  test('never takes the place of the newest turn, nor of the turn that runs', () => {
    const turns = [exchange(0, { answer: 'word '.repeat(2_200) })];
    const found = { units: [unit('a.0', 'a', 'Minka '.repeat(100))] };
    const context = buildContext(input({ turns, recall: { stage: 'found', maxTokens: 2_000, found } }));
    assert.ok(context.items.some(({ source, included }) => source === 'window' && included));
    const first = buildContext(input({ recall: { stage: 'found', maxTokens: 2_000, found } }));
    assert.ok(recalledOf(first)[0]?.included);
    const current = [prompt, { role: 'assistant' as const, content: 'word '.repeat(2_900) }];
    const next = buildContext(input({ current, recall: recalledBefore(first) }));
    assert.deepEqual(
      recalledOf(next).map(({ included, reason }) => [included, reason]),
      [[false, 'No room is left for it beside what this turn has led to']],
    );
  });

  test('is within the budget and its share, of no turn that is carried, and the same bytes in every step', () => {
    fc.assert(
      fc.property(cases, ({ turns: shapes, units: wanted, results, maxTokens, share, margin }) => {
        const turns = shapes.map(({ answer, pinned }, n) => ({
          ...exchange(n, { answer }),
          ...(pinned && { pinned }),
        }));
        const units = wanted.map(({ turn, text, kept }, n) => unit(`t${turn}.${n}`, `t${turn}`, text, kept));
        const given = input({ turns, maxTokens, margin });
        const plain = built(given);
        const recall = { stage: 'found', maxTokens: share, found: { units } } as const;
        const first = built({ ...given, recall });
        assert.equal(first === undefined, plain === undefined, 'recall refuses no prompt');
        if (!first) return;
        const most = (maxTokens * 0.75) / margin + 1;
        const check = (context: Context): string => {
          const { messages } = context.request;
          const cost = messages.reduce((sum, message) => sum + counter.message(message), 0);
          assert.ok(cost <= context.tokens && context.tokens <= most);
          assert.deepEqual(faultsOf({ messages, tools: [] }), []);
          const recalled = recalledOf(context).filter(({ included }) => included);
          const spent = recalled.reduce((sum, { tokens }) => sum + tokens, 0);
          assert.ok(spent <= recallLimit(most, share) && recalled.every(({ tokens }) => tokens >= 0));
          const carried = new Set(
            context.items.flatMap(({ turnId, included }) => (included && turnId) || []),
          );
          for (const item of recalled) {
            assert.ok(item.recalled && 'turnId' in item.recalled && !carried.has(item.recalled.turnId));
          }
          for (const item of context.items) assert.notEqual(item.reason, '');
          return messages.find(({ content }) => content.endsWith('And now?'))?.content ?? '';
        };
        const sent = check(first);
        assert.equal(withoutRecalled(sent), 'And now?');
        const current = [prompt];
        for (const [n, result] of results.entries()) {
          current.push(...callWith(`c${n}`, result));
          const next = built({ ...given, current: [...current], recall: recalledBefore(first) });
          if (!next) return;
          const again = check(next);
          const isLeftOut = recalledOf(next).some(({ reason }) => reason.startsWith('No room'));
          assert.equal(again, isLeftOut ? 'And now?' : sent);
        }
      }),
      { numRuns: 150 },
    );
  });
});
