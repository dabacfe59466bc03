import assert from 'node:assert/strict';
import { leftOutOf } from '../../../src/webview/turnMark';
import { assistant, user, viewTurn } from '../../browser/harness/fixtures';

const turn = (id: string, change: Parameters<typeof viewTurn>[2] = {}) =>
  viewTurn(id, [user('Hi'), assistant('Hello')], change);
const trimmed = { label: 'Trimmed', reason: 'It was trimmed.' };
const budget = { label: 'Left out', reason: 'Older than what the token budget holds' };
const summarised = { label: 'Summarised', reason: 'A summary stands for it.' };
const unread = { before: 'c', leftOut: budget, summarised };

suite('why the next request does not carry a turn', () => {
  const told = (
    turns: readonly ReturnType<typeof turn>[],
    marks: Parameters<typeof leftOutOf>[1],
  ): readonly (string | undefined)[] => leftOutOf(turns, marks).map((one) => one?.label);

  test('is what the request says of it; where that does not read it, what it says of all before', () => {
    const marks = {
      byId: { c: { id: 'c', tokens: 1, leftOut: trimmed }, d: { id: 'd', tokens: 1 } },
      unread,
    };
    assert.deepEqual(told([turn('a'), turn('b', { summarised: true }), turn('c'), turn('d')], marks), [
      'Left out',
      'Summarised',
      'Trimmed',
      undefined,
    ]);
  });

  test('is not told of one that runs, or of a pinned one before what was read', () => {
    const turns = [turn('a', { pinned: true }), turn('b', { status: 'running' }), turn('c')];
    assert.deepEqual(told(turns, { byId: {}, unread }), [undefined, undefined, undefined]);
  });

  test('is what the turn itself says before any request was measured', () => {
    const own = turn('a', { leftOut: 'It was trimmed.', leftOutLabel: 'Trimmed' });
    const [first] = leftOutOf([own], { byId: {} });
    assert.deepEqual(first, trimmed);
    assert.equal(leftOutOf([own], { byId: {} })[0], first, 'nothing is drawn again for it');
    assert.deepEqual(told([turn('a', { leftOut: 'It failed.' })], { byId: {} }), ['Left out: It failed.']);
  });

  test('whether its summary is sent, only the request knows', () => {
    const own = turn('a', { summarised: true, leftOut: 'x', leftOutLabel: 'Trimmed' });
    const label = 'Summary does not fit';
    const mark = { id: 'a', tokens: 1, leftOut: { label, reason: 'x' } };
    assert.deepEqual(told([own], { byId: { a: mark } }), [label]);
  });
});
