import assert from 'node:assert/strict';
import fc from 'fast-check';
import { templateCompactor } from '../../../../src/core/memory/templateCompactor';
import { writeRecallResult } from '../../../../src/core/memory/recallResult';
import { anyMessages } from '../../../support/arbitraries';
import { exchange } from '../../../support/turns';

const signal = new AbortController().signal;
const compact = (turns: readonly ReturnType<typeof exchange>[], maxTokens: number): Promise<string> =>
  templateCompactor.compact({ turns, maxTokens, signal });

suite('a summary without a model', () => {
  test('tells of each turn what was asked, what tools gave, and how the answer begins and ends', async () => {
    const answer = `It is fifteen. ${'Here is why. '.repeat(30)}So it is fifteen indeed.`;
    const text = await compact([exchange(0, { prompt: 'Add 5 and\n\n10', result: '15', answer })], 150);
    assert.match(
      text,
      /^- Asked: Add 5 and 10\. Used read \(a\.ts\), which gave 15\. Answered: It is fifteen\./,
    );
    assert.match(text, /… .*fifteen indeed\.$/);
  });

  test('reads as prose: no JSON, no ids, of what recall gave the words, who said them and when', async () => {
    const recalled = writeRecallResult({
      facts: [
        { id: '3f2c9a1e-77aa-4c1e-9d53-0a1b2c3d4e5f', date: '3 May 2026', text: 'The database is Postgres.' },
      ],
      messages: [
        { date: '4 May 2026', session: 's-81f3', turn: 't-93', role: 'user', quote: 'We ship on Friday.' },
      ],
    });
    const turn = exchange(0, { prompt: 'When do we ship?', result: recalled, answer: 'On Friday.' });
    const text = await compact([turn], 200);
    assert.equal(
      text,
      '- Asked: When do we ship? Used read (a.ts), which gave The database is Postgres. (remembered on 3 May 2026); ' +
        '“We ship on Friday.” (the user, 4 May 2026). Answered: On Friday.',
    );
    const json = JSON.stringify({
      items: [{ id: '9', name: 'Ada', mail: 'a@b.c', ok: true }],
      nextId: 'x',
      total: 1,
    });
    const other = await compact([exchange(0, { result: json, answer: 'One.' })], 200);
    assert.match(
      other,
      /Used read \(a\.ts\), which gave name: Ada, mail: a@b\.c, ok: true, total: 1\. Answered: One\.$/,
    );
    for (const told of [text, other]) assert.doesNotMatch(told, /[{}[\]]|":|3f2c9a1e|s-81f3/);
  });

  test('says how a turn without an answer ended', async () => {
    const failed = { ...exchange(0), status: 'failed' as const, messages: exchange(0).messages.slice(0, 1) };
    assert.equal(await compact([failed], 100), '- Asked: p0. Failed without an answer.');
  });

  test('of more turns than there is space for, tells the newest and counts the rest', async () => {
    const turns = Array.from({ length: 500 }, (_, n) => exchange(n, { prompt: `question number ${n}` }));
    const text = await compact(turns, 100);
    const [note = '', ...lines] = text.split('\n');
    const told = lines.length;
    assert.equal(note, `(${500 - told} turns before these are not told.)`);
    assert.match(lines.at(-1) ?? '', /question number 499/);
    assert.match(lines[0] ?? '', new RegExp(`question number ${500 - told}`));
  });

  test('cannot fail, has something to say, and keeps to its space, whatever the turns are', async () => {
    const turns = fc
      .array(anyMessages, { minLength: 1, maxLength: 8 })
      .map((all) => all.map((messages, position) => ({ ...exchange(position), messages })));
    await fc.assert(
      fc.asyncProperty(turns, fc.integer({ min: 1, max: 2_000 }), async (given, maxTokens) => {
        const text = await compact(given, maxTokens);
        const [note = ''] = /^\(.*\)\n/.exec(text) ?? [];
        assert.notEqual(text.trim(), '');
        assert.ok(text.length - note.length <= Math.max(60, maxTokens * 2.5), `${text.length}`);
        assert.equal(text.split('\n').length, (note === '' ? 0 : 1) + (text.match(/^- /gm)?.length ?? 0));
      }),
    );
  });
});
