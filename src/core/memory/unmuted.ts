import type { LongTermMemory, RecallHit } from './longTermMemory';
import type { Fact } from './fact';
import type { RecallMarks } from './recallMarks';
import { silenceOf, type Sayable } from './silence';

/** More hits than are wanted, in place of those that are muted. */
const spare = 2;

/**
 * The memory as agents search it: what they find goes into requests, so nothing that the user muted is among it. The
 * user's own search finds it still.
 */
export function unmuted(
  memory: LongTermMemory,
  marks: Pick<RecallMarks, 'marksOf' | 'list'>,
): LongTermMemory {
  const without = async <T>(all: readonly T[], sayableOf: (one: T) => Sayable): Promise<readonly T[]> => {
    const silent = await silenceOf(all.map(sayableOf), marks);
    return all.filter((_, index) => silent[index] === undefined);
  };
  return {
    recall: async (query, options) => {
      const hits = await memory.recall(query, { ...options, limit: options.limit * spare });
      return (await without(hits, sayableHit)).slice(0, options.limit);
    },
    listMessages: async (options) => {
      const page = await memory.listMessages(options);
      return { ...page, messages: await without(page.messages, sayableHit) };
    },
    recallFacts: async (query, limit, options) => {
      const facts = await memory.recallFacts(query, limit * spare, options);
      return (await without(facts, sayableFact)).slice(0, limit);
    },
    facts: async (options) => {
      const page = await memory.facts(options);
      return { ...page, facts: await without(page.facts, sayableFact) };
    },
    fact: (factId) => memory.fact(factId),
    remember: (fact) => memory.remember(fact),
    editFact: (factId, version) => memory.editFact(factId, version),
    separateFact: (factId, ids) => memory.separateFact(factId, ids),
    forget: (factId) => memory.forget(factId),
  };
}

function sayableHit({ passage, text, ...hit }: RecallHit): Sayable {
  return { ...hit, passage, text: text.slice(passage.start, passage.end) };
}

function sayableFact({ id: factId, text, createdAt, source }: Fact): Sayable {
  return { factId, text, createdAt, ...(source && { rememberedIn: source.turnId }) };
}
