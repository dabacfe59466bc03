import { parser } from '../../src/webview/markdown/parser';
import { splitBlocks } from '../../src/webview/markdown/splitBlocks';
import { assertCheaper, assertLinear } from '../support/growth';

const repeated =
  (piece: string) =>
  (size: number): string =>
    piece.repeat(Math.ceil(size / piece.length));

suite('What showing markdown costs', () => {
  for (const piece of [
    '[a](x) ',
    '[a](https://x.test) ',
    '![a](https://x.test) ',
    'https://x.test ',
    '*a_ ',
    '`a ',
    '[a]: b\n',
    '| a ',
    '> ',
  ]) {
    // As the square of its length, some of these took minutes.
    test(`${JSON.stringify(piece)} over and over is rendered in time by its length`, () =>
      assertLinear({ input: repeated(piece), work: (text) => parser.render(text), size: 6_000 }));
  }

  for (const piece of ['[', '![', '- a\n'])
    test(`${JSON.stringify(piece)} over and over is rendered in time by its length`, () =>
      assertLinear({ input: repeated(piece), work: (text) => parser.render(text), size: 2_000 }));

  test('a text is split into its blocks in time by its length', () =>
    assertLinear({
      input: repeated('A paragraph of some length, with `code` in it.\n\n'),
      work: (text) => splitBlocks(text),
      size: 25_000,
    }));

  test('a piece more costs no more than a small share of splitting all that came before', async () => {
    const before = splitBlocks(repeated('A paragraph of some length, with `code` in it.\n\n')(200_000));
    await assertCheaper(
      () => splitBlocks(`${before.text}word `, before),
      () => splitBlocks(before.text),
      0.1,
    );
  });
});
