import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { rowsOf, type RawRow } from './records';
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

/** Whether SQLite would pass over acknowledged changes, or take those of another log for this one's. */
export function isWriteAheadLogDamaged(path: string): boolean {
  const wal = readWriteAheadLog(`${path}-wal`);
  return wal !== undefined && (wal.damaged || soundFor(path, wal) === undefined);
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
