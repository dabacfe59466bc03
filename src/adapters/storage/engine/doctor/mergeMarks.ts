import { messageIn } from '../../../../core/memory/recallMarks';
import { idOf, type HeldMark, type HeldTurn, type Holdings } from './holdings';

/**
 * The marks in force, of what is there. Of several states the one that was set last counts: where the sources are not of
 * one log, that is the first source's.
 */
export function mergeMarks(
  all: readonly Holdings[],
  kept: { readonly turns: readonly HeldTurn[]; readonly facts: Holdings['facts'] },
): readonly HeldMark[] {
  const turns = new Map(kept.turns.map((turn) => [idOf(turn.workspaceId, turn.header.id), turn]));
  const facts = new Set(kept.facts.map(({ workspaceId, fact }) => idOf(workspaceId, fact.id)));
  const isThere = ({ workspaceId, mark: { kind, owner, id } }: HeldMark): boolean => {
    if (kind === 'fact') return facts.has(idOf(workspaceId, id));
    const turn = turns.get(idOf(workspaceId, owner));
    return turn !== undefined && messageIn({ id: owner, messages: turn.messages }, id) !== undefined;
  };
  const [first] = all;
  const best = new Map<string, HeldMark>();
  for (const { logId, marks } of all) {
    for (const held of marks) {
      const { kind, owner, id } = held.mark;
      const place = JSON.stringify([held.workspaceId, kind, owner, id]);
      const known = best.get(place);
      if (!known || (logId === first?.logId && held.sequence > known.sequence)) best.set(place, held);
    }
  }
  return [...best.values()].filter((held) => held.mark.mark !== 'none' && isThere(held));
}
