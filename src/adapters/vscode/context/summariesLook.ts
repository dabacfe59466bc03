import type { ContextItem } from '../../../core/context/context';
import type { HistoryLog } from '../../../core/historyLog';
import type { Summary } from '../../../core/memory/summary';
import { summaryCost, turnsCost } from '../../../core/memory/summaryReview';
import type { Session } from '../../../core/session';
import type { TokenCounter } from '../../../core/tokenCounter';
import {
  coveredPage,
  type ContextLook,
  type ShownSummaries,
  type ShownSummary,
} from '../../../protocol/context';
import { shownCovered, shownSummary } from './shownSummaries';
import type { SummaryLabels } from './summaryLabels';

export interface SummariesLookOptions {
  readonly log: Pick<HistoryLog, 'turn'>;
  readonly labels: SummaryLabels;
  readonly counter: TokenCounter;
  readonly maxTokens: number;
}

/** Looks at the session's summaries, the newest first; of the one that is reviewed, at a page of its turns, too. */
export async function lookAtSummaries(
  { listed, review, coveredFrom = 0 }: Pick<ContextLook, 'listed' | 'review' | 'coveredFrom'>,
  session: Session,
  { log, labels, counter, maxTokens }: SummariesLookOptions,
): Promise<{ readonly view: ShownSummaries; readonly summaries: readonly Summary[] }> {
  const [summaries, plan, items] = await Promise.all([
    session.requests.summaries(),
    session.compaction.plan('all').catch(() => ({ turns: [], tokens: 0 })),
    nextItems(session),
  ]);
  const newest = summaries.slice(-Math.max(1, listed));
  const reviewed = summaries.find(({ id }) => id === review);
  const shown = reviewed && !newest.includes(reviewed) ? [reviewed, ...newest] : newest;
  const told = await labels.of(shown, { most: shown.length, both: true });
  const costs = (summary: Summary): SummaryCosts => costsOf(summary, items, counter);
  const opened =
    reviewed &&
    (await openedOf(reviewed, coveredFrom, { log, counter, maxTokens, scale: costs(reviewed).scale }));
  const view: ShownSummaries = {
    tab: 'summaries',
    summaries: shown
      .map((summary) => ({
        ...shownSummary(summary, costs(summary).tokens, told.get(summary.id)),
        ...outOf(summary, summaries, items),
        ...(summary === reviewed && { opened }),
      }))
      .reverse(),
    more: newest.length < summaries.length,
    plan: { turns: plan.turns.length, tokens: plan.tokens },
  };
  return { view, summaries };
}

/** Of the next request; none where nothing fits. */
async function nextItems({ requests }: Session): Promise<readonly ContextItem[]> {
  try {
    return requests.contextOf(await requests.parts()).items;
  } catch {
    return [];
  }
}

interface SummaryCosts {
  readonly tokens: number;
  /** What counts beside the request are multiplied by, to be told as the request tells them. */
  readonly scale: number;
}

/** As the next request has it, where it is one of its items: the tabs of the panel tell the same of it. */
function costsOf(summary: Summary, items: readonly ContextItem[], counter: TokenCounter): SummaryCosts {
  const counted = summaryCost(summary, counter);
  const tokens = items.find(({ summaryId }) => summaryId === summary.id)?.tokens ?? counted;
  return { tokens, scale: counted > 0 ? tokens / counted : 1 };
}

function outOf(
  summary: Summary,
  summaries: readonly Summary[],
  items: readonly ContextItem[],
): Pick<ShownSummary, 'out'> {
  if (summary.state !== 'active') return {};
  const partOf = (id: string): ContextItem['summaryPart'] =>
    items.find(({ summaryId }) => summaryId === id)?.summaryPart;
  const part = partOf(summary.id);
  if (part === 'replaced' || part === 'left-out') return { out: part };
  if (part !== undefined) return {};
  const own = [summary.id, ...(summary.replaces ?? [])];
  const isReplaced = summaries.some(
    ({ id, replaces = [] }) =>
      id !== summary.id && partOf(id) !== undefined && replaces.some((other) => own.includes(other)),
  );
  if (isReplaced) return { out: 'replaced' };
  const isPartUndone = summaries.some(({ id, state }) => state === 'undone' && own.includes(id));
  return isPartUndone ? { out: 'part-undone' } : {};
}

async function openedOf(
  { text, turnIds }: Summary,
  wanted: number,
  { log, scale, ...cost }: Omit<SummariesLookOptions, 'labels'> & Pick<SummaryCosts, 'scale'>,
): Promise<NonNullable<ShownSummary['opened']>> {
  const last = Math.floor((turnIds.length - 1) / coveredPage) * coveredPage;
  const from = Math.min(Math.floor(wanted / coveredPage) * coveredPage, last);
  const ids = turnIds.slice(from, from + coveredPage);
  const read = await Promise.all(ids.map((id) => log.turn(id).catch(() => undefined)));
  const turns = read.filter((turn) => turn !== undefined);
  const isWhole = turns.length === turnIds.length;
  return {
    text,
    from,
    listed: ids.length,
    turns: turns.map(shownCovered),
    ...(isWhole && { replaced: Math.round(turnsCost(turns, cost) * scale) }),
  };
}
