import assert from 'node:assert/strict';
import {
  changeWords,
  previewWords,
  summaryPreviewWords,
} from '../../../../src/adapters/vscode/commands/changeWords';

const change = (kept: number, trimmed: number, added: number, tokens: readonly [number, number]) => ({
  kept,
  trimmed,
  added,
  tokensBefore: tokens[0],
  tokensAfter: tokens[1],
});

suite('what is said of a trim', () => {
  test('turns and tokens before and after, in one sentence', () => {
    assert.equal(
      changeWords(change(3, 11, 0, [5210, 640])),
      'The next request, before a prompt: 14 → 3 turns, about 5,210 → 640 tokens',
    );
    assert.equal(
      changeWords(change(1, 7, 2, [900, 500])),
      'The next request, before a prompt: 8 → 3 turns (7 go, 2 come back), about 900 → 500 tokens',
    );
    assert.equal(
      changeWords(change(0, 1, 1, [90, 90])),
      'The next request, before a prompt: still 1 turn (1 goes, 1 comes back), about 90 tokens as before',
    );
  });

  test('plainly that nothing changes', () => {
    assert.equal(
      previewWords(change(3, 0, 0, [640, 640])),
      'Changes nothing: the next request stays as it is.',
    );
    const summarised = { ...change(3, 0, 0, [640, 640]), summarised: 0 };
    assert.match(summaryPreviewWords(summarised), /^Nothing to summarise/);
  });

  test('for how many turns a summary stands', () => {
    assert.equal(
      summaryPreviewWords({ ...change(1, 7, 0, [900, 300]), summarised: 12 }),
      'Summarises 12 turns. The next request, before a prompt: 8 → 1 turn, about 900 → 300 tokens',
    );
  });
});
