import type { SentContext, SentItem } from '../../../core/context/sentContext';
import { allItems, mapItems } from '../../../core/context/sentItems';
import type { HashedContext, HashedText } from '../../../protocol/hashedContext';
import { turnBodyOf } from './bodies';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, integerOf, textOf, type Row } from './database';
import type { Scope } from './scope';
import { noteDelete } from './tombstones';

/**
 * Stores what is not there yet, so that most turns write none.
 * @returns false, and stores none, where one is neither there nor given
 */
export function keepTexts(
  { database, workspace }: Scope,
  hashes: readonly string[],
  texts: readonly HashedText[],
): boolean {
  if (hashes.length === 0) return true;
  const wanted = [...new Set(hashes)].map((hash) => Buffer.from(hash, 'hex'));
  const rows = database.all(
    `SELECT hash FROM texts WHERE workspace = ? AND hash IN (${wanted.map(() => '?').join()})`,
    workspace,
    ...wanted,
  );
  if (rows.length === wanted.length) return true;
  const stored = new Set(rows.map((row) => hexOf(bytesOf(row, 'hash'))));
  const missing = wanted.map(hexOf).filter((hash) => !stored.has(hash));
  const found = missing.flatMap((hash) => texts.find((text) => text.hash === hash) ?? []);
  if (found.length < missing.length) return false;
  for (const { hash, body } of found) {
    const bytes = Buffer.from(hash, 'hex');
    database.run('INSERT INTO texts (workspace, hash, body) VALUES (?, ?, ?)', workspace, bytes, body);
  }
  return true;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** With its texts, but for those that are gone. */
export function resolvedContext(scope: Scope, context: HashedContext): SentContext {
  return mapItems(context, ({ hash, ...item }): SentItem => {
    const text = hash === undefined ? undefined : textOfHash(scope, hash);
    return text === undefined ? item : { ...item, text };
  });
}

function textOfHash({ database, workspace }: Scope, hash: string): string | undefined {
  const row = database.get(
    'SELECT hash, body FROM texts WHERE workspace = ? AND hash = ?',
    workspace,
    Buffer.from(hash, 'hex'),
  );
  if (!row || !isSoundText(row)) return undefined;
  const text: unknown = JSON.parse(textOf(row, 'body'));
  return typeof text === 'string' ? text : undefined;
}

export function isSoundText(row: Row): boolean {
  return sameBytes(bodyChecksum(textOf(row, 'body')), bytesOf(row, 'hash'));
}

export function hashesIn(context: HashedContext | undefined): readonly string[] {
  return (context ? allItems(context) : []).flatMap(({ hash }) => (hash === undefined ? [] : [hash]));
}

/** All of the workspace's. */
export function deleteTexts(scope: Scope): void {
  const { database, workspace, erased } = scope;
  const deleted = database.run('DELETE FROM texts WHERE workspace = ?', workspace);
  erased.texts += deleted;
  if (deleted > 0) noteDelete(scope);
}

/** Before a turn goes, or is sent no more: the texts that it was sent with may be of no use then. */
export function noteTexts({ erased, workspace }: Scope, { row }: { readonly row: Row }): void {
  if (textOf(row, 'body').includes('"hash"'))
    erased.noteHashes(workspace, hashesIn(turnBodyOf(row)?.context));
}

/** Read at once. */
const turnsRead = 500;

/**
 * Deletes those that were noted and that no turn refers to any more. Looks from the newest turn on, as most texts are of
 * the last turns too; of one that none refers to, all turns of the workspace are read.
 */
export function deleteUnusedTexts(scope: Omit<Scope, 'workspace'>): void {
  for (const [workspace, hashes] of scope.erased.hashes) {
    for (const hash of unusedOf(scope, workspace, hashes)) {
      const bytes = Buffer.from(hash, 'hex');
      const deleted = scope.database.run(
        'DELETE FROM texts WHERE workspace = ? AND hash = ?',
        workspace,
        bytes,
      );
      scope.erased.texts += deleted;
      if (deleted > 0) noteDelete({ ...scope, workspace });
    }
  }
  scope.erased.hashes.clear();
}

function unusedOf(
  { database }: Pick<Scope, 'database'>,
  workspace: number,
  hashes: ReadonlySet<string>,
): ReadonlySet<string> {
  const unused = new Set(hashes);
  for (let before = Number.MAX_SAFE_INTEGER; unused.size > 0;) {
    const rows = database.all(
      'SELECT key, body FROM turns WHERE workspace = ? AND key < ? ORDER BY key DESC LIMIT ?',
      workspace,
      before,
      turnsRead,
    );
    for (const row of rows)
      for (const [, hash = ''] of textOf(row, 'body').matchAll(/"hash":"([0-9a-f]{64})"/g))
        unused.delete(hash);
    const last = rows.at(-1);
    if (!last || rows.length < turnsRead) break;
    before = integerOf(last, 'key');
  }
  return unused;
}
