import { changesNothing, type RequestChange } from '../../../core/context/requestChange';
import type { SummarisedTrim } from '../../../core/memory/trimToSummary';
import { countOf } from './countWords';

export const unchangedWords = 'The next request stays as it is.';

/** Such as "The next request, before a prompt: 14 → 3 turns, about 5,210 → 640 tokens". */
export function changeWords({ kept, trimmed, added, tokensBefore, tokensAfter }: RequestChange): string {
  const moves = trimmed > 0 && added > 0 ? ` (${go(trimmed)}, ${comeBack(added)})` : '';
  const after = kept + added;
  const turns = `${fromTo(kept + trimmed, after)} turn${after === 1 ? '' : 's'}${moves}`;
  const isSame = tokensBefore === tokensAfter;
  const tokens = isSame
    ? `${tokensAfter.toLocaleString()} tokens as before`
    : `${fromTo(tokensBefore, tokensAfter)} tokens`;
  return `The next request, before a prompt: ${turns}, about ${tokens}`;
}

/** What a trim would do. */
export function previewWords(change: RequestChange): string {
  return changesNothing(change) ? `Changes nothing: ${lowerFirst(unchangedWords)}` : changeWords(change);
}

/** What summarising would do. */
export function summaryPreviewWords(change: SummarisedTrim): string {
  if (change.summarised === 0) {
    return 'Nothing to summarise: the older turns are too few, too short, or summarised.';
  }
  return `Summarises ${countOf(change.summarised, 'turn')}. ${changeWords(change)}`;
}

/** What summarising has done. */
export function summarisedWords(change: SummarisedTrim): string {
  const are = change.summarised === 1 ? 'is' : 'are';
  return `${countOf(change.summarised, 'turn')} ${are} summarised. ${changeWords(change)}`;
}

function fromTo(before: number, after: number): string {
  if (before === after) return `still ${after.toLocaleString()}`;
  return `${before.toLocaleString()} → ${after.toLocaleString()}`;
}

function go(trimmed: number): string {
  return `${trimmed.toLocaleString()} ${trimmed === 1 ? 'goes' : 'go'}`;
}

function comeBack(added: number): string {
  return `${added.toLocaleString()} ${added === 1 ? 'comes' : 'come'} back`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
