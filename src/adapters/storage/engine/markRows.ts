import type { RecallMark } from '../../../core/memory/recallMarks';
import type { Span } from '../../../core/recall/passages';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, integerOf, textOf, type Database, type Row } from './database';
import type { Scope } from './scope';

export type MarkKind = 'message' | 'fact';

/** Of a message: its turn, and its id; of a fact: its id, twice. */
export interface MarkedPlace {
  readonly kind: MarkKind;
  readonly owner: string;
  readonly id: string;
}

/** `none`: it was taken back. */
export type MarkState = RecallMark | 'none';

export interface StoredMark extends MarkedPlace {
  readonly mark: MarkState;
  readonly passage?: Span;
}

export function markRow({ database, workspace }: Scope, { kind, owner, id }: MarkedPlace): Row | undefined {
  // A log of an earlier version that cannot be written has none.
  if (!database.hasSchema(3)) return undefined;
  const where = 'workspace = ? AND kind = ? AND owner = ? AND id = ?';
  return database.get(`SELECT * FROM recall_marks WHERE ${where}`, workspace, kind, owner, id);
}

/** Undefined where what is stored is not what was written. */
export function soundMarkOf(row: Row): StoredMark | undefined {
  const [kind, owner, id, mark, passage] = [
    textOf(row, 'kind'),
    textOf(row, 'owner'),
    textOf(row, 'id'),
    textOf(row, 'mark'),
    textOf(row, 'passage'),
  ];
  return soundMark([kind, owner, id, mark, passage], bytesOf(row, 'checksum'));
}

/** By its checksum, from the columns of a row in their order. */
export function soundMark(columns: readonly string[], checksum: Uint8Array): StoredMark | undefined {
  if (!sameBytes(bodyChecksum(JSON.stringify(columns)), checksum)) return undefined;
  const [kind = '', owner = '', id = '', mark = '', passage = ''] = columns;
  // What has its checksum is what was written.
  const place = { kind: kind as MarkKind, owner, id, mark: mark as MarkState };
  return passage === '' ? place : { ...place, passage: JSON.parse(passage) as Span };
}

/** @param sequence left out: a new one */
export function writeMark({ database, workspace }: Scope, stored: StoredMark, sequence?: number): void {
  const { kind, owner, id, mark, passage } = stored;
  const span = passage ? JSON.stringify({ start: passage.start, end: passage.end }) : '';
  database.run(
    `INSERT OR REPLACE INTO recall_marks (workspace, kind, owner, id, mark, passage, sequence, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    workspace,
    kind,
    owner,
    id,
    mark,
    span,
    sequence ?? database.nextSequence(),
    bodyChecksum(JSON.stringify([kind, owner, id, mark, span])),
  );
}

export interface FactMark {
  readonly mark: RecallMark;
  /** Left out: a new one. */
  readonly sequence?: number;
}

export function factMark(scope: Scope, factId: string): FactMark | undefined {
  const row = markRow(scope, { kind: 'fact', owner: factId, id: factId });
  const mark = row && soundMarkOf(row)?.mark;
  return row && mark !== undefined && mark !== 'none' ? { mark, sequence: sequenceOf(row) } : undefined;
}

export function writeFactMark(scope: Scope, factId: string, { mark, sequence }: FactMark): void {
  writeMark(scope, { kind: 'fact', owner: factId, id: factId, mark }, sequence);
}

/** With what they are on: for good, as that is. */
export function deleteMarksOf({ database, workspace }: Scope, kind: string, owner: string): void {
  const of = kind === 'turn' ? 'message' : kind;
  database.run(
    'DELETE FROM recall_marks WHERE workspace = ? AND kind = ? AND owner = ?',
    workspace,
    of,
    owner,
  );
}

/** All of the workspace's. */
export function deleteMarks({ database, workspace }: Scope): void {
  database.run('DELETE FROM recall_marks WHERE workspace = ?', workspace);
}

/** Whether a mark of the workspace was set or taken back since. */
export function marksChangedSince(database: Database, workspaceId: string, sequence: number): boolean {
  if (!database.hasSchema(3)) return false;
  const row = database.get(
    `SELECT 1 FROM workspaces w JOIN recall_marks m ON m.workspace = w.key
     WHERE w.id = ? AND m.mark IN ('muted', 'kept', 'none') AND m.sequence > ? LIMIT 1`,
    workspaceId,
    sequence,
  );
  return row !== undefined;
}

export function sequenceOf(row: Row): number {
  return integerOf(row, 'sequence');
}
