import type { LoadReport } from '../../../core/historyLog';
import { labelOf, type WorkspaceLabel } from '../workspace/workspaceLabel';
import type { CallInput, CallOutput, HistoryOffer, KnownWorkspace } from '../../../protocol/worker';
import { parsedBody } from './bodies';
import { integerOf, optionalTextOf, textOf, type Database } from './database';
import { dumpHistory } from './dump';
import { loadHistory } from './load';
import { openWorkspace, workspaceKey, type Scope } from './scope';
import { activateSession, activeSession, findSession } from './sessions';

/** The workspaces that are at the place, have one of the aliases, are of one of the repositories, or have one of the ids. */
export function lookUpWorkspaces(
  database: Database,
  { place, aliases, repository, ids }: CallInput<'workspace-lookup'>,
): CallOutput<'workspace-lookup'> {
  const [here] = place === undefined ? [] : workspacesWith(database, 'alias = ?', place);
  const keys = new Set([
    ...(here === undefined ? [] : [here]),
    ...aliases.flatMap((alias) => workspacesWith(database, 'alias = ?', alias)),
    ...repository.flatMap((key) =>
      workspacesWith(database, 'alias >= ? AND alias < ?', `${key} @`, `${key} A`),
    ),
    ...ids.map((id) => workspaceKey(database, id)),
  ]);
  keys.delete(0);
  const known = [...keys].map((key) => knownWorkspace(database, key, key !== here));
  const offers = known.flatMap(({ id }) => {
    const offer = offerTo(database, id);
    return offer ? [[id, offer] as const] : [];
  });
  return { known, offers: Object.fromEntries(offers) };
}

function workspacesWith(database: Database, where: string, ...values: readonly string[]): readonly number[] {
  return database
    .all(`SELECT DISTINCT workspace FROM aliases WHERE ${where}`, ...values)
    .map((row) => integerOf(row, 'workspace'));
}

function knownWorkspace(database: Database, key: number, counted: boolean): KnownWorkspace {
  const aliases = database
    .all('SELECT alias FROM aliases WHERE workspace = ?', key)
    .map((row) => textOf(row, 'alias'));
  const uses = counted ? usesOf(database, key) : { turns: 0, usedAt: 0 };
  return { id: idOf(database, key), aliases, ...uses };
}

/** Reads all of its sessions. */
function usesOf(database: Database, key: number): { readonly turns: number; readonly usedAt: number } {
  const row = database.get(
    `SELECT coalesce(sum(length), 0) AS turns, coalesce(max(recency), 0) AS used_at
     FROM sessions WHERE workspace = ?`,
    key,
  );
  return { turns: integerOf(row, 'turns'), usedAt: integerOf(row, 'used_at') };
}

/**
 * The workspace is at `place` from now on. Where another window has claimed the place meanwhile for a new workspace
 * of its own, that one it is.
 */
export function claimWorkspace(database: Database, request: CallInput<'workspace-claim'>): string {
  const { workspaceId: id, place, own, dropped, offer } = request;
  const isNew = workspaceKey(database, id) === 0;
  const [holder] = workspacesWith(database, 'alias = ?', place);
  if (isNew && holder !== undefined) return idOf(database, holder);
  const key = openWorkspace(database, id);
  for (const alias of dropped) {
    database.run('DELETE FROM aliases WHERE alias = ? AND workspace = ?', alias, key);
  }
  for (const kind of new Set(own.map((alias) => alias.slice(0, alias.indexOf(':'))))) {
    database.run('DELETE FROM aliases WHERE workspace = ? AND alias GLOB ?', key, `${kind}:*`);
  }
  for (const alias of [place, ...own]) {
    database.run('INSERT OR REPLACE INTO aliases (alias, workspace) VALUES (?, ?)', alias, key);
  }
  if (isNew && offer) {
    database.run(`INSERT OR REPLACE INTO meta VALUES (?, ?)`, offerName(id), JSON.stringify(offer));
  }
  return id;
}

/** Copies the offered history, or leaves it; either way it is not offered again. */
export function answerOffer(scope: Scope, workspaceId: string, adopt: boolean): LoadReport | undefined {
  const { database } = scope;
  const offer = offerTo(database, workspaceId);
  database.run('DELETE FROM meta WHERE name = ?', offerName(workspaceId));
  if (!offer || !adopt) return undefined;
  const source: Scope = { ...scope, workspace: workspaceKey(database, offer.id) };
  const dump = dumpHistory(source);
  const report = loadHistory(scope, dump, 'copy');
  const active = dump.sessions.findIndex(({ id }) => id === activeSession(source));
  const copied = report.sessionIds[active] ?? report.sessionIds.at(-1);
  const here = activeSession(scope);
  const isEmptyHere = here === undefined || (findSession(scope, here)?.length ?? 0) === 0;
  if (copied !== undefined && isEmptyHere) activateSession(scope, copied);
  return report;
}

function offerTo(database: Database, workspaceId: string): HistoryOffer | undefined {
  const row = database.get('SELECT value FROM meta WHERE name = ?', offerName(workspaceId));
  const text = row && optionalTextOf(row, 'value');
  const value = text === undefined ? undefined : parsedBody(text);
  if (typeof value?.id !== 'string') return undefined;
  return { id: value.id, why: value.why === 'member' ? 'member' : 'clone' };
}

function offerName(workspaceId: string): string {
  return `offer:${workspaceId}`;
}

/** As people know it. */
export function namedWorkspace(database: Database, key: number): { readonly id: string } & WorkspaceLabel {
  const { id, aliases } = knownWorkspace(database, key, false);
  return { id, ...labelOf(aliases) };
}

function idOf(database: Database, key: number): string {
  return textOf(database.get('SELECT id FROM workspaces WHERE key = ?', key), 'id');
}
