import type { LongTermMemory } from './longTermMemory';
import type { MarkTarget, RecallMarks } from './recallMarks';

/** More hits than are wanted, in place of those that are muted. */
const spare = 2;

/**
 * The memory as agents search it: what they find goes into requests, so nothing that the user muted is among it. The
 * user's own search finds it still.
 */
export function unmuted(memory: LongTermMemory, marks: Pick<RecallMarks, 'marksOf'>): LongTermMemory {
  const without = async <T>(all: readonly T[], targetOf: (one: T) => MarkTarget): Promise<readonly T[]> => {
    const set = await marks.marksOf(all.map(targetOf));
    return all.filter((_, index) => set[index] !== 'muted');
  };
  return {
    recall: async (query, options) => {
      const hits = await memory.recall(query, { ...options, limit: options.limit * spare });
      const heard = await without(hits, ({ messageId, turnId }) => ({ messageId, turnId }));
      return heard.slice(0, options.limit);
    },
    recallFacts: async (query, limit) => {
      const facts = await memory.recallFacts(query, limit * spare);
      return (await without(facts, ({ id }) => ({ factId: id }))).slice(0, limit);
    },
    facts: async (options) => {
      const page = await memory.facts(options);
      return { ...page, facts: await without(page.facts, ({ id }) => ({ factId: id })) };
    },
    fact: (factId) => memory.fact(factId),
    remember: (fact) => memory.remember(fact),
    editFact: (factId, version) => memory.editFact(factId, version),
    separateFact: (factId, ids) => memory.separateFact(factId, ids),
    forget: (factId) => memory.forget(factId),
  };
}
