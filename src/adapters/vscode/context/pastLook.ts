import { builtInModelId, builtInModelLabel } from '../../../core/builtIn/connecting';
import type { SentContext } from '../../../core/context/sentContext';
import { turnsAt } from '../../../core/context/turnsAt';
import type { HistoryLog, StoredTurn } from '../../../core/historyLog';
import type { Session } from '../../../core/session';
import type { ContextLook, ShownPast } from '../../../protocol/context';
import { promptLine } from '../promptLine';
import { shownPast } from './shownPast';

/** Looks at what a past turn's first request carried: the newest turn's, where none is chosen. */
export async function lookAtPast(
  { turnId: chosen, listed, open }: ContextLook,
  session: Session,
  log: HistoryLog,
): Promise<{ readonly view: ShownPast; readonly sent?: SentContext }> {
  const page = await session.page(listed);
  const turns = page.turns
    .filter(({ status }) => status !== 'running')
    .map(lineOf)
    .reverse();
  const list: ShownPast = { tab: 'past', turns, more: page.more };
  const turnId = chosen ?? turns[0]?.id;
  if (turnId === undefined) return { view: { ...list, missing: 'no-turns' } };
  const turn = await log.turn(turnId);
  if (!turn) return { view: { ...list, missing: 'deleted' } };
  const shown: ShownPast = { ...list, turn: lineOf(turn) };
  const sent = await log.sentContext(turnId);
  if (!sent) return { view: { ...shown, missing: 'unknown' } };
  const positions = sent.items.flatMap((item) => item.positions ?? []);
  const context = shownPast(sent, {
    turn,
    turns: await turnsAt(log, turn.sessionId, positions),
    summaries: await log.summaries(turn.sessionId),
    open: new Set(open),
  });
  const { usage, model } = turn;
  const told = {
    ...(usage && { usage: { ...usage } }),
    ...(model !== undefined && { model: model === builtInModelId ? builtInModelLabel : model }),
  };
  return { view: { ...shown, context, ...told }, sent };
}

function lineOf(turn: StoredTurn): { id: string; title: string; createdAt: string } {
  return { id: turn.id, title: promptLine(turn), createdAt: turn.createdAt };
}
