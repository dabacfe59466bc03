import type { Context } from '../context/context';
import { carriedTurns } from '../context/requestChange';
import type { ContextParts } from '../context/sessionContext';
import type { Session } from '../session';
import { isMerged, type Summary } from './summary';

/** What undoing a summary would make of the next request. */
export interface SummaryUndo {
  /** For so many turns it stands. */
  readonly turns: number;
  /** Turns of these that are carried again. */
  readonly back: number;
  /** Turns of these that no longer fit: told of now, and then neither carried nor in any summary that is. */
  readonly lost: number;
  /** What it costs before a prompt is typed, in tokens. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** Undefined where there is no such summary, it is undone already, or no request can be made as it is. */
export async function previewUndo(
  { requests, summary: entry }: Session,
  id: string,
): Promise<SummaryUndo | undefined> {
  const parts = await requests.parts();
  const summary = parts.summaries.find((one) => one.id === id);
  if (summary?.state !== 'active') return undefined;
  const contexts = contextsOf(requests, parts, undone(parts, summary, entry?.trims ?? 0));
  if (!contexts) return undefined;
  const { before, after } = contexts;
  const [carriedBefore, carriedAfter] = [carriedTurns(before), carriedTurns(after)];
  const [toldBefore, toldAfter] = [toldTurns(before, parts), toldTurns(after, parts)];
  const { turnIds } = summary;
  return {
    turns: turnIds.length,
    back: turnIds.filter((turnId) => carriedAfter.has(turnId) && !carriedBefore.has(turnId)).length,
    lost: turnIds.filter((turnId) => toldBefore.has(turnId) && !toldAfter.has(turnId)).length,
    tokensBefore: before.tokens,
    tokensAfter: after.tokens,
  };
}

/**
 * The summary's turns speak for themselves again, or the summaries do that it replaced. Where turns were trimmed so that
 * it stands for them at once, that is undone with it.
 * @returns false, and changes nothing, where it is undone already, or gone
 */
export async function undoSummary(session: Session, summaryId: string): Promise<boolean> {
  const summary = (await session.requests.summaries()).find(({ id }) => id === summaryId);
  if (summary?.state !== 'active') return false;
  await session.requests.putSummary({ ...summary, state: 'undone' });
  const { contextStart, trims } = session.summary ?? { contextStart: 0, trims: 0 };
  if (trims > 0 && standsAtOnce(summary, contextStart)) await session.requests.undoTrim();
  return true;
}

function standsAtOnce(summary: Summary, contextStart: number): boolean {
  return !isMerged(summary) && contextStart === summary.to + 1;
}

/** The parts once it is undone. What was trimmed before it stays so, as far as that can be told. */
function undone(parts: ContextParts, summary: Summary, trims: number): ContextParts {
  const { session } = parts;
  const summaries = parts.summaries.map((one) =>
    one === summary ? { ...one, state: 'undone' as const } : one,
  );
  if (trims === 0 || !standsAtOnce(summary, session.contextStart)) return { ...parts, summaries };
  const contextStart = trims === 1 ? 0 : summary.from;
  const contextKept = (session.contextKept ?? []).filter((position) => position < contextStart);
  return { ...parts, summaries, session: { ...session, contextStart, contextKept } };
}

function contextsOf(
  requests: Session['requests'],
  before: ContextParts,
  after: ContextParts,
): { readonly before: Context; readonly after: Context } | undefined {
  try {
    return { before: requests.contextOf(before), after: requests.contextAfter(after) };
  } catch {
    // What cannot be sent as it is gets no worse.
    return undefined;
  }
}

/** Turns that the request carries, or a summary that it carries stands for. */
function toldTurns(context: Context, { summaries }: ContextParts): ReadonlySet<string> {
  const sent = new Set(
    context.items.flatMap(({ included, summaryId }) => (included && summaryId ? [summaryId] : [])),
  );
  const covered = summaries.filter(({ id }) => sent.has(id)).flatMap(({ turnIds }) => turnIds);
  return new Set([...carriedTurns(context), ...covered]);
}
