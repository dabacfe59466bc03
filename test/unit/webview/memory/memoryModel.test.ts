import assert from 'node:assert/strict';
import type { MemoryShown } from '../../../../src/protocol/memory';
import { searchedWords, timeOf } from '../../../../src/webview/memory/filterWords';
import {
  isCurrent,
  memoryModel,
  reduceMemory,
  type MemoryModel,
} from '../../../../src/webview/memory/memoryModel';

const shown = (n: number, text: string): MemoryShown => ({
  type: 'shown',
  n,
  strategy: 'workspace',
  view: { tab: 'search', text, problems: [], outcome: { status: 'idle' }, facts: [] },
});

function after(...events: Parameters<typeof reduceMemory>[1][]): MemoryModel {
  return events.reduce(reduceMemory, memoryModel());
}

suite('what the Memory view shows', () => {
  test('what is typed is looked for, and is current once it is answered', () => {
    const typed = after({ type: 'typed', text: 'tides' });
    assert.equal(typed.look.text, 'tides');
    assert.ok(!isCurrent(typed));
    assert.ok(isCurrent(reduceMemory(typed, shown(typed.n, 'tides'))));
  });

  test('an answer to an earlier look never replaces that to a later one', () => {
    const model = after(
      { type: 'typed', text: 'a' },
      { type: 'typed', text: 'ab' },
      shown(2, 'ab'),
      shown(1, 'a'),
    );
    assert.equal(model.search?.text, 'ab');
    assert.equal(model.answered, 2);
  });

  test('an answer to what was looked at before the view was hidden keeps none away', () => {
    const model = after({ type: 'looked-again' }, shown(7, 'before'), shown(1, 'now'));
    assert.equal(model.search?.text, 'now');
    assert.ok(isCurrent(model));
  });

  test('a filter is put into what is typed, and begins with the first page again', () => {
    const model = after(
      { type: 'typed', text: 'tides' },
      { type: 'more-hits' },
      { type: 'filter-set', name: 'role', value: 'user' },
    );
    assert.deepEqual(model.look, { tab: 'search', text: 'role:user tides', limit: 50 });
    assert.equal(reduceMemory(model, { type: 'filter-set', name: 'role' }).look.text, 'tides');
  });

  test('each tab keeps what was typed in it', () => {
    const model = after(
      { type: 'typed', text: 'tides' },
      { type: 'tab-chosen', tab: 'facts' },
      { type: 'typed', text: 'tea' },
    );
    assert.deepEqual(model.look, { tab: 'facts', text: 'tea', limit: 50 });
    assert.equal(reduceMemory(model, { type: 'tab-chosen', tab: 'search' }).look.text, 'tides');
  });

  test('more hits are asked for by pages, to a bound', () => {
    let model = memoryModel();
    for (let page = 0; page < 20; page++) model = reduceMemory(model, { type: 'more-hits' });
    assert.equal(model.look.limit, 500);
  });

  test('a list is looked for further back on demand, and anew from its beginning once something else is typed', () => {
    const model = after({ type: 'typed', text: 'has:tools' }, { type: 'looked-on' }, { type: 'looked-on' });
    assert.deepEqual(model.look, { tab: 'search', text: 'has:tools', limit: 50, reach: 3 });
    const typed = reduceMemory(model, { type: 'typed', text: 'has:tools x' });
    assert.deepEqual(typed.look, { tab: 'search', text: 'has:tools x', limit: 50 });
  });

  test('the host can have it look for something, and asks for the focus', () => {
    const model = after({ type: 'typed', text: 'a' }, { type: 'show', tab: 'search', text: 'tides' });
    assert.deepEqual([model.look.text, model.focusRequests], ['tides', 1]);
    assert.equal(reduceMemory(model, { type: 'show', tab: 'search' }).look.text, 'tides');
  });

  test('times are told as the choices have them, and any other as custom', () => {
    assert.equal(timeOf({}), '');
    assert.equal(timeOf({ after: '7d' }), '7d');
    for (const filters of [
      { after: '2026-01' },
      { before: 'today' },
      { on: 'today' },
      { after: '7d', before: '1d' },
    ]) {
      assert.equal(timeOf(filters), 'custom');
    }
  });

  test('what was searched is told in words', () => {
    assert.equal(searchedWords({}), 'everything said in this workspace');
    assert.equal(
      searchedWords({ role: 'tool', in: 'everywhere', after: '7d', path: 'src/a.ts', has: 'tools' }),
      'what tools returned in all workspaces, in the last 7d, with tool calls, naming src/a.ts',
    );
  });
});
