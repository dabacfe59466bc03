import type { SentContext, SentItem } from '../../../core/context/sentContext';
import { allItems, mapItems } from '../../../core/context/sentItems';
import type { HashedContext, HashedText } from '../../../protocol/hashedContext';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, textOf, type Row } from './database';
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
  const { database, workspace } = scope;
  if (database.run('DELETE FROM texts WHERE workspace = ?', workspace) > 0) noteDelete(scope);
}
