import { bodyChecksum, sameBytes } from '../checksums';
import { soundMark, type StoredMark } from '../markRows';
import { currentTable, pagesLostAhead, rowsIn } from './pages';
import type { WholeTables } from './holdings';
import type { Value } from './records';

/** A row's states, the newest first. */
export type States<T> = Map<number, T[]>;

export interface RawTurn {
  readonly key: number;
  readonly workspace: number;
  readonly id: string;
  readonly session: number;
  readonly position: number;
  readonly sequence: number;
  readonly status: string;
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  readonly recovered: number;
  readonly checksum: Uint8Array;
  readonly body: string;
}

export interface RawSession {
  readonly workspace: number;
  readonly id: string;
  readonly sequence: number;
  readonly length: number | undefined;
  readonly nextPosition: number;
  readonly contextStart: number;
  readonly undoStarts: string;
  readonly updatedAt: string;
  readonly body: string;
}

export interface RawFact {
  readonly workspace: number;
  readonly id: string;
  readonly sequence: number;
  readonly body: string;
}

export interface RawMark extends StoredMark {
  readonly workspace: number;
  readonly sequence: number;
}

export interface RawText {
  readonly workspace: number;
  /** In hexadecimal. */
  readonly hash: string;
  readonly body: string;
}

/**
 * What the pages of a log hold, row by row. Sessions, facts, messages, summaries, texts and marks are sound by
 * their own checksums.
 */
export class RawTables {
  readonly meta = new Map<string, Value>();
  /** By row key: the ids found in rows; then those in indexes, among them other texts with a number. */
  readonly workspaceIds = new Map<number, Set<string>>();
  readonly indexedTexts = new Map<number, Set<string>>();
  readonly activeSessions = new Map<number, string | null>();
  readonly aliases = new Map<string, number>();
  readonly sessions: States<RawSession> = new Map();
  readonly turns: States<RawTurn> = new Map();
  /** Message key: bodies with their checksums. */
  readonly messages: States<{ readonly checksum: Uint8Array; readonly body: string }> = new Map();
  readonly facts: States<RawFact> = new Map();
  readonly summaries: States<RawFact> = new Map();
  /** Also from an index: summaries that there were. */
  readonly summaryIds: { readonly workspace: number; readonly id: string }[] = [];
  readonly texts: RawText[] = [];
  readonly marks: RawMark[] = [];
  readonly tombstones: { workspace: number; kind: string; id: string; sequence: number }[] = [];
  /** From indexes: which id a row key has, and in which workspace. */
  readonly named = new Map<number, { readonly workspace: number; readonly id: string }[]>();
  /** From an index: keys of turns, and the session and position they are at. */
  readonly placed = new Map<number, { readonly session: number; readonly position: number }>();

  constructor(path: string) {
    for (const { rowid, values } of rowsIn(path)) {
      if (rowid === undefined) this.#addIndexRow(values);
      else this.#addRow(rowid, values);
    }
    for (const states of this.turns.values()) states.sort((a, b) => b.sequence - a.sequence);
    for (const states of this.sessions.values()) states.sort((a, b) => b.sequence - a.sequence);
    for (const states of this.summaries.values()) states.sort((a, b) => b.sequence - a.sequence);
    for (const states of this.facts.values()) states.sort((a, b) => b.sequence - a.sequence);
  }

