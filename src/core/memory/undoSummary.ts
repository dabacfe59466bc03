import type { Session } from '../session';
import { isMerged } from './summary';

/**
 * The summary's turns speak for themselves again, or the summaries do that it replaced. Where turns were trimmed so that
 * it stands for them at once, that is undone with it. A summary that is gone is no error.
 */
export async function undoSummary(session: Session, summaryId: string): Promise<void> {
  const summary = (await session.requests.summaries()).find(({ id }) => id === summaryId);
  if (!summary) return;
  await session.requests.putSummary({ ...summary, state: 'undone' });
  if (isMerged(summary)) return;
  const { contextStart, trims } = session.summary ?? { contextStart: 0, trims: 0 };
  if (trims > 0 && contextStart === summary.to + 1) await session.requests.undoTrim();
}
