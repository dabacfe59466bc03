import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  filterNames,
  filtersIn,
  readSearch,
  withFilter,
  withoutFilters,
} from '../../../../src/core/recall/searchFilters';

const now = new Date(2026, 10, 27, 15, 30);
const read = (text: string) => readSearch(text, now);
const local = (...parts: [number, number, number]): string => new Date(...parts).toISOString();

suite('filters within a search', () => {
  test('filters are taken out of the words, wherever they stand', () => {
    assert.deepEqual(read('staging role:user  after:2026-01 path:src/a.ts in:session server has:tools'), {
      words: 'staging server',
      scope: 'session',
      role: 'user',
      after: local(2026, 0, 1),
      path: 'src/a.ts',
      hasToolCall: true,
      problems: [],
    });
  });

  test('without filters it is the words, in the whole workspace', () => {
    assert.deepEqual(read('  what was\nthat '), { words: 'what was that', scope: 'workspace', problems: [] });
    assert.deepEqual(read(''), { words: '', scope: 'workspace', problems: [] });
  });

  test('what only looks like a filter is words', () => {
    for (const text of ['std::in:x', 'http://on:80', 'foo:bar', 'role:', 'path: x', 'begin:session']) {
      assert.deepEqual(read(text), { words: text, scope: 'workspace', problems: [] }, text);
    }
  });

  test('a filter that makes no sense is looked for as words, and says what it takes', () => {
    const { words, role, problems } = read('role:admin page');
    assert.equal(words, 'role:admin page');
    assert.equal(role, undefined);
    assert.deepEqual(problems, [
      '“role:admin” is no filter, and is looked for as words: role is user, assistant or tool.',
    ]);
    for (const text of [
      'after:2026-13',
      'after:2026-02-30',
      'on:never',
      'in:space',
      'has:wings',
      'path:""',
    ]) {
      assert.equal(read(text).problems.length, 1, text);
      assert.equal(read(text).words, text);
    }
  });

  test('a quoted value may hold spaces, also while its end is still to be typed', () => {
    assert.equal(read('path:"src/my file.ts" x').path, 'src/my file.ts');
    assert.equal(read('path:"src/my fi').path, 'src/my fi');
  });

  test('dates are days, months, years or so long back, in the local time zone', () => {
    const bounds = (text: string) => [read(text).after, read(text).before];
    assert.deepEqual(bounds('on:2026-03-05'), [local(2026, 2, 5), local(2026, 2, 6)]);
    assert.deepEqual(bounds('on:2025'), [local(2025, 0, 1), local(2026, 0, 1)]);
    assert.deepEqual(bounds('on:yesterday'), [local(2026, 10, 26), local(2026, 10, 27)]);
    assert.deepEqual(bounds('after:today'), [local(2026, 10, 27), undefined]);
    assert.deepEqual(bounds('after:7d'), [local(2026, 10, 20), undefined]);
    assert.deepEqual(bounds('after:2w before:2026-11-20'), [local(2026, 10, 13), local(2026, 10, 20)]);
    assert.deepEqual(bounds('on:2026 after:2026-06'), [local(2026, 5, 1), local(2027, 0, 1)]);
  });

  test('of several with one name the last holds, in any case of letters', () => {
    assert.equal(read('role:user ROLE:Assistant').role, 'assistant');
    assert.deepEqual(filtersIn('role:user ROLE:Assistant in:session'), { role: 'Assistant', in: 'session' });
  });

  test('a filter is put in, replaced and taken out, and the words stay', () => {
    assert.equal(withFilter('the staging server', 'role', 'user'), 'role:user the staging server');
    assert.equal(withFilter('role:user x role:tool', 'role', 'assistant'), 'role:assistant x');
    assert.equal(withFilter('role:user x', 'role'), 'x');
    assert.equal(withFilter('x', 'path', 'my "own" file.ts'), 'path:"my own file.ts" x');
    assert.equal(withoutFilters('role:user x in:session'), 'x');
  });

  test('whatever is typed, nothing throws, and what is put in is read back', () => {
    const unit = fc.constantFrom('a', 'é', '😀', ' ', '\n', '"', ':', 'role:', 'in:session', 'path:"a');
    const typed = fc.string({ unit, maxLength: 12 });
    const value = typed.filter((text) => /[^\s"]/.test(text));
    fc.assert(
      fc.property(typed, fc.constantFrom(...filterNames), value, (text, name, chosen) => {
        read(text);
        const put = withFilter(text, name, chosen);
        assert.equal(filtersIn(put)[name], chosen.replaceAll('"', '').trim());
        assert.equal(filtersIn(withFilter(put, name))[name], undefined);
      }),
    );
  });
});
