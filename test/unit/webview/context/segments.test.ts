import assert from 'node:assert/strict';
import type { ShownItem } from '../../../../src/protocol/context';
import { percent } from '../../../../src/protocol/meterReading';
import { marksOf, segmentsOf } from '../../../../src/webview/context/segments';

const item = (source: ShownItem['source'], tokens: number, included = true): ShownItem => ({
  key: `${source}${tokens}`,
  source,
  title: '',
  reason: '',
  tokens,
  included,
  opens: false,
});

suite("the bar of a request's tokens", () => {
  test('sums up to the window, the reserve and the margin told apart from what is used', () => {
    const items = [
      item('tools', 30),
      item('window', 100),
      item('window', 50),
      item('window', 500, false),
      item('prompt', 20),
    ];
    const segments = segmentsOf({ items, tokens: 200, maxTokens: 1000, reserve: 250, margin: 150 });
    assert.deepEqual(
      segments.map(({ name, tokens }) => [name, tokens]),
      [
        ['tools', 30],
        ['window', 150],
        ['prompt', 20],
        ['free', 400],
        ['margin', 150],
        ['reserve', 250],
      ],
    );
    assert.equal(
      segments.reduce((sum, { tokens }) => sum + tokens, 0),
      1000,
    );
  });

  test('marks what else limits a request as places on it, which is of the window', () => {
    const context = { items: [], tokens: 200, maxTokens: 1000, reserve: 250, margin: 150 };
    assert.deepEqual(marksOf(context), [{ words: 'Sent at most 600', at: 0.6 }]);
    assert.deepEqual(marksOf({ ...context, summarisedFrom: 500 }), [
      { words: 'Oldest turns summarised from 500', at: 0.5 },
      { words: 'Sent at most 600', at: 0.6 },
    ]);
    assert.equal(marksOf({ ...context, summarisedFrom: 900 })[0]?.at, 0.6, 'no request takes more');
  });

  test('says of little that it is little, not that it is nothing', () => {
    assert.equal(percent(0.001), '<1%');
    assert.equal(percent(0), '0%');
    assert.equal(percent(0.256), '26%');
  });
});
