import type { Env, Token } from 'markdown-it';
import { languageOf, parser } from './parser';

/** A top-level block of a markdown text: a paragraph, a list, a fence … */
export type Block =
  | { readonly type: 'markdown'; readonly source: string }
  | { readonly type: 'code'; readonly source: string; readonly text: string; readonly language: string };

export interface Blocks {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Where the last block begins in `text`. */
  readonly lastStart: number;
  /** Link reference definitions met so far. */
  readonly env: Env;
}

export const noBlocks = (): Blocks => ({ text: '', blocks: [], lastStart: 0, env: {} });

/**
 * Splits `text`. Where it only grew since `previous`, all blocks but the last are kept as they are (a block that another
 * one follows is closed for good), so that a streamed answer costs its last block, not its length, each time.
 */
export function splitBlocks(written: string, previous: Blocks = noBlocks()): Blocks {
  const text = normalize(written);
  if (text === previous.text) return previous;
  if (!text.startsWith(previous.text)) return splitBlocks(text);
  const start = previous.lastStart;
  const tail = text.slice(start);
  const tokens: Token[] = [];
  parser.block.parse(tail, parser, previous.env, tokens);
  const lines = lineStarts(tail);
  const added: Block[] = [];
  let lastStart = start;
  for (const token of tokens) {
    if (token.level !== 0 || token.nesting === -1 || !token.map) continue;
    const from = lines[token.map[0]] ?? tail.length;
    const source = tail.slice(from, lines[token.map[1]] ?? tail.length);
    lastStart = start + from;
    const isCode = token.type === 'fence' || token.type === 'code_block';
    added.push(
      isCode
        ? { type: 'code', source, text: token.content, language: languageOf(token.info) }
        : { type: 'markdown', source },
    );
  }
  return { text, blocks: [...previous.blocks.slice(0, -1), ...added], lastStart, env: previous.env };
}

/** As markdown-it does before it parses blocks. */
const normalize = (text: string): string => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
