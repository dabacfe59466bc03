import { carriedTurns, requestChange, type RequestChange } from '../context/requestChange';
import type { Session } from '../session';
import type { CompactionPlan } from './compactionPlan';
import type { Summary } from './summary';
import { standInPlan } from './trimPlan';

export interface SummarisedTrim extends RequestChange {
  /** For how many turns the summary stands, those among them that were left out before. */
  readonly summarised: number;
  /** Left out of a preview, whose tokens count what it is wished to cost. */
  readonly summary?: Summary;
}

/**
 * A summary takes the place of all turns but the newest at once. With `preview` nothing is changed.
 * @throws InputError `nothing-to-compact`, ModelError, HistoryError; AbortError once cancelled
 */
export async function trimToSummary(
  session: Session,
  { preview = false, signal }: { readonly preview?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<SummarisedTrim> {
  const { requests, compaction } = session;
  const plan = await compaction.plan('all');
  if (preview) return previewOf(session, plan);
  const before = requests.contextOf(await requests.parts());
  const stop = (): void => compaction.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  const summary = await compaction.run(plan).finally(() => signal?.removeEventListener('abort', stop));
  await requests.standIn(summary);
  const after = requests.contextOf(await requests.parts());
  return { ...requestChange(before, after), summarised: summary.turnIds.length, summary };
}

async function previewOf({ requests, compaction }: Session, plan: CompactionPlan): Promise<SummarisedTrim> {
  const parts = await requests.parts();
  const now = requests.contextOf(parts);
  const { turns } = plan;
  const last = turns.at(-1);
  if (!last) return { ...requestChange(now, now), summarised: 0 };
  const summary = { turnIds: turns.map(({ id }) => id), to: last.position };
  const trim = standInPlan(summary, parts, carriedTurns(now));
  const change = requests.changeTo({ ...parts, session: { ...parts.session, ...trim } }, parts);
  const tokensAfter = change.tokensAfter + compaction.wishFor(plan);
  return { ...change, tokensAfter, summarised: turns.length };
}
