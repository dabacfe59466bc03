import { answerText } from '../../../core/message';
import type { SummaryReview } from '../../../core/memory/summaryReview';
import { templateCompactor } from '../../../core/memory/templateCompactor';
import type { CompactionState } from '../../../core/memory/compaction';
import type { ShownCompaction, ShownSummary } from '../../../protocol/context';

/** The most of a turn's text that is shown beside its summary, in characters. */
const longestShown = 20_000;

export function shownSummary({ summary, turns, tokens, replaced }: SummaryReview): ShownSummary {
  const { id, createdAt, text, by, state, edited = false, turnIds, replaces } = summary;
  return {
    id,
    createdAt,
    text,
    ...(by !== templateCompactor.id && { by }),
    state,
    edited,
    ...(replaces && { replaces: replaces.length }),
    length: turnIds.length,
    tokens,
    replaced,
    turns: turns.map((turn) => ({
      id: turn.id,
      createdAt: turn.createdAt,
      prompt: shortened(turn.messages[0]?.content ?? ''),
      answer: shortened(answerText(turn)),
      calls: turn.messages.reduce((total, message) => total + (message.tool_calls?.length ?? 0), 0),
    })),
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
