import {
  expiredTurns,
  type AgedTurn,
  type RetentionLimits,
  type RetentionReport,
} from '../../../core/retention';
import { integerOf, textOf, type Database, type Row } from './database';
import { deleteEmptySession, deleteTurn } from './deletion';
import { messagesPerTurn } from './messageRows';
import type { Scope } from './scope';
import { touchSession } from './sessions';
import { lengthen } from './turns';
import { turnRowOf } from './turnRows';
import { bytesUsed } from './vacuum';

const turnsScanned = 500;
const turnsDeleted = 50;

export interface RetentionOutcome {
  readonly report: RetentionReport;
  /** Of which something was deleted. */
  readonly workspaceIds: readonly string[];
}

export interface RetentionRunOptions {
  readonly database: Database;
  readonly limits: RetentionLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** False: only finds out what would go. */
  readonly apply: boolean;
  /** Runs `work` in one transaction that deletes. */
  readonly erase: <T>(work: () => T) => T;
  readonly scopeOf: (workspace: number) => Scope;
}

interface ScannedTurn extends AgedTurn {
  readonly key: number;
  readonly id: string;
  readonly session: number;
  readonly workspace: number;
}

/** One application of the limits, in bounded steps, so that whoever else needs the history waits for no more than one. */
export class RetentionRun {
  readonly #options: RetentionRunOptions;
  #scanned: readonly ScannedTurn[] = [];
  #expired: readonly ScannedTurn[] | undefined;
  /** So many of the expired have been dealt with. */
  #done = 0;
  #gone: readonly ScannedTurn[] = [];
  #sessions = 0;

  constructor(options: RetentionRunOptions) {
    this.#options = options;
  }

  get applies(): boolean {
    return this.#options.apply;
  }

  /** The outcome, once there is no more to do. A step that throws can be repeated. */
  step(): RetentionOutcome | undefined {
    if (!this.#expired) {
      if (this.#scan()) return undefined;
      this.#expired = this.#decide();
      if (!this.applies) return this.#outcome(this.#expired, this.#emptied(this.#expired));
    }
    const batch = this.#expired.slice(this.#done, this.#done + turnsDeleted);
    if (batch.length === 0) return this.#outcome(this.#gone, this.#sessions);
    const { gone, sessions } = this.#options.erase(() => this.#deleteAll(batch));
    this.#done += batch.length;
    this.#gone = [...this.#gone, ...gone];
    this.#sessions += sessions;
    return undefined;
  }

  /** @returns whether there may be more */
  #scan(): boolean {
    const rows = this.#options.database.all(
      `SELECT t.key, t.id, t.workspace, t.session, t.status, t.pinned, octet_length(t.body) AS header,
         CASE WHEN json_valid(t.body) THEN json_extract(t.body, '$.createdAt') END AS created_at,
         (SELECT coalesce(sum(octet_length(body) + octet_length(extra)), 0) FROM messages
          WHERE key >= t.key * ${messagesPerTurn} AND key < (t.key + 1) * ${messagesPerTurn}) AS content
       FROM turns t WHERE t.key > ? ORDER BY t.key LIMIT ${turnsScanned}`,
      this.#scanned.at(-1)?.key ?? -1,
    );
    this.#scanned = [...this.#scanned, ...rows.map(scannedTurn)];
    return rows.length === turnsScanned;
  }

  /** What a turn takes on disk, index included, is its part of all that is used. */
  #decide(): readonly ScannedTurn[] {
    const { database, limits, now } = this.#options;
    const content = this.#scanned.reduce((total, { bytes }) => total + bytes, 0);
    const share = content === 0 ? 1 : bytesUsed(database) / content;
    this.#scanned = this.#scanned.map((turn) => ({ ...turn, bytes: turn.bytes * share }));
    return expiredTurns(this.#scanned, limits, now);
  }

  /** How many sessions would lose all their turns and go. */
  #emptied(expired: readonly ScannedTurn[]): number {
    const bySession = new Map<number, number>();
    for (const { session } of expired) bySession.set(session, (bySession.get(session) ?? 0) + 1);
    return [...bySession].filter(([session, count]) => {
      const row = this.#sessionRow(session);
      return row && integerOf(row, 'length') === count && integerOf(row, 'active') === 0;
    }).length;
  }

  #deleteAll(batch: readonly ScannedTurn[]): { gone: readonly ScannedTurn[]; sessions: number } {
    const gone = batch.filter((turn) => this.#delete(turn));
    const emptied = [...new Set(gone.map(({ session }) => session))].filter((session) => {
      const row = this.#sessionRow(session);
      return row && integerOf(row, 'length') === 0 && integerOf(row, 'active') === 0;
    });
    for (const { session, workspace } of gone) {
      if (emptied.includes(session)) deleteEmptySession(this.#options.scopeOf(workspace), session);
    }
    return { gone, sessions: emptied.length };
  }

  /** @returns false where it was deleted since by another, or pinned, or begun anew */
  #delete({ key, id, session, workspace }: ScannedTurn): boolean {
    const row = this.#options.database.get('SELECT * FROM turns WHERE key = ? AND id = ?', key, id);
    if (!row || textOf(row, 'status') === 'running' || integerOf(row, 'pinned') === 1) return false;
    const scope = this.#options.scopeOf(workspace);
    deleteTurn(scope, turnRowOf(row));
    lengthen(scope, session, -1);
    touchSession(scope, session);
    return true;
  }

  #sessionRow(session: number): Row | undefined {
    return this.#options.database.get(
      `SELECT s.id, s.length, coalesce(w.active_session = s.id, 0) AS active
       FROM sessions s JOIN workspaces w ON w.key = s.workspace WHERE s.key = ?`,
      session,
    );
  }

  #outcome(gone: readonly ScannedTurn[], sessions: number): RetentionOutcome {
    const { database } = this.#options;
    const bytesOf = (turns: readonly ScannedTurn[]): number =>
      Math.round(turns.reduce((total, { bytes }) => total + bytes, 0));
    const bytes = bytesOf(gone);
    const [oldest, newest] = [gone[0], gone.at(-1)];
    return {
      report: {
        sessions,
        turns: gone.length,
        bytes,
        ...(oldest && { oldest: new Date(oldest.createdAt).toISOString() }),
        ...(newest && { newest: new Date(newest.createdAt).toISOString() }),
        kept: { turns: this.#scanned.length - gone.length, bytes: bytesOf(this.#scanned) - bytes },
      },
      workspaceIds: [...new Set(gone.map(({ workspace }) => workspace))].map((workspace) =>
        textOf(database.get('SELECT id FROM workspaces WHERE key = ?', workspace), 'id'),
      ),
    };
  }
}

function scannedTurn(row: Row): ScannedTurn {
  const createdAt = typeof row.created_at === 'string' ? Date.parse(row.created_at) : NaN;
  return {
    key: integerOf(row, 'key'),
    id: textOf(row, 'id'),
    session: integerOf(row, 'session'),
    workspace: integerOf(row, 'workspace'),
    createdAt,
    bytes: integerOf(row, 'header') + integerOf(row, 'content'),
    fixed: Number.isNaN(createdAt) || textOf(row, 'status') === 'running' || integerOf(row, 'pinned') === 1,
  };
}
