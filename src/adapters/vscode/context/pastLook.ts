import { builtInModelId, builtInModelLabel } from '../../../core/builtIn/connecting';
import type { SentContext } from '../../../core/context/sentContext';
import { sentRequest, toldRequests } from '../../../core/context/sentItems';
import { turnsAt } from '../../../core/context/turnsAt';
import type { HistoryLog, StoredTurn } from '../../../core/historyLog';
import type { ReceiptSources } from '../../../core/memory/recallReceipt';
import type { Session } from '../../../core/session';
import type { ContextLook, ShownPast } from '../../../protocol/context';
import { promptLine } from '../promptLine';
import { recalledNow, type RecalledReading } from './recalledPast';
import type { SummaryLabels } from './summaryLabels';
import { shownPast } from './shownPast';
import { withRecalled } from './shownRecalled';

export interface PastLookOptions extends Pick<RecalledReading, 'fact'> {
  readonly log: HistoryLog;
  readonly labels: SummaryLabels;
  readonly sources: ReceiptSources;
}

/**
 * Looks at what a past turn's request carried: the newest turn's first, where none of the session is chosen. A panel asks
 * on for the turn that it looked at when another session has become the active one.
 */
export async function lookAtPast(
  { turnId: asked, request: askedRequest = 1, listed, open }: ContextLook,
  session: Session,
  { log, labels, fact, sources }: PastLookOptions,
): Promise<{ readonly view: ShownPast; readonly sent?: SentContext }> {
  const page = await session.page(listed);
  const turns = page.turns
    .filter(({ status }) => status !== 'running')
    .map(lineOf)
    .reverse();
  const list: ShownPast = { tab: 'past', turns, more: page.more };
  const askedTurn = asked === undefined ? undefined : await log.turn(asked);
  const isOther = askedTurn !== undefined && askedTurn.sessionId !== session.id;
  const turnId = (isOther ? undefined : asked) ?? turns[0]?.id;
  if (turnId === undefined) return { view: { ...list, missing: 'no-turns' } };
  const turn = turnId === asked ? askedTurn : await log.turn(turnId);
  if (!turn) return { view: { ...list, missing: 'deleted' } };
  const shown: ShownPast = { ...list, turn: lineOf(turn) };
  const sent = await log.sentContext(turnId);
  if (!sent) return { view: { ...shown, missing: 'unknown' } };
  const told = toldRequests(sent);
  const at = Math.min(isOther ? 1 : askedRequest, told);
  const carried = sentRequest(sent, at - 1);
  const positions = carried.items.flatMap((item) => item.positions ?? []);
  const summaries = await log.summaries(turn.sessionId);
  const named = new Set(carried.items.map(({ summaryId }) => summaryId));
  const past = shownPast(carried, {
    turn,
    turns: await turnsAt(log, turn.sessionId, positions),
    summaries,
    labels: await labels.of(summaries.filter(({ id }) => named.has(id))),
    recalled: await recalledNow(carried.items, { log, fact }),
    open: new Set(open),
  });
  const context = await withRecalled(past, carried.items, sources);
  const { usage, model } = turn;
  const more = {
    requests: { told, untold: sent.untold ?? 0, shown: at },
    ...(usage && { usage: { ...usage } }),
    ...(model !== undefined && { model: model === builtInModelId ? builtInModelLabel : model }),
  };
  return { view: { ...shown, context, ...more }, sent };
}

function lineOf(turn: StoredTurn): { id: string; title: string; createdAt: string } {
  return { id: turn.id, title: promptLine(turn), createdAt: turn.createdAt };
}
