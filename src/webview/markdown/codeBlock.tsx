import type { VNode } from 'preact';
import { withSecretMarks } from '../secretMarks';

/** Its button is answered by `handleContentClick`, like that of code within a list. */
export function CodeBlock({ text, language }: { readonly text: string; readonly language: string }): VNode {
  return (
    <div class="code-block">
      <div class="code-block-header">
        <span class="code-block-language">{language}</span>
        <button type="button" class="text-button" data-copy="code" aria-label="Copy code">
          Copy
        </button>
      </div>
      <pre tabIndex={0}>
        <code>{withSecretMarks(text)}</code>
      </pre>
    </div>
  );
}
