import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../host/paths.ts';

const css = ['chat.css', 'context.css', 'memory.css', 'receipt.css']
  .map((name) => readFileSync(path.join(root, 'media', name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
  .join('\n');

suite("the views' colours", () => {
  test('are all VS Code’s, so that every theme holds', () => {
    const names =
      /:\s[^;{]*\b(black|white|red|green|blue|gr[ae]y|silver|yellow|orange|purple|pink|brown|cyan|magenta|navy|teal)\b/;
    for (const line of css.split('\n')) {
      assert.doesNotMatch(line, /#[0-9a-f]{3,8}\b/i);
      assert.doesNotMatch(line, /\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(/i);
      assert.doesNotMatch(line.replace(/--vscode-[\w-]+/g, ''), names);
    }
  });

  test('load nothing', () => {
    assert.doesNotMatch(css, /@import|url\(/i);
  });
});