  #addRow(key: number, row: readonly Value[]): void {
    if (row.length === 14) this.#addTurn(key, row);
    else if (hasSessionColumns(row)) this.#addSession(key, row);
    else if (row.length === 10) this.#addSummary(key, row);
    else if (row.length === 8) this.#addFact(key, row);
    else if (row.length === 5) this.#addMessage(key, row);
    else if (row.length === 4) this.#addText(row);
    else if (row.length === 3) this.#addWorkspace(key, row);
  }

  #addTurn(key: number, row: readonly Value[]): void {
    const [
      ,
      workspace,
      id,
      session,
      position,
      sequence,
      status,
      owner,
      lease,
      recovered,
      ,
      ,
      checksum,
      body,
    ] = row;
    if (!isInteger(workspace) || !isText(id) || !isInteger(session) || !isInteger(position)) return;
    if (!isInteger(sequence) || !isText(status) || !isBytes(checksum) || !isText(body)) return;
    add(this.turns, key, {
      key,
      workspace,
      id,
      session,
      position,
      sequence,
      status,
      owner: isText(owner) ? owner : null,
      leaseUntil: isInteger(lease) ? lease : null,
      recovered: recovered === 1 ? 1 : 0,
      checksum,
      body,
    });
  }

  #addSession(key: number, row: readonly Value[]): void {
    const [, workspace, id, sequence, length, nextPosition, contextStart, undoStarts, updatedAt, , ...rest] =
      row;
    const [checksum, body] = rest;
    if (!isInteger(workspace) || !isText(id) || !isInteger(sequence) || !isInteger(nextPosition)) return;
    if (!isInteger(contextStart) || !isText(undoStarts) || !isText(updatedAt)) return;
    if (!isSound(body, checksum)) return;
    add(this.sessions, key, {
      workspace,
      id,
      sequence,
      length: isInteger(length) ? length : undefined,
      nextPosition,
      contextStart,
      undoStarts,
      updatedAt,
      body,
    });
  }

  #addFact(key: number, row: readonly Value[]): void {
    const [, workspace, id, sequence, , checksum, , body] = row;
    if (!isInteger(workspace) || !isText(id) || !isInteger(sequence) || !isSound(body, checksum)) return;
    add(this.facts, key, { workspace, id, sequence, body });
  }

  #addSummary(key: number, row: readonly Value[]): void {
    const [first, workspace, , id, sequence, , , , checksum, body] = row;
    if (first !== null || !isInteger(workspace) || !isText(id)) return;
    this.summaryIds.push({ workspace, id });
    if (isInteger(sequence) && isSound(body, checksum))
      add(this.summaries, key, { workspace, id, sequence, body });
  }

  #addText([first, workspace, hash, body]: readonly Value[]): void {
    if (first !== null || !isInteger(workspace) || !isBytes(hash) || !isSound(body, hash)) return;
    this.texts.push({ workspace, hash: Buffer.from(hash).toString('hex'), body });
  }

  #addMessage(key: number, row: readonly Value[]): void {
    const [first, role, checksum, , body] = row;
    if (first !== null || !isText(role) || !isBytes(checksum) || !isSound(body, checksum)) return;
    const states = this.messages.get(key) ?? [];
    if (!states.some((state) => sameBytes(state.checksum, checksum)))
      add(this.messages, key, { checksum, body });
  }

  #addWorkspace(key: number, [first, id, active]: readonly Value[]): void {
    if (first !== null || !isText(id) || !(active === null || isText(active))) return;
    addTo(this.workspaceIds, key, id);
    this.activeSessions.set(key, active);
  }

  #addIndexRow(row: readonly Value[]): void {
    const [a, b, c, d] = row;
    if (row.length === 2 && isText(a) && b !== undefined) {
      // Later states of the same name come later.
      this.meta.set(a, b);
      if (isInteger(b)) addTo(this.indexedTexts, b, a);
    } else if (row.length === 2 && isInteger(a) && isText(b)) this.aliases.set(b, a);
    else if (row.length === 3 && isInteger(a) && isText(b) && isInteger(c)) {
      this.named.set(c, [...(this.named.get(c) ?? []), { workspace: a, id: b }]);
    } else if (row.length === 3 && isInteger(a) && isInteger(b) && isInteger(c) && b !== c) {
      this.placed.set(c, { session: a, position: b });
    } else if (row.length === 3 && isText(a) && isInteger(b) && isInteger(c)) {
      this.summaryIds.push({ workspace: b, id: a });
    } else if (row.length === 4 && isInteger(a) && isText(b) && isText(c) && isInteger(d)) {
      this.tombstones.push({ workspace: a, kind: b, id: c, sequence: d });
    } else if (row.length === 4 && isInteger(a) && isInteger(b) && isText(c) && isText(d)) {
      this.tombstones.push({ workspace: a, kind: c, id: d, sequence: b });
    } else if (row.length === 8) this.#addMark(row);
  }

  #addMark([workspace, kind, owner, id, mark, passage, sequence, checksum]: readonly Value[]): void {
    const columns = [kind, owner, id, mark, passage].filter(isText);
    if (!isInteger(workspace) || !isInteger(sequence) || !isBytes(checksum)) return;
    const stored = soundMark(columns, checksum);
    if (stored) this.marks.push({ ...stored, workspace, sequence });
  }
}

/** Which tables can be read from these files for sure. */
export function wholeTablesIn(path: string): WholeTables {
  const lost = pagesLostAhead(path);
  const isWhole = (name: string, isRow: (row: readonly Value[]) => boolean): boolean => {
    const table = currentTable(path, name);
    if (!lost || !table?.rows.every(({ values }) => isRow(values))) return false;
    return [...lost].every((page) => !table.pages.has(page));
  };
  return {
    sessions: isWhole('sessions', (row) => hasSessionColumns(row) && isSound(row[11], row[10])),
    tombstones: isWhole('tombstones', (row) => row.length === 4),
  };
}

function addTo(sets: Map<number, Set<string>>, key: number, text: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(text));
}

function add<T>(to: States<T>, key: number, state: T): void {
  const states = to.get(key);
  if (states) states.unshift(state);
  else to.set(key, [state]);
}

/** Version 2 has added one at the end, which rows that were written before it lack. */
function hasSessionColumns({ length }: readonly Value[]): boolean {
  return length === 12 || length === 13;
}

function isSound(body: Value | undefined, checksum: Value | undefined): body is string {
  return isText(body) && isBytes(checksum) && sameBytes(bodyChecksum(body), checksum);
}

function isText(value: Value | undefined): value is string {
  return typeof value === 'string';
}

function isInteger(value: Value | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isBytes(value: Value | undefined): value is Uint8Array {
  return value instanceof Uint8Array;
}
