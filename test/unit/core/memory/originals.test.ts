import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HistoryLog, StoredTurn } from '../../../../src/core/historyLog';
import { originalsOf } from '../../../../src/core/memory/originals';
import { cutMiddle, shortenedTurn } from '../../../../src/core/memory/shortenedTurn';
import { callWith, exchange } from '../../../support/turns';

function logOf(turns: readonly StoredTurn[]) {
  const pages: number[] = [];
  const log: Pick<HistoryLog, 'turns'> = {
    turns: (_, { before = Infinity, limit }) => {
      const earlier = turns.filter(({ position }) => position < before);
      const page = earlier.slice(-limit);
      pages.push(page.length);
      return Promise.resolve({ turns: page, more: earlier.length > page.length });
    },
  };
  return { log, pages };
}

const cover = (turns: readonly StoredTurn[]) => ({
  turnIds: turns.map(({ id }) => id),
  from: turns[0]?.position ?? 0,
  to: turns.at(-1)?.position ?? 0,
});

suite('the turns that summaries cover', () => {
  test('are read in pages, each shortened before the next page, without what lies between', async () => {
    const turns = Array.from({ length: 1_000 }, (_, n) => exchange(n));
    const { log, pages } = logOf(turns);
    let whole = 0;
    const shorten = (turn: StoredTurn): StoredTurn => {
      whole = Math.max(whole, pages.reduce((sum, size) => sum + size, 0) - shortened);
      shortened += 1;
      return turn;
    };
    let shortened = 0;
    const summaries = [turns.slice(10, 130), turns.slice(800, 820)].map(cover);
    const found = await originalsOf(log, 's', summaries, shorten);
    assert.deepEqual(
      found.map(({ position }) => position),
      [...turns.slice(10, 130), ...turns.slice(800, 820)].map(({ position }) => position),
    );
    assert.ok(whole <= 50, `${whole} whole at once`);
    assert.equal(
      pages.reduce((sum, size) => sum + size, 0),
      140,
    );
  });

  test('are those that are still there, in their order, also where summaries interleave', async () => {
    const turns = [0, 1, 3, 4, 7, 8].map((position) => exchange(position));
    const [t0, t1, t3, t4, , t8] = turns as [StoredTurn, ...StoredTurn[]];
    const gone = { ...cover([t1 as StoredTurn, t8 as StoredTurn]), turnIds: ['t1', 'gone', 't8'] };
    const found = await originalsOf(
      logOf(turns).log,
      's',
      [cover([t0, t3 as StoredTurn]), gone],
      (turn) => turn,
    );
    assert.deepEqual(
      found.map(({ id }) => id),
      ['t0', 't1', 't3', 't8'],
    );
    assert.ok(t4);
  });
});

suite('a shortened turn', () => {
  const lengthOf = ({ messages }: StoredTurn): number =>
    messages.reduce(
      (sum, { content, tool_calls: calls = [] }) =>
        sum + content.length + calls.reduce((all, call) => all + call.function.arguments.length, 0),
      0,
    );

  test('is as it was where it is short enough, but for what a system says', () => {
    const turn = exchange(0, { result: 'r' });
    const system = { role: 'system' as const, content: 'Obey.' };
    assert.deepEqual(shortenedTurn({ ...turn, messages: [system, ...turn.messages] }, 500), turn);
  });

  test('has its longest texts cut to one length, with marks, and short ones whole', () => {
    const turn = exchange(0, { prompt: 'Why?', result: 'x'.repeat(900), answer: 'y'.repeat(700) });
    const { messages } = shortenedTurn(turn, 400);
    assert.deepEqual(
      messages.map(({ content }) => content.length),
      [4, 0, 190, 190],
    );
    assert.match(messages[2]?.content ?? '', /^x+ \[…\] x+$/);
  });

  test('of very many messages is its prompt and its answer', () => {
    const calls = Array.from({ length: 50 }, (_, n) => callWith(`c${n}`, 'result '.repeat(50))).flat();
    const [prompt, answer] = exchange(0, { answer: 'It is done.' }).messages;
    const turn = { ...exchange(0), messages: [prompt, ...calls, answer].filter((one) => one !== undefined) };
    assert.deepEqual(
      shortenedTurn(turn, 200).messages.map(({ content }) => content),
      ['p0', 'It is done.'],
    );
  });

  test('keeps to its length, and no character is halved', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((one) => `${one}🦊`.repeat(3));
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 120, max: 900 }), (prompt, result, answer, length) => {
        const turn = exchange(0, { prompt, result, answer });
        const short = shortenedTurn(turn, length);
        assert.ok(lengthOf(short) <= length + 20);
        for (const { content } of short.messages) assert.ok(content.isWellFormed());
      }),
    );
    assert.equal(cutMiddle('abcdefghij', 9), 'ab […] ij');
  });
});
