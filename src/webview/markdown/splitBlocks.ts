import type { Env, Token } from 'markdown-it';
import { languageOf, parser } from './parser';

/** A top-level block of a markdown text: a paragraph, a list, a fence … */
export type Block =
  | { readonly type: 'markdown'; readonly source: string }
  | { readonly type: 'code'; readonly source: string; readonly text: string; readonly language: string };

export interface Blocks {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** How many blocks more text cannot change, and where in `text` they end. */
  readonly closed: { readonly count: number; readonly end: number };
  /** Link reference definitions met so far. */
  readonly env: Env;
}

export const noBlocks = (): Blocks => ({ text: '', blocks: [], closed: { count: 0, end: 0 }, env: {} });

/**
 * Splits `text`. Where it only grew since `previous`, closed blocks are kept as they are, so that a streamed answer costs
 * its last block, not its length, each time. A block is closed by the next one, once that one's first line is whole: the
 * `---` that ends a list may yet become the `---a` that goes on with it.
 */
export function splitBlocks(written: string, previous: Blocks = noBlocks()): Blocks {
  const text = normalize(written);
  if (text === previous.text) return previous;
  if (!text.startsWith(previous.text)) return splitBlocks(text);
  const { count, end } = previous.closed;
  const tail = text.slice(end);
  const tokens: Token[] = [];
  parser.block.parse(tail, parser, previous.env, tokens);
  const lines = lineStarts(tail);
  const blocks = previous.blocks.slice(0, count);
  let closed = previous.closed;
  for (const token of tokens) {
    if (token.level !== 0 || token.nesting === -1 || !token.map) continue;
    const from = lines[token.map[0]] ?? tail.length;
    const to = lines[token.map[1]] ?? tail.length;
    // A table is one by its second line.
    const deciding = token.type === 'table_open' ? 2 : 1;
    if (lines[token.map[0] + deciding] !== undefined) closed = { count: blocks.length, end: end + from };
    blocks.push(blockOf(token, tail.slice(from, to)));
  }
  return { text, blocks, closed, env: previous.env };
}

function blockOf(token: Token, source: string): Block {
  return token.type === 'fence' || token.type === 'code_block'
    ? { type: 'code', source, text: token.content, language: languageOf(token.info) }
    : { type: 'markdown', source };
}

/** As markdown-it does before it parses blocks. */
const normalize = (text: string): string => text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
