import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { childrenOf, rowCountOf, rowsOf, type RawRow } from './records';
import { readWriteAheadLog, type WriteAheadLog } from './wal';

/**
 * All rows in a database file and its write-ahead log, older states of them too, oldest first: what a row holds is for
 * its checksum to tell. Closing a file lets go of SQLite's locks on it (POSIX), so read copies, or what is not open.
 */
export function* rowsIn(path: string): Generator<RawRow> {
  const wal = soundFor(path, readWriteAheadLog(`${path}-wal`));
  const file = openIfThere(path);
  try {
    const pages = new Pages(file, wal);
    const pageAt = (number: number): Buffer | undefined => pages.at(number);
    for (let number = 1; number <= pages.count; number += 1) {
      const page = pages.inFile(number);
      if (page) yield* rowsOf(page, number === 1, pageAt);
    }
    for (const { page, bytes } of wal?.frames ?? []) yield* rowsOf(bytes, page === 1, pageAt);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export interface CurrentTable {
  readonly rows: readonly RawRow[];
  /** Numbers of the pages that hold it, those of the schema among them. */
  readonly pages: ReadonlySet<number>;
}

/**
 * A table as it is now, found by the file's own schema. Undefined unless every page of it is there and every row can be
 * read, none of which says that the rows are what was written.
 */
export function currentTable(path: string, name: string): CurrentTable | undefined {
  const wal = soundFor(path, readWriteAheadLog(`${path}-wal`));
  const file = openIfThere(path);
  try {
    const pages = new Pages(file, wal);
    const seen = new Set<number>();
    const schema = rowsBelow(pages, 1, seen);
    const root = schema?.find(({ values: [type, called] }) => type === 'table' && called === name)?.values[3];
    const rows = typeof root === 'number' ? rowsBelow(pages, root, seen) : undefined;
    return rows && { rows, pages: seen };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Pages whose newest state may be lost with the write-ahead log; undefined where any page's may be. */
export function pagesLostAhead(path: string): ReadonlySet<number> | undefined {
  const all = readWriteAheadLog(`${path}-wal`);
  if (!all) return new Set();
  const wal = soundFor(path, all);
  return !wal || wal.brokenPages.has(0) ? undefined : wal.brokenPages;
}

function rowsBelow(pages: Pages, number: number, seen: Set<number>): readonly RawRow[] | undefined {
  const page = seen.has(number) ? undefined : pages.at(number);
  if (!page) return undefined;
  seen.add(number);
  const rows = rowsOf(page, number === 1, (at) => pages.at(at));
  const children = childrenOf(page, number === 1);
  if (!children || rows.length !== rowCountOf(page, number === 1)) return undefined;
  const below = children.map((child) => rowsBelow(pages, child, seen));
  return below.every((part) => part !== undefined) ? [...rows, ...below.flat()] : undefined;
}

/** Whether SQLite would pass over acknowledged changes, or take those of another log for this one's. */
export function isWriteAheadLogDamaged(path: string): boolean {
  const wal = readWriteAheadLog(`${path}-wal`);
  return wal !== undefined && (wal.damaged || soundFor(path, wal) === undefined);
}

/** Whether there is a write-ahead log with something in it. */
export function hasChangesAhead(path: string): boolean {
  return (readWriteAheadLog(`${path}-wal`)?.frames.length ?? 0) > 0;
}

/** Undefined where the write-ahead log is another log's. Every commit writes the page that names its log. */
function soundFor(path: string, wal: WriteAheadLog | undefined): WriteAheadLog | undefined {
  if (!wal) return undefined;
  const file = openIfThere(path);
  if (file === undefined) return wal;
  try {
    const pages = new Pages(file, wal);
    for (const { page, bytes } of wal.frames) {
      const theirs = logIdIn(bytes, page);
      if (theirs === undefined) continue;
      const before = pages.inFile(page);
      const ours = before && logIdIn(before, page);
      return ours === undefined || ours === theirs ? wal : undefined;
    }
    return wal;
  } finally {
    closeSync(file);
  }
}

function logIdIn(page: Buffer, number: number): string | undefined {
  const row = rowsOf(page, number === 1, () => undefined).find(({ values: [name] }) => name === 'logId');
  const id = row?.values[1];
  return typeof id === 'string' && row?.values.length === 2 ? id : undefined;
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

class Pages {
  readonly count: number;
  readonly #file: number | undefined;
  readonly #size: number;
  readonly #newest: ReadonlyMap<number, Buffer>;

  constructor(file: number | undefined, wal: WriteAheadLog | undefined) {
    this.#file = file;
    this.#newest = new Map((wal?.frames ?? []).map(({ page, bytes }) => [page, bytes]));
    this.#size = wal?.pageSize ?? pageSizeIn(file);
    this.count = file === undefined ? 0 : Math.floor(sizeOf(file) / this.#size);
  }

  at(number: number): Buffer | undefined {
    return this.#newest.get(number) ?? this.inFile(number);
  }

  inFile(number: number): Buffer | undefined {
    if (this.#file === undefined || number < 1 || number > this.count) return undefined;
    const page = Buffer.alloc(this.#size);
    return readSync(this.#file, page, 0, this.#size, (number - 1) * this.#size) === this.#size
      ? page
      : undefined;
  }
}

/** As the header says, where that makes sense; ours is 4096. */
function pageSizeIn(file: number | undefined): number {
  const header = Buffer.alloc(18);
  if (file === undefined || readSync(file, header, 0, 18, 0) < 18) return 4096;
  const sound = header.toString('latin1', 0, 15) === 'SQLite format 3';
  const size = header.readUInt16BE(16);
  return sound && size >= 512 && (size & (size - 1)) === 0 ? size : 4096;
}

function sizeOf(file: number): number {
  const stats = fstatSync(file);
  return stats.isFile() ? stats.size : 0;
}
