import type { SentContext, SentItem } from '../../../core/context/sentContext';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, textOf, type Row } from './database';
import type { Scope } from './scope';
import { noteDelete } from './tombstones';

/** A sent context as a turn's row holds it: texts, which many turns share, are in a table of their own. */
export interface HashedContext extends Omit<SentContext, 'items'> {
  readonly items: readonly HashedItem[];
}

export interface HashedItem extends Omit<SentItem, 'text'> {
  /** Of the text's body, in hexadecimal. */
  readonly hash?: string;
}

/** @returns the context without its texts, and these, by hash, as they are stored */
export function hashedContext({ items, ...rest }: SentContext): {
  readonly context: HashedContext;
  readonly texts: ReadonlyMap<string, string>;
} {
  const texts = new Map<string, string>();
  const hashed = items.map(({ text, ...item }): HashedItem => {
    if (text === undefined) return item;
    const body = JSON.stringify(text);
    const hash = Buffer.from(bodyChecksum(body)).toString('hex');
    texts.set(hash, body);
    return { ...item, hash };
  });
  return { context: { ...rest, items: hashed }, texts };
}

/** Stores what is not there yet, so that most turns write none. */
export function keepTexts({ database, workspace }: Scope, texts: ReadonlyMap<string, string>): void {
  for (const [hash, body] of texts) {
    const bytes = Buffer.from(hash, 'hex');
    if (database.get('SELECT 1 FROM texts WHERE workspace = ? AND hash = ?', workspace, bytes)) continue;
    database.run('INSERT INTO texts (workspace, hash, body) VALUES (?, ?, ?)', workspace, bytes, body);
  }
}

/** With its texts, but for those that are gone. */
export function resolvedContext(scope: Scope, { items, ...rest }: HashedContext): SentContext {
  const resolved = items.map(({ hash, ...item }): SentItem => {
    const text = hash === undefined ? undefined : textOfHash(scope, hash);
    return text === undefined ? item : { ...item, text };
  });
  return { ...rest, items: resolved };
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
  return (context?.items ?? []).flatMap(({ hash }) => (hash === undefined ? [] : [hash]));
}

/** All of the workspace's. */
export function deleteTexts(scope: Scope): void {
  const { database, workspace } = scope;
  if (database.run('DELETE FROM texts WHERE workspace = ?', workspace) > 0) noteDelete(scope);
}
