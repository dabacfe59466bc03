import type { Context } from './context';

/** What another choice of turns makes of the next request. */
export interface RequestChange {
  /** Turns that it carries before and after. */
  readonly kept: number;
  /** Turns that it carries before and not after. */
  readonly trimmed: number;
  /** Turns that it carries after and not before. */
  readonly added: number;
  /** What it costs before a prompt is typed, in tokens. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

export function requestChange(before: Context, after: Context): RequestChange {
  const [was, is] = [carriedTurns(before), carriedTurns(after)];
  const kept = [...was].filter((id) => is.has(id)).length;
  return {
    kept,
    trimmed: was.size - kept,
    added: is.size - kept,
    tokensBefore: before.tokens,
    tokensAfter: after.tokens,
  };
}

export function changesNothing({ trimmed, added, tokensBefore, tokensAfter }: RequestChange): boolean {
  return trimmed === 0 && added === 0 && tokensBefore === tokensAfter;
}

export function carriedTurns({ items }: Context): ReadonlySet<string> {
  return new Set(items.flatMap(({ included, turnId }) => (included && turnId !== undefined ? [turnId] : [])));
}
