import { HistoryError } from '../../../core/errors';
import {
  fitsFilter,
  revisedFact,
  separatedFact,
  withoutHistory,
  type Fact,
  type FactVersion,
} from '../../../core/memory/fact';
import type { FactListOptions, FactPage, ListedFact } from '../../../core/memory/longTermMemory';
import { storedFact } from '../storedShape';
import { factOf } from './bodies';
import { integerOf, type Row } from './database';
import { deleteFact, findFact, insertFact, removeFact } from './facts';
import { factMark, writeFactMark } from './markRows';
import type { Scope } from './scope';
import { findTurn } from './turnRows';

/** LongTermMemory's `facts`. Damaged ones are left out. */
export function listFacts(scope: Scope, options: FactListOptions): FactPage {
  const { before, filter = '', history = false } = options;
  const limit = Math.max(0, Math.trunc(options.limit));
  const facts: ListedFact[] = [];
  for (const row of rowsBefore(scope, before === undefined ? undefined : rowOf(scope, before))) {
    const fact = factOf(row);
    if (!fact || !fitsFilter(fact, filter, history)) continue;
    if (facts.length >= limit) return { facts, more: true };
    facts.push(listed(scope, history ? fact : withoutHistory(fact)));
  }
  return { facts, more: false };
}

/** Read in pages, as most lists end soon. */
function* rowsBefore({ database, workspace }: Scope, row: Row | undefined): Generator<Row> {
  const pageSize = 100;
  for (let before = row ? integerOf(row, 'key') : Number.MAX_SAFE_INTEGER; ;) {
    const page = database.all(
      'SELECT * FROM facts WHERE workspace = ? AND key < ? ORDER BY key DESC LIMIT ?',
      workspace,
      before,
      pageSize,
    );
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    before = integerOf(last, 'key');
  }
}

/** With their histories, the newest first. */
export function newestFacts(scope: Scope, limit: number): readonly Fact[] {
  return listFacts(scope, { limit, history: true }).facts.map(storedFact);
}

/** LongTermMemory's `fact`. */
export function readFact(scope: Scope, id: string): ListedFact | undefined {
  const row = findFact(scope, id);
  const fact = row && factOf(row);
  return fact && listed(scope, fact);
}

function listed(scope: Scope, fact: Fact): ListedFact {
  const isGone = fact.source !== undefined && !findTurn(scope, fact.source.turnId);
  return { ...fact, ...(isGone && { sourceDeleted: true as const }) };
}

/** LongTermMemory's `editFact`. The row goes to the end, as facts are listed by when they were last told. */
export function editFact(scope: Scope, id: string, version: FactVersion): Fact {
  const row = rowOf(scope, id);
  const fact = soundFact(row, id);
  const revised = revisedFact(fact, storedFact({ id, ...version }));
  if (revised === fact) return fact;
  removeFact(scope, row);
  return insertFact(scope, revised);
}

/** LongTermMemory's `separateFact`. */
export function separateFact(
  scope: Scope,
  id: string,
  ids: { readonly present: string; readonly earlier: string },
): { readonly present: Fact; readonly earlier: Fact } {
  const row = rowOf(scope, id);
  const separated = separatedFact(soundFact(row, id), ids);
  if (!separated) throw new HistoryError({ reason: 'not-found', message: `The fact ${id} has no history` });
  const marked = factMark(scope, id);
  deleteFact(scope, row);
  const earlier = insertFact(scope, separated.earlier);
  const present = insertFact(scope, separated.present);
  if (marked) {
    // Marks are listed by their sequences, which differ: the earlier part takes the place of the whole.
    writeFactMark(scope, earlier.id, marked);
    writeFactMark(scope, present.id, { mark: marked.mark });
  }
  return { present, earlier };
}

function rowOf(scope: Scope, id: string): Row {
  const row = findFact(scope, id);
  if (row) return row;
  throw new HistoryError({ reason: 'not-found', message: `No fact ${id}` });
}

function soundFact(row: Row, id: string): Fact {
  const fact = factOf(row);
  if (fact) return fact;
  throw new HistoryError({ reason: 'corrupt', message: `The fact ${id} is not what was written` });
}
