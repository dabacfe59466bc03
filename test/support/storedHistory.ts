import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { HistoryDump, SessionSummary } from '../../src/core/historyLog';

/** Histories as released versions, and one to come, wrote them: see test/fixtures/history/README.md. */
export type StoredVersion = 'version-1' | 'version-2' | 'version-3' | 'version-4-to-be';

const fixtures = join(process.cwd(), 'test', 'fixtures', 'history');

/** Puts the history's files into the folder. @returns the database's path */
export function unpackHistory(version: StoredVersion, folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['history.db', 'history.db-wal']) {
    const packed = join(fixtures, version, `${name}.gz`);
    if (existsSync(packed)) writeFileSync(join(folder, name), gunzipSync(readFileSync(packed)));
  }
  return join(folder, 'history.db');
}

/** What all of them hold in workspace w1, but for one running turn, t8. */
export function storedContents(): {
  readonly dump: HistoryDump;
  readonly sessions: readonly SessionSummary[];
} {
  const text = readFileSync(join(fixtures, 'version-1', 'contents.json'), 'utf8');
  return JSON.parse(text) as ReturnType<typeof storedContents>;
}

/** What makes version 4 of it. */
export function versionToBe(): string {
  return readFileSync(join(fixtures, 'version-4-to-be.sql'), 'utf8');
}
