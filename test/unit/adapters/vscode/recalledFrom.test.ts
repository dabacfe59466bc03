import assert from 'node:assert/strict';
import { recalledFrom } from '../../../../src/adapters/vscode/recalledFrom';
import type { ReceiptEntry } from '../../../../src/core/memory/recallReceipt';

const entry: ReceiptEntry = {
  messageId: 't1.1',
  turnId: 't1',
  sessionId: 's1',
  sessionTitle: 'Planning',
  createdAt: '2026-03-12T12:00:00.000Z',
  text: 'Thursday',
  included: true,
  reason: 'Fits',
  words: [],
  tokens: 3,
};
const of = (...entries: readonly ReceiptEntry[]) => recalledFrom({ turnId: 't', entries, notes: [] });

suite('where an answer was recalled from, in VS Code’s chat', () => {
  test('names each turn once, with a link that shows it', () => {
    const text = of(entry, { ...entry, messageId: 't1.0' }) ?? '';
    assert.equal(text.split('command:').length, 2);
    const [, argument = ''] = /\(command:throughline\.showTurn\?([^)]+)\)/.exec(text) ?? [];
    assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [{ turnId: 't1' }]);
    assert.match(text, /Recalled from \[“Planning”, /);
  });

  test('leaves out what was not sent, what is deleted, and what has no source', () => {
    const { text: _text, ...deleted } = entry;
    const { turnId: _turn, ...sourceless } = entry;
    assert.equal(of({ ...entry, included: false }, deleted, sourceless), undefined);
    assert.equal(of(), undefined);
  });

  test('names five, and says how many more there are', () => {
    const text = of(...Array.from({ length: 8 }, (_, n) => ({ ...entry, turnId: `t${n}` }))) ?? '';
    assert.equal(text.split('command:').length, 6);
    assert.match(text, /, and 3 more$/);
  });

  test('shows a title as text, whatever markup it holds', () => {
    const title = '](command:evil) [x](http://a.b) <img src=x> **b** `c`';
    const text = of({ ...entry, sessionTitle: title }) ?? '';
    assert.ok(!text.includes('](command:evil)'), text);
    assert.ok(!/(^|[^\\])[<`*]/.test(text), text);
  });
});
