import { mapItems } from '../../../../core/context/sentItems';
import { idOf, type HeldSummary, type HeldText, type HeldTurn, type Holdings } from './holdings';

/** Whether it was deleted, or something that it tells was. */
export function isGone({ workspaceId, summary }: HeldSummary, buried: ReadonlySet<string>): boolean {
  const { id, sessionId, turnIds } = summary;
  return (
    buried.has(`summary${idOf(workspaceId, id)}`) ||
    buried.has(`session${idOf(workspaceId, sessionId)}`) ||
    turnIds.some((turnId) => buried.has(`turn${idOf(workspaceId, turnId)}`))
  );
}

/** How many were there, and are neither kept nor deleted. */
export function lostSummaries(
  all: readonly Holdings[],
  kept: readonly HeldSummary[],
  buried: ReadonlySet<string>,
): number {
  const there = new Set(kept.map(({ workspaceId, summary }) => idOf(workspaceId, summary.id)));
  const known = all.flatMap(({ summaryIds, summaries }) => [
    ...summaryIds.map(({ workspaceId, id }) => idOf(workspaceId, id)),
    ...summaries
      .filter((one) => !isGone(one, buried))
      .map(({ workspaceId, summary }) => idOf(workspaceId, summary.id)),
  ]);
  return [...new Set(known)].filter((id) => !there.has(id) && !buried.has(`summary${id}`)).length;
}

/**
 * The texts that the turns were sent with; others have no use any more. What is lost of them is told of once: the turns
 * no longer name it.
 */
export function mergeTexts(
  all: readonly Holdings[],
  turns: readonly HeldTurn[],
): { readonly texts: readonly HeldText[]; readonly turns: readonly HeldTurn[]; readonly lost: number } {
  const found = new Map(
    all.flatMap(({ texts }) => texts.map((text) => [idOf(text.workspaceId, text.hash), text] as const)),
  );
  const used = new Set<string>();
  const kept = turns.map((turn) => {
    const { context } = turn.header;
    if (!context) return turn;
    const known = mapItems(context, ({ hash, ...item }) => {
      if (hash === undefined) return item;
      const id = idOf(turn.workspaceId, hash);
      used.add(id);
      return found.has(id) ? { ...item, hash } : item;
    });
    return { ...turn, header: { ...turn.header, context: known } };
  });
  const texts = [...used].flatMap((id) => found.get(id) ?? []);
  return { texts, turns: kept, lost: used.size - texts.length };
}
