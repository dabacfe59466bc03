import type { SummaryUndo } from '../../../core/memory/undoSummary';
import { countOf } from './countWords';

/** What is asked before undoing a summary leaves the model with less. */
export function undoQuestion({ turns, back, lost, tokensBefore, tokensAfter }: SummaryUndo): {
  readonly message: string;
  readonly detail: string;
} {
  const them = lost === 1 ? 'it' : 'them';
  const what =
    turns === 1 ? 'Its turn' : lost === turns ? 'Its turns' : `${lost.toLocaleString()} of its turns`;
  const again = `${countOf(back, 'turn')} ${back === 1 ? 'goes' : 'go'} with requests again.`;
  return {
    message: `Undo the summary of ${countOf(turns, 'turn')}?`,
    detail: [
      `${what} no longer ${lost === 1 ? 'fits' : 'fit'}: the model would be told neither ${them} nor what the summary says of ${them}.`,
      ...(back > 0 ? [again] : []),
      `The next request, before a prompt: about ${tokensBefore.toLocaleString()} → ${tokensAfter.toLocaleString()} tokens.`,
      'All turns stay stored, and the summary can be taken back in the Context panel.',
    ].join(' '),
  };
}
