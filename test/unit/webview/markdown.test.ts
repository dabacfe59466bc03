import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parser } from '../../../src/webview/markdown/parser';
import { noBlocks, splitBlocks } from '../../../src/webview/markdown/splitBlocks';
import { hostileMarkdown } from '../../browser/harness/hostileMarkdown';
import { longAnswer } from '../../browser/harness/fixtures';

const pieces = fc.constantFrom(
  ...[
    'a',
    ' ',
    '\n',
    '\n\n',
    '- ',
    '1. ',
    '> ',
    '# ',
    '```',
    '```js\n',
    '`',
    '**',
    '|',
    '|-|-|\n',
    '    ',
    '---',
    '===',
  ],
  ...['[x]: http://a.b\n', '[x]', '\r\n', '\t', '~~~', '<b>', '\0', '***\n'],
);

suite('markdown', () => {
  test('what looks like the head of a table may yet go on with the paragraph before it', () => {
    let split = noBlocks();
    for (const text of ['a', 'a\n|b\n', 'a\n|b\n---', 'a\n|b\n---a']) split = splitBlocks(text, split);
    assert.deepEqual(split.blocks, splitBlocks('a\n|b\n---a').blocks);
  });

  test('growing piece by piece splits into the same blocks as all at once', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        let split = noBlocks();
        let text = '';
        for (const part of parts) {
          text += part;
          split = splitBlocks(text, split);
        }
        assert.deepEqual(split.blocks, splitBlocks(text).blocks);
      }),
      { numRuns: 500 },
    );
  });

  test('a line that begins with a mark and a colon is shown, and defines no link', () => {
    const mark = '[secret masked: password]';
    for (const text of [
      `${mark}: https://a.b`,
      `${mark}: that was it`,
      `> ${mark}: https://a.b`,
      `- ${mark}: x`,
    ]) {
      const html = parser.render(`${text}\n\n${mark} and [x]\n\n[x]: https://c.d\n`);
      assert.equal(html.match(/class="secret-mark"/g)?.length, 2, html);
      assert.match(html, /<\/span>: (<a href|that|x)/);
      assert.match(html, /<a href="https:\/\/c\.d"/, 'other definitions are ones');
      const { blocks } = splitBlocks(text);
      assert.equal(blocks.map(({ source }) => source).join(''), text);
    }
  });

  test('blocks that are closed are kept as they are while the text grows', () => {
    const before = splitBlocks(longAnswer);
    const then = splitBlocks(`${longAnswer}\nAnd more`, before);
    assert.ok(before.blocks.length > 5);
    before.blocks.slice(0, -1).forEach((block, at) => assert.equal(then.blocks[at], block));
  });

  test('a fence that is not closed yet is code', () => {
    assert.deepEqual(splitBlocks('Look:\n\n```ts\nconst a').blocks.at(-1), {
      type: 'code',
      source: '```ts\nconst a',
      text: 'const a',
      language: 'ts',
    });
  });

  test('an image is a link to it, with its alternative text', () => {
    const html = parser.render('![a cat](https://x.test/cat.png) ![](https://x.test/dog.png)');
    assert.ok(!html.includes('<img'));
    assert.match(html, /<a href="https:\/\/x\.test\/cat\.png"[^>]*>a cat<\/a>/);
    assert.match(html, />image<\/a>/);
  });

  test('a link that cannot be opened keeps its text and loses the link', () => {
    const html = parser.render(
      '[run](command:x) [file](src/a.ts) [data](data:text/html,x) [ok](https://x.test)',
    );
    assert.equal(html.match(/<a /g)?.length, 1);
    assert.match(html, /<span>run<\/span> <span>file<\/span> <span>data<\/span>/);
  });

  test("a link's title is where it leads, whatever the model calls it", () => {
    const html = parser.render(
      '[a](https://evil.test "https://bank.test") [b]\n\n[b]: https://evil.test/b (Bank)',
    );
    assert.deepEqual(
      [...html.matchAll(/title="([^"]*)"/g)].map(([, title]) => title),
      ['https://evil.test', 'https://evil.test/b'],
    );
  });

  test('an image in a link is its text, and one after it is a link of its own', () => {
    const html = parser.render(
      '[![x](https://i.test/x)](https://a.test) ![y](https://i.test/y) [![z](https://i.test/z)](command:x)',
    );
    assert.deepEqual(
      [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
      ['https://a.test', 'https://i.test/y', 'https://i.test/z'],
    );
  });

  for (const [name, text] of Object.entries(hostileMarkdown)) {
    test(`makes nothing live of ${name}`, () => {
      const html = parser.render(text);
      const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
      for (const tag of tags) {
        assert.doesNotMatch(
          tag,
          /<(script|img|svg|iframe|style|object|embed|math|form|input|base|link|meta)/i,
        );
        assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+=|\sstyle=|\ssrc=/i);
        const href = /\shref="([^"]*)"/.exec(tag)?.[1];
        if (href !== undefined) assert.match(href, /^(https?:\/\/|mailto:)/i);
      }
    });
  }
});
