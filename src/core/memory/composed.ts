import type { MemoryPolicy, PolicyInput, Selection } from './memoryPolicy';

/** Each policy chooses among what the one before it kept. */
export function composed(policies: readonly MemoryPolicy[]): MemoryPolicy {
  return {
    select(input: PolicyInput): Selection {
      const everything: Selection = { kept: input.turns, demoted: [] };
      const chosen = policies.reduce<Selection>((before, policy) => {
        const after = policy.select({ ...input, turns: before.kept });
        const cannotFit = before.cannotFit ?? after.cannotFit;
        return {
          kept: after.kept,
          demoted: [...before.demoted, ...after.demoted],
          reasons: new Map([...(before.reasons ?? []), ...(after.reasons ?? [])]),
          ...(cannotFit && { cannotFit }),
        };
      }, everything);
      const order = new Map(input.turns.map((turn, index) => [turn, index]));
      const place = (turn: (typeof input.turns)[number]): number => order.get(turn) ?? 0;
      return { ...chosen, demoted: chosen.demoted.toSorted((a, b) => place(a.turn) - place(b.turn)) };
    },
  };
}
