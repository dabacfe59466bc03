import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { newSessionTitle } from '../../../../core/sessionEntry';
import { storedSession } from '../../storedShape';
import { sessionHeaderOf, turnBodyOf } from '../bodies';
import { bodyChecksum } from '../checksums';
import { integerOf, textOf } from '../database';
import { messagesPerTurn } from '../messageRows';
import { hashesIn } from '../sentTexts';
import { soundSummaryOf } from '../summaries';
import { sync } from './historyFiles';
import type { Holdings } from './holdings';

export type Tombstone = Holdings['tombstones'][number];

/**
 * Takes what was deleted out of a backup: beside, and then in place, so that there is a whole one at every moment.
 * @returns whether there was anything to take out
 */
export function scrubBackup(path: string, tombstones: readonly Tombstone[]): 'deleted' | 'nothing' {
  const made = `${path}.tmp`;
  let held: boolean;
  rmSync(made, { force: true });
  try {
    const source = new DatabaseSync(path, { readOnly: true });
    try {
      source.prepare('VACUUM INTO ?').run(made);
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(made);
    try {
      copy.exec('PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON');
      const scrubbed = new ScrubbedBackup(copy);
      for (const tombstone of tombstones) scrubbed.bury(tombstone);
      held = scrubbed.dropped > 0;
      scrubbed.dropUnusedTexts();
      scrubbed.dropUnusedMarks();
      copy.exec('VACUUM');
    } finally {
      copy.close();
    }
    sync(made);
    renameSync(made, path);
    return held ? 'deleted' : 'nothing';
  } finally {
    rmSync(made, { force: true });
  }
}

class ScrubbedBackup {
  /** How many rows were taken out. */
  dropped = 0;
  readonly #copy: DatabaseSync;
  /** One that was made before a migration has no summaries and no texts. */
  readonly #hasSummaries: boolean;
  readonly #hasMarks: boolean;

  constructor(copy: DatabaseSync) {
    this.#copy = copy;
    const has = (table: string): boolean =>
      copy.prepare(`SELECT 1 FROM sqlite_schema WHERE name = ?`).get(table) !== undefined;
    this.#hasSummaries = has('summaries');
    this.#hasMarks = has('recall_marks');
  }

  bury({ workspaceId, kind, id, sequence }: Tombstone): void {
    const copy = this.#copy;
    const workspace = copy.prepare('SELECT key FROM workspaces WHERE id = ?').get(workspaceId)?.key;
    if (typeof workspace !== 'number') return;
    copy
      .prepare('INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)')
      .run(workspace, kind, id, sequence);
    if (kind === 'session') this.#dropSession(workspace, id);
    else if (kind === 'turn') this.#dropTurn(workspace, id);
    else if (kind === 'title') this.#dropTitle(workspace, id, sequence);
    else if (kind === 'fact') this.#drop('DELETE FROM facts WHERE workspace = ? AND id = ?', workspace, id);
    else if (this.#hasSummaries)
      this.#drop('DELETE FROM summaries WHERE workspace = ? AND id = ?', workspace, id);
  }

  #drop(sql: string, ...values: (number | string | Uint8Array)[]): void {
    this.dropped += Number(this.#copy.prepare(sql).run(...values).changes);
  }

  #dropSession(workspace: number, id: string): void {
    const copy = this.#copy;
    const session = copy
      .prepare('SELECT key FROM sessions WHERE workspace = ? AND id = ?')
      .get(workspace, id)?.key;
    if (typeof session !== 'number') return;
    for (const row of copy.prepare('SELECT key FROM turns WHERE session = ?').all(session))
      this.#dropTurnRow(integerOf(row, 'key'));
    if (this.#hasSummaries) this.#drop('DELETE FROM summaries WHERE session = ?', session);
    this.#drop('DELETE FROM sessions WHERE key = ?', session);
  }

  /** One of an earlier state of the session; it has another now. */
  #dropTitle(workspace: number, id: string, sequence: number): void {
    const row = this.#copy
      .prepare('SELECT * FROM sessions WHERE workspace = ? AND id = ? AND sequence < ?')
      .get(workspace, id, sequence);
    const header = row && sessionHeaderOf(row);
    if (!header) return;
    const body = JSON.stringify(storedSession({ ...header, title: newSessionTitle }));
    this.#drop(
      'UPDATE sessions SET body = ?, checksum = ? WHERE key = ?',
      body,
      bodyChecksum(body),
      integerOf(row, 'key'),
    );
  }

  #dropTurn(workspace: number, id: string): void {
    const row = this.#copy
      .prepare('SELECT key, session FROM turns WHERE workspace = ? AND id = ?')
      .get(workspace, id);
    if (!row) return;
    this.#dropTurnRow(integerOf(row, 'key'));
    this.#drop('UPDATE sessions SET length = length - 1 WHERE key = ?', integerOf(row, 'session'));
    if (!this.#hasSummaries) return;
    const summaries = this.#copy
      .prepare('SELECT * FROM summaries WHERE session = ?')
      .all(integerOf(row, 'session'));
    for (const summary of summaries) {
      if (soundSummaryOf(summary)?.turnIds.includes(id) !== false)
        this.#drop('DELETE FROM summaries WHERE key = ?', integerOf(summary, 'key'));
    }
  }

  #dropTurnRow(key: number): void {
    const [from, to] = [key * messagesPerTurn, (key + 1) * messagesPerTurn];
    this.#drop('DELETE FROM messages WHERE key >= ? AND key < ?', from, to);
    this.#drop('DELETE FROM turns WHERE key = ?', key);
  }

  /** Those of what is not there any more. */
  dropUnusedMarks(): void {
    if (!this.#hasMarks) return;
    for (const [kind, table] of [
      ['message', 'turns'],
      ['fact', 'facts'],
    ] as const)
      // prettier-ignore
      this.#drop(
        `DELETE FROM recall_marks WHERE kind = ? AND NOT EXISTS (
           SELECT 1 FROM ${table} t WHERE t.workspace = recall_marks.workspace AND t.id = recall_marks.owner)`,
        kind,
      );
  }

  /** Those that no turn which is left was sent with. */
  dropUnusedTexts(): void {
    if (!this.#hasSummaries) return;
    const used = new Set<string>();
    const turns = this.#copy.prepare(`SELECT workspace, body FROM turns WHERE instr(body, '"hash"') > 0`);
    for (const row of turns.iterate()) {
      for (const hash of hashesIn(turnBodyOf(row)?.context))
        used.add(`${integerOf(row, 'workspace')} ${hash}`);
    }
    const texts = this.#copy.prepare('SELECT key, workspace, lower(hex(hash)) AS hash FROM texts').all();
    for (const row of texts) {
      if (!used.has(`${integerOf(row, 'workspace')} ${textOf(row, 'hash')}`))
        this.#drop('DELETE FROM texts WHERE key = ?', integerOf(row, 'key'));
    }
  }
}
