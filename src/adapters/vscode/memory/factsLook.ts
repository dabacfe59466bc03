import type { ListedFact } from '../../../core/memory/longTermMemory';
import type { FactChange, MemoryLook, ShownFacts, ShownListedFact } from '../../../protocol/memory';
import type { FactActions } from '../commands/factActions';

/** The facts whose present or earlier texts hold what is typed. */
export async function lookAtFacts(
  { text, limit }: Pick<MemoryLook, 'text' | 'limit'>,
  actions: Pick<FactActions, 'facts'>,
): Promise<ShownFacts> {
  const filter = text.trim();
  const found = await actions.facts({
    limit: limit + 1,
    history: true,
    ...(filter !== '' && { filter }),
  });
  const facts = found.slice(0, limit).map(shownFact);
  return { tab: 'facts', text, outcome: { status: 'found', facts, more: found.length > limit } };
}

/** @returns what the user is told of it */
export async function changeFact(
  change: FactChange,
  actions: Pick<FactActions, 'remember' | 'editFact' | 'restoreFact' | 'forgetFact'>,
): Promise<string> {
  switch (change.kind) {
    case 'add': {
      const { outcome, fact, replaced } = await actions.remember({ text: change.text });
      if (outcome === 'known') return `This is remembered already: “${fact.text}”`;
      return replaced
        ? `Remembered, in place of “${replaced.text}”, which is kept as an earlier text.`
        : 'Remembered.';
    }
    case 'edit':
      await actions.editFact({ factId: change.factId, text: change.text });
      return 'Saved.';
    case 'restore':
      await actions.restoreFact({ factId: change.factId, createdAt: change.createdAt });
      return 'Restored.';
    case 'delete':
      await actions.forgetFact({ factId: change.factId, confirm: true });
      return 'Deleted.';
  }
}

function shownFact({
  id,
  text,
  createdAt,
  source,
  sourceDeleted,
  history = [],
}: ListedFact): ShownListedFact {
  return {
    id,
    text,
    createdAt,
    ...(source && { source: { turnId: source.turnId, deleted: sourceDeleted === true } }),
    history: history.map((version) => ({ text: version.text, createdAt: version.createdAt })),
  };
}
