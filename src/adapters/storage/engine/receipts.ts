import { addCounts, noForgetCounts, type ForgetCounts } from '../../../core/forgetting/receipt';
import type { KeptReceipt } from '../../../protocol/forgetCalls';
import { parsedBody } from './bodies';
import { integerOf, textOf, type Database } from './database';
import { erasedSince, progressOf } from './erasure';
import type { Scope } from './scope';

const prefix = 'receipt:';
/** Of all workspaces; the oldest go. */
const mostReceipts = 50;

/** What is kept of a delete: ids, counts and a time. */
interface StoredReceipt extends Pick<KeptReceipt, 'id' | 'forgottenAt' | 'ended' | 'counts' | 'sequence'> {
  readonly workspaceId: string;
  /** While more is to follow: the sessions whose titles are counted, as one may be renamed with each batch. */
  readonly titled?: readonly string[];
}

/** The receipt that a delete is added to; `ended` is false where more is to follow under the same id. */
export interface ReceiptPart {
  readonly id: string;
  readonly ended: boolean;
}

/** What a delete counts itself; the rest is told by the tombstones that it left. */
export interface Deleted {
  readonly messages: number;
  /** Turns that the log never had, among those that are buried. */
  readonly unfinished?: number;
}

/**
 * Inside the transaction of a delete, at its end: adds what it removed to the receipt, which is made if need be.
 * A delete that removed nothing leaves none, unless it is asked for by id.
 */
export function writeReceipt(
  scope: Scope,
  workspaceId: string,
  { messages, unfinished = 0 }: Deleted,
  receipt?: ReceiptPart,
): void {
  const { database, newId, erased, now } = scope;
  const known = receipt && receiptsIn(database).find((one) => one.id === receipt.id);
  const titles = titlesBuriedNow(scope).filter((one) => known?.titled?.includes(one) !== true);
  const buried = { ...noForgetCounts, ...buriedNow(scope) };
  const counts: ForgetCounts = {
    ...buried,
    turns: buried.turns - unfinished,
    titles: titles.length,
    messages,
    unfinished,
    texts: erased.texts,
    indexed: erased.indexed,
    vectors: erased.vectors,
  };
  const isNothing = Object.values(counts).every((count: number) => count === 0);
  if (isNothing && !receipt) return;
  const id = receipt?.id ?? newId();
  const ended = receipt?.ended ?? true;
  const stored: StoredReceipt = {
    id,
    workspaceId,
    forgottenAt: known?.forgottenAt ?? new Date(now).toISOString(),
    ended,
    ...(!ended && { titled: [...(known?.titled ?? []), ...titles] }),
    counts: known ? addCounts({ ...noForgetCounts, ...known.counts }, counts) : counts,
    // What removed nothing has nothing to wait for.
    sequence: isNothing
      ? (known?.sequence ?? database.progress(progressOf.lastDelete))
      : database.nextSequence(),
  };
  database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', prefix + id, JSON.stringify(stored));
  for (const old of receiptsIn(database).slice(mostReceipts))
    database.run('DELETE FROM meta WHERE name = ?', prefix + old.id);
}

/** How many of each kind the open transaction has buried. */
function buriedNow({ database, workspace }: Scope): Partial<ForgetCounts> {
  const rows = database.all(
    'SELECT kind, count(*) AS n FROM tombstones WHERE workspace = ? AND sequence = ? GROUP BY kind',
    workspace,
    database.nextSequence(),
  );
  const counts: Partial<Record<keyof ForgetCounts, number>> = {};
  for (const row of rows) {
    const name = plurals[textOf(row, 'kind')];
    if (name) counts[name] = integerOf(row, 'n');
  }
  return counts;
}

const plurals: Readonly<Record<string, keyof ForgetCounts>> = {
  session: 'sessions',
  turn: 'turns',
  fact: 'facts',
  summary: 'summaries',
};

function titlesBuriedNow({ database, workspace }: Scope): readonly string[] {
  return database
    .all(
      `SELECT id FROM tombstones WHERE workspace = ? AND kind = 'title' AND sequence = ?`,
      workspace,
      database.nextSequence(),
    )
    .map((row) => textOf(row, 'id'));
}

/** Inside a delete's transaction: the sessions that are called otherwise already by what the receipt counts. */
export function titlesGone(scope: Scope, receiptId: string): ReadonlySet<string> {
  const known = receiptsIn(scope.database).find(({ id }) => id === receiptId);
  return new Set([...(known?.titled ?? []), ...titlesBuriedNow(scope)]);
}

/** Of the workspace, newest first, with what has become of each. */
export function listReceipts(
  { database }: Pick<Scope, 'database'>,
  workspaceId: string,
): readonly KeptReceipt[] {
  const { logId } = database;
  return receiptsIn(database)
    .filter((one) => one.workspaceId === workspaceId)
    .map(({ workspaceId: _, titled: __, ...receipt }) => ({
      ...receipt,
      counts: { ...noForgetCounts, ...receipt.counts },
      logId,
      erased: erasedSince(database, receipt.sequence),
    }));
}

function receiptsIn(database: Database): readonly StoredReceipt[] {
  return database
    .all(`SELECT value FROM meta WHERE name >= ? AND name < ?`, prefix, 'receipt;')
    .flatMap((row) => {
      const receipt = parsedBody(textOf(row, 'value')) as StoredReceipt | undefined;
      return receipt ? [receipt] : [];
    })
    .sort((a, b) => b.sequence - a.sequence || b.forgottenAt.localeCompare(a.forgottenAt));
}
