import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDayAndTime, formatTime, formatUsage } from '../../../src/webview/format';
import { newId } from '../../../src/webview/newId';
import { prettify, summarizeArguments, summarizeResult } from '../../../src/webview/transcript/toolText';

suite('a tool call in a line', () => {
  test('shows the value of a single argument, and names where there are more', () => {
    assert.equal(summarizeArguments('{"expression":"5 + 10"}'), '5 + 10');
    assert.equal(summarizeArguments('{"query":"a\\nb","limit":5}'), 'query: a b, limit: 5');
    assert.equal(summarizeArguments('{}'), '');
    assert.equal(summarizeArguments(''), '');
    assert.equal(summarizeArguments('{"broken'), '{"broken');
  });

  test('is one bounded line whatever a model writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 500 }), fc.json()), (text) => {
        const line = summarizeArguments(text);
        assert.ok(line.length <= 161 && !/[\n\r]/.test(line));
        prettify(text);
      }),
    );
  });

  test('shows a result beside it only where it is short', () => {
    assert.equal(summarizeResult('15'), '15');
    assert.equal(summarizeResult('[{"a":1}]'), '');
    assert.equal(summarizeResult('a\nb'), '');
    assert.equal(summarizeResult('x'.repeat(61)), '');
  });
});

suite('figures', () => {
  test('tokens read from a cache are told apart', () => {
    const { short, full } = formatUsage({ prompt_tokens: 1234, completion_tokens: 34, cached_tokens: 1024 });
    assert.equal(short, '1,234 in (1,024 cached), 34 out');
    assert.match(full, /1,234 sent, 1,024 of them cached; 34 written/);
    assert.equal(formatUsage({ prompt_tokens: 5, completion_tokens: 6 }).short, '5 in, 6 out');
  });

  test('a day is named only where it is not today, and what is no time is not shown', () => {
    const now = new Date(2026, 10, 22, 15, 0);
    assert.doesNotMatch(formatTime(new Date(2026, 10, 22, 9, 5).toISOString(), now), /22/);
    assert.match(formatTime(new Date(2026, 10, 20, 9, 5).toISOString(), now), /20/);
    assert.match(formatTime(new Date(2025, 10, 20, 9, 5).toISOString(), now), /2025/);
    assert.equal(formatTime('yesterday'), '');
  });

  test('what was said today says so, with the time of day; what was said on another day names that day', () => {
    const now = new Date(2026, 10, 22, 15, 0);
    const at = (day: number): string => formatDayAndTime(new Date(2026, 10, day, 14, 3).toISOString(), now);
    assert.match(at(22), /^today \D*(14:03|2:03)/);
    assert.doesNotMatch(at(21), /today/);
    assert.match(at(21), /21.*(14:03|2:03)/);
    assert.equal(formatDayAndTime('today'), '');
  });

  test('ids are version 4 UUIDs, never the same', () => {
    const ids = Array.from({ length: 100 }, newId);
    assert.equal(new Set(ids).size, 100);
    for (const id of ids)
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
