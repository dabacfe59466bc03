import type { Env } from 'markdown-it';
import type { VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { CodeBlock } from './codeBlock';
import { withSecretMarks } from '../secretMarks';
import { renderBlock } from './renderBlock';
import { noBlocks, splitBlocks } from './splitBlocks';

/**
 * Markdown that may still be growing: only its last block is parsed and drawn again. Once it is complete it is split
 * anew, as a link's definition may have come after its use.
 */
export function Markdown({ text, streaming }: { readonly text: string; readonly streaming: boolean }): VNode {
  const previous = useRef(noBlocks());
  const split = useMemo(() => splitBlocks(text, streaming ? previous.current : undefined), [text, streaming]);
  previous.current = split;
  return (
    <div class="markdown">
      {split.blocks.map((block, index) =>
        block.type === 'code' ? (
          <CodeBlock key={`code-${index}`} text={block.text} language={block.language} />
        ) : (
          <MarkdownBlock key={`markdown-${index}`} source={block.source} env={split.env} />
        ),
      )}
    </div>
  );
}

/** A longer block is no prose: drawing it again with each piece of a stream would take too long. In characters. */
const longestBlock = 100_000;

function MarkdownBlock({ source, env }: { readonly source: string; readonly env: Env }): VNode {
  const plain = source.length > longestBlock;
  const html = useMemo(() => (plain ? '' : renderBlock(source, env)), [source, env, plain]);
  if (plain) return <div class="markdown-block plain-block">{withSecretMarks(source)}</div>;
  return <div class="markdown-block" dangerouslySetInnerHTML={{ __html: html }} />;
}
