import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Random } from '../random';
import { readFiles, writeFiles, type Base, type Files } from './base';

export interface Damage {
  readonly what: string;
  readonly files: Files;
}

const pageSize = 4096;
const walHeader = 32;
const frameSize = pageSize + 24;

const kinds = [
  'bit in the database',
  'bit in the log ahead',
  'bytes in the database',
  'bytes in the log ahead',
  'zeroed page',
  'zeroed frame',
  'swapped pages',
  'log ahead cut at a frame',
  'log ahead cut anywhere',
  'log ahead gone',
  'database of earlier',
  'database of another log',
  'log ahead of another log',
  'database gone',
  'turns gone without a trace',
] as const;

/** One damage: the first ones cut the database at each page boundary in turn, the rest are drawn. */
export function damage(base: Base, n: number, random: Random): Damage {
  const files = new Map(base.files);
  const database = Buffer.from(files.get('history.db') ?? '');
  const wal = Buffer.from(files.get('history.db-wal') ?? '');
  const pages = Math.floor(database.length / pageSize);
  if (n < pages) {
    files.set('history.db', database.subarray(0, n * pageSize));
    return { what: `database cut at page ${n}`, files };
  }
  const what = random.pick(kinds);
  const page = random.integer(0, pages - 1) * pageSize;
  const frame =
    walHeader +
    random.integer(0, Math.max(0, Math.floor((wal.length - walHeader) / frameSize) - 1)) * frameSize;
  switch (what) {
    case 'bit in the database':
      flipBits(database, 1, random);
      break;
    case 'bit in the log ahead':
      flipBits(wal, 1, random);
      break;
    case 'bytes in the database':
      overwrite(database, random);
      break;
    case 'bytes in the log ahead':
      overwrite(wal, random);
      break;
    case 'zeroed page':
      database.fill(0, page, page + pageSize);
      break;
    case 'zeroed frame':
      wal.fill(0, frame, frame + frameSize);
      break;
    case 'swapped pages': {
      const other = random.integer(0, pages - 1) * pageSize;
      const kept = Buffer.from(database.subarray(page, page + pageSize));
      database.copy(database, page, other, other + pageSize);
      kept.copy(database, other);
      break;
    }
    case 'log ahead cut at a frame':
      files.set('history.db-wal', wal.subarray(0, frame));
      return { what, files };
    case 'log ahead cut anywhere':
      files.set('history.db-wal', wal.subarray(0, random.integer(0, wal.length)));
      return { what, files };
    case 'log ahead gone':
      files.delete('history.db-wal');
      return { what, files };
    case 'database of earlier':
      files.set('history.db', base.earlier.get('history.db') ?? database);
      return { what, files };
    case 'database of another log':
      files.set('history.db', base.other.get('history.db') ?? database);
      return { what, files };
    case 'log ahead of another log':
      files.set('history.db-wal', base.other.get('history.db-wal') ?? wal);
      return { what, files };
    case 'database gone':
      files.delete('history.db');
      return { what, files };
    case 'turns gone without a trace':
      return { what, files: withoutTurns(files, random) };
  }
  files.set('history.db', database);
  files.set('history.db-wal', wal);
  return { what, files };
}

/** Rows and index entries are gone, as with the pages that held them; their sessions still count them. */
function withoutTurns(files: Files, random: Random): Files {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-chaos-'));
  try {
    writeFiles(folder, files);
    const database = new DatabaseSync(path.join(folder, 'history.db'));
    const keys = database.prepare('SELECT key FROM turns ORDER BY key').all();
    for (const { key = 0 } of keys.filter(() => random.chance(0.2))) {
      database.prepare('DELETE FROM messages WHERE key / 1048576 = ?').run(key);
      database.prepare('DELETE FROM turns WHERE key = ?').run(key);
    }
    database.exec('VACUUM');
    database.close();
    return readFiles(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Nothing of the second kind is at hand: no backup, and no record beside it. */
export function withoutBackups(files: Files): Files {
  return new Map([...files].filter(([name]) => !name.startsWith('backups')));
}

function flipBits(bytes: Buffer, count: number, random: Random): void {
  for (let n = 0; n < count && bytes.length > 0; n += 1) {
    const at = random.integer(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  }
}

function overwrite(bytes: Buffer, random: Random): void {
  const from = random.integer(0, Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, from + random.integer(1, 200));
  for (let at = from; at < to; at += 1) bytes[at] = random.integer(0, 255);
}
