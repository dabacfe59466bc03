import assert from 'node:assert/strict';
import { chatHtml } from '../../../../src/adapters/vscode/chatHtml';

const html = chatHtml({
  cspSource: 'https://*.example.test',
  scriptUri: 'https://host.test/dist/webview.js?a=1&b="2"',
  styleUris: ['https://host.test/media/chat.css', 'https://host.test/media/context.css'],
  nonce: 'abc123',
});

suite("the view's document", () => {
  test('allows its one script and its stylesheets, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.split('; ');
    assert.deepEqual(policy, [
      "default-src 'none'",
      "script-src 'nonce-abc123'",
      'style-src https://*.example.test',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('loads its stylesheets in their order', () => {
    assert.deepEqual(
      [...html.matchAll(/rel="stylesheet" href="[^"]*\/([^"/]*)"/g)].map(([, name]) => name),
      ['chat.css', 'context.css'],
    );
  });

  test('escapes what it is given', () => {
    assert.ok(html.includes('src="https://host.test/dist/webview.js?a=1&amp;b=&quot;2&quot;"'));
  });
});
