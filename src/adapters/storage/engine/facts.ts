import { HistoryError } from '../../../core/errors';
import type { Fact } from '../../../core/historyLog';
import { extraWordsOf } from '../searchText';
import { storedFact } from '../storedShape';
import { factBody, factOf } from './bodies';
import { bodyChecksum } from './checksums';
import { integerOf, textOf, type Row } from './database';
import type { Scope } from './scope';
import { bury, isDeleted } from './tombstones';

export function findFact({ database, workspace }: Scope, id: string): Row | undefined {
  return database.get('SELECT * FROM facts WHERE workspace = ? AND id = ?', workspace, id);
}

export function rememberFact(scope: Scope, fact: Fact): undefined {
  if (findFact(scope, fact.id)) return;
  if (isDeleted(scope, 'fact', fact.id)) {
    throw new HistoryError({ reason: 'exists', message: 'The fact was deleted for good' });
  }
  insertFact(scope, fact);
}

/** @returns it as it is stored */
export function insertFact({ database, search, workspace }: Scope, fact: Fact): Fact {
  const stored = storedFact(fact);
  const { id, text } = stored;
  const body = factBody(fact);
  const extra = extraWordsOf(text);
  const key = database.insert(
    `INSERT INTO facts (workspace, id, sequence, indexed, checksum, extra, body) VALUES (?, ?, ?, 0, ?, ?, ?)`,
    workspace,
    id,
    database.nextSequence(),
    bodyChecksum(body),
    extra,
    body,
  );
  search.addFact(key, text, extra);
  return stored;
}

/** In place, so that the order of facts stays. */
export function replaceFact(scope: Scope, row: Row, fact: Fact): void {
  const { database, search } = scope;
  unindex(scope, row);
  scope.vectors.removeFact(integerOf(row, 'key'));
  const key = integerOf(row, 'key');
  const { text } = storedFact(fact);
  const body = factBody(fact);
  const extra = extraWordsOf(text);
  database.run(
    'UPDATE facts SET body = ?, checksum = ?, extra = ?, sequence = ? WHERE key = ?',
    body,
    bodyChecksum(body),
    extra,
    database.nextSequence(),
    key,
  );
  search.addFact(key, text, extra);
}

export function forgetFact(scope: Scope, id: string): boolean {
  const row = findFact(scope, id);
  if (row) deleteFact(scope, row);
  return row !== undefined;
}

export function deleteFact(scope: Scope, row: Row): void {
  removeFact(scope, row);
  bury(scope, 'fact', textOf(row, 'id'));
}

/** The row alone: what comes in its place is the caller's. */
export function removeFact(scope: Scope, row: Row): void {
  unindex(scope, row);
  scope.erased.vectors += scope.vectors.removeFact(integerOf(row, 'key'));
  scope.database.run('DELETE FROM facts WHERE key = ?', integerOf(row, 'key'));
}

/** What a damaged one has put into the search index cannot be taken out of it by itself: see `unindexTurn`. */
function unindex({ database, search, erased }: Scope, row: Row): void {
  const key = integerOf(row, 'key');
  if (integerOf(row, 'indexed') === 0) return;
  if (integerOf(database.get('SELECT indexed FROM facts WHERE key = ?', key), 'indexed') === 0) return;
  const fact = factOf(row);
  if (fact) {
    search.removeFact(key, fact.text, textOf(row, 'extra'));
    erased.indexed += 1;
  } else search.empty();
}
