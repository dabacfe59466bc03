import assert from 'node:assert/strict';
import { readDates } from '../../../../src/core/recall/dates';

/** A Wednesday. */
const now = Date.UTC(2026, 2, 18, 9);

function holds(text: string, moment: string): boolean {
  return readDates(text, now).some((date) => date.holds(Date.parse(moment)));
}

suite('Dates in a question', () => {
  for (const [text, inside, outside] of [
    ['on 3 May 2023', '2023-05-03T12:00:00Z', '2023-05-09T12:00:00Z'],
    ['on May 3rd, 2023?', '2023-05-03T12:00:00Z', '2024-05-03T12:00:00Z'],
    ['on 2023-05-03', '2023-05-03T12:00:00Z', '2023-04-28T12:00:00Z'],
    ['on May 3', '2024-05-03T12:00:00Z', '2024-06-03T12:00:00Z'],
    ['what did we do in March?', '2025-03-20T12:00:00Z', '2025-05-20T12:00:00Z'],
    ['in June 2023', '2023-06-20T12:00:00Z', '2024-06-20T12:00:00Z'],
    ['in 2024', '2024-06-20T12:00:00Z', '2025-06-20T12:00:00Z'],
    ['yesterday', '2026-03-17T12:00:00Z', '2026-03-12T12:00:00Z'],
    ['two weeks ago', '2026-03-04T12:00:00Z', '2026-03-16T12:00:00Z'],
    ['10 days ago', '2026-03-08T12:00:00Z', '2026-03-13T12:00:00Z'],
    ['a couple of months ago', '2026-01-18T12:00:00Z', '2026-03-10T12:00:00Z'],
    ['last Friday', '2026-03-13T12:00:00Z', '2026-03-16T12:00:00Z'],
    ['last week', '2026-03-10T12:00:00Z', '2026-02-20T12:00:00Z'],
    ['last weekend', '2026-03-15T12:00:00Z', '2026-03-11T12:00:00Z'],
  ] as const) {
    test(`"${text}" holds ${inside}, not ${outside}`, () => {
      assert.ok(holds(text, inside));
      assert.ok(!holds(text, outside));
    });
  }

  for (const text of [
    'may I go',
    'march on',
    'the second one',
    'version 2.10',
    'no date at all',
    '99 May 3000000',
  ]) {
    test(`"${text}" names no date`, () => {
      assert.deepEqual(readDates(text, now), []);
    });
  }

  test('a message without a time is on no date', () => {
    assert.ok(readDates('on 3 May 2023, in March, two weeks ago', now).every((date) => !date.holds(NaN)));
  });
});
