import type { Summary } from '../../../core/memory/summary';
import { reviewOf } from '../../../core/memory/summaryReview';
import type { Session } from '../../../core/session';
import type { TokenCounter } from '../../../core/tokenCounter';
import type { ShownSummaries } from '../../../protocol/context';
import { shownSummary } from './shownSummaries';

/** Looks at the session's summaries, the newest first, each with its turns. */
export async function lookAtSummaries(
  session: Session,
  cost: { readonly counter: TokenCounter; readonly maxTokens: number },
): Promise<{ readonly view: ShownSummaries; readonly summaries: readonly Summary[] }> {
  const [summaries, plan] = await Promise.all([
    session.requests.summaries(),
    session.compaction.plan('all').catch(() => ({ turns: [], tokens: 0 })),
  ]);
  const turns = await session.requests.originals(summaries, (turn) => turn);
  const view: ShownSummaries = {
    tab: 'summaries',
    summaries: summaries.map((summary) => shownSummary(reviewOf(summary, turns, cost))).reverse(),
    plan: { turns: plan.turns.length, tokens: plan.tokens },
  };
  return { view, summaries };
}
