import { answerText } from '../../../core/message';
import type { StoredTurn } from '../../../core/historyLog';
import type { CompactionState } from '../../../core/memory/compaction';
import type { Summary } from '../../../core/memory/summary';
import { templateCompactor } from '../../../core/memory/templateCompactor';
import type { ShownCompaction, ShownSummary } from '../../../protocol/context';
import type { SummaryLabel } from './summaryLabels';

/** The most of a turn's text that is shown beside its summary, in characters: the turn itself is a click away. */
const longestShown = 4_000;

/** A summary in the list: what it says and stands for is read once it is opened. */
export function shownSummary(
  { id, createdAt, by, state, edited = false, turnIds, replaces }: Summary,
  tokens: number,
  label: SummaryLabel | undefined,
): ShownSummary {
  return {
    id,
    createdAt,
    ...(by !== templateCompactor.id && { by }),
    state,
    edited,
    ...(replaces && { replaces: replaces.length }),
    length: turnIds.length,
    ...(label && { first: { prompt: label.prompt, createdAt: label.createdAt } }),
    ...(label?.last && { last: label.last }),
    tokens,
  };
}

/** One of the turns that a summary stands for. */
export function shownCovered(turn: StoredTurn): NonNullable<ShownSummary['opened']>['turns'][number] {
  return {
    id: turn.id,
    createdAt: turn.createdAt,
    prompt: shortened(turn.messages[0]?.content ?? ''),
    answer: shortened(answerText(turn)),
    calls: turn.messages.reduce((total, message) => total + (message.tool_calls?.length ?? 0), 0),
  };
}

export function shownCompaction(
  state: CompactionState,
  describe: (error: unknown) => { readonly message: string },
): ShownCompaction {
  switch (state.status) {
    case 'idle':
      return { status: 'idle' };
    case 'running':
      return { status: 'running', turns: state.turns, done: state.done };
    case 'done':
      return {
        status: 'done',
        summaryId: state.summary.id,
        ...(state.note !== undefined && { note: state.note }),
      };
    case 'failed':
      return { status: 'failed', message: describe(state.error).message };
  }
}

function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
