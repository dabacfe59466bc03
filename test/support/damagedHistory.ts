import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeBackup } from '../../src/adapters/storage/engine/doctor/backups';
import { HistoryFiles } from '../../src/adapters/storage/engine/doctor/historyFiles';
import { Keeper } from '../../src/adapters/storage/engine/keeper';
import { SentTexts } from '../../src/adapters/storage/sentTexts';
import type { SentContext } from '../../src/core/context/sentContext';
import type { RepairReport, ScrubReport } from '../../src/core/historyDoctor';
import type { HistoryDump } from '../../src/core/historyLog';
import type { Summary } from '../../src/core/memory/summary';
import type { CallInput, CallOutput, CallType } from '../../src/protocol/worker';
import { assistant, createdAt, leaseMs, owner, startOfTime, user } from '../contract/logFixture';

export const workspaceId = 'w1';

/** A history as a window keeps it, without a thread. */
export class KeptHistory {
  readonly repairs: RepairReport[] = [];
  readonly scrubs: ScrubReport[] = [];
  readonly #keeper: Keeper;
  readonly #files: HistoryFiles;

  constructor(databasePath: string, options: Partial<ConstructorParameters<typeof Keeper>[0]> = {}) {
    const onRepair = (report: RepairReport): void => void this.repairs.push(report);
    const onScrub = (report: ScrubReport): void => void this.scrubs.push(report);
    this.#files = new HistoryFiles(databasePath);
    this.#keeper = new Keeper({ databasePath, newId: randomUUID, onRepair, onScrub, ...options });
  }

  call<T extends CallType>(
    type: T,
    input: Omit<CallInput<T>, 'workspaceId'>,
    now = startOfTime,
  ): CallOutput<T> {
    return this.#keeper.handle({ ...input, workspaceId, type, id: 0, now } as never) as CallOutput<T>;
  }

  append(id: string, sessionId = 's1', words = 40, context?: SentContext): void {
    this.call('session-create', { session: { id: sessionId, title: `Session ${sessionId}`, createdAt } });
    const expectedLength = this.call('session-read', { sessionId })?.length ?? 0;
    const messages = [user(`prompt ${id}`)];
    this.call('turn-begin', { turn: { id, sessionId, createdAt, messages }, expectedLength, owner, leaseMs });
    const change = { keep: 1, messages: [assistant(`answer ${id} ${`word${id} `.repeat(words)}`)] };
    const sent = context && new SentTexts().split(context);
    const outcome = { status: 'complete', ...(sent && { context: sent.context }) } as const;
    this.call('turn-finish', { turnId: id, owner, change, outcome, texts: sent?.texts ?? [] });
  }

  /** @param meanwhile done once the copy is made, before it is in its place */
  makeBackup(meanwhile: (path: string) => boolean): boolean {
    return makeBackup(this.#files, startOfTime, meanwhile);
  }

  dump(): HistoryDump {
    return this.call('history-dump', {});
  }

  tidy(): void {
    while (this.#keeper.tidy() === 'more');
  }

  changes(): ReturnType<Keeper['changes']> {
    return this.#keeper.changes();
  }

  close(): void {
    this.#keeper.close();
  }
}

export function summaryOf(id: string, sessionId: string, turnIds: readonly string[], text = id): Summary {
  const place = { from: 0, to: turnIds.length - 1, state: 'active' } as const;
  return { id, sessionId, createdAt, text, by: 'template', turnIds, ...place };
}

export function contextOf(...texts: readonly string[]): SentContext {
  const item = { source: 'instructions', included: true, reason: 'Always sent', tokens: 5 } as const;
  return { maxTokens: 16_000, reserve: 1_600, tokens: 90, items: texts.map((text) => ({ ...item, text })) };
}

/** As a crash leaves it: copies the files of a log that is open elsewhere, its write-ahead log among them. */
export function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** What of it is marked. */
export const markedThere = [
  { target: { messageId: 't3.1', turnId: 't3' }, mark: 'muted' },
  { target: { factId: 'f1' }, mark: 'kept' },
  { target: { messageId: 't6.0', turnId: 't6' }, mark: 'kept' },
] as const;

/** A history of 24 turns, 4 summaries, a pin and 3 marks, with a backup, all of it in its write-ahead log, to copy and to damage. */
export class DamageableHistory {
  readonly turns = 24;
  readonly original: HistoryDump;
  readonly summaries: readonly Summary[];
  readonly #folder: string;
  readonly #alive: KeptHistory;
  #copies = 0;

  constructor(folder: string) {
    this.#folder = folder;
    const alive = new KeptHistory(join(folder, 'alive', 'history.db'));
    for (let n = 0; n < this.turns; n += 1)
      alive.append(`t${n}`, n % 3 === 0 ? 's2' : 's1', n % 5 === 0 ? 900 : 40, this.#contextOf(n));
    this.summaries = ['a', 'b', 'c', 'd'].map((id, n) => ({
      ...summaryOf(id, 's1', [`t${n * 3 + 1}`, `t${n * 3 + 2}`], `summary ${id} `.repeat(n * 200 + 20)),
      from: n * 2,
      to: n * 2 + 1,
    }));
    for (const summary of this.summaries) alive.call('summary-put', { summary });
    alive.call('turn-pin', { turnId: 't4', pinned: true });
    alive.call('fact-remember', { fact: { id: 'f1', text: 'tea', createdAt } });
    for (const { target, mark } of markedThere) alive.call('mark-set', { target, mark });
    alive.call('workspace-claim', { place: 'file:a', own: [], dropped: [] });
    alive.tidy();
    this.original = alive.dump();
    assert.equal(alive.call('backup-make', {}), true);
    assert.equal(alive.call('backup-make', {}), false, 'nothing has changed');
    this.#alive = alive;
  }

  #contextOf(n: number): SentContext {
    return contextOf(`instructions ${n % 2} `.repeat(30), `tools ${n % 3} `.repeat(500));
  }

  close(): void {
    this.#alive.close();
  }

  /** Nothing that is shown differs from what was written. @returns how many summaries are shown */
  shownSummaries(history: KeptHistory): number {
    const { summaries } = history.call('summary-list', { sessionId: 's1' });
    for (const summary of summaries) {
      const { from: _from, to: _to, ...shown } = summary;
      const {
        from: _place,
        to: _end,
        ...before
      } = this.summaries.find(({ id }) => id === summary.id) ?? summary;
      assert.deepEqual(shown, before);
      assert.ok(this.summaries.some(({ id }) => id === summary.id));
    }
    return summaries.length;
  }

  /** Likewise of what was sent. @returns how many texts are shown */
  shownTexts(history: KeptHistory): number {
    let count = 0;
    for (const { id } of history.dump().sessions.flatMap(({ turns }) => turns)) {
      const context = history.call('turn-context', { turnId: id });
      const before = this.#contextOf(Number(id.slice(1)));
      for (const [n, item] of (context?.items ?? []).entries()) {
        if (item.text === undefined) continue;
        assert.deepEqual(item, before.items[n]);
        count += 1;
      }
    }
    return count;
  }

  /** What a crash leaves of the history: all of it in the write-ahead log, or all of it in the file. */
  crashed(kind: 'wal' | 'file', backup: 'backup' | 'no backup' = 'no backup'): string {
    const place = join(this.#folder, `copy-${(this.#copies += 1)}`);
    copyFolder(join(this.#folder, 'alive'), place);
    const path = join(place, 'history.db');
    if (backup === 'no backup') rmSync(join(place, 'backups'), { recursive: true });
    if (kind === 'file') {
      const history = new KeptHistory(path);
      history.dump();
      history.close();
    }
    return path;
  }

  /**
   * Nothing that is shown differs from what was written: last, or where the write-ahead log is damaged, and so may end
   * earlier, before its pin. @returns how many turns are shown
   */
  shown(dump: HistoryDump, damaged: 'wal' | 'file' = 'file'): number {
    let count = 0;
    for (const session of dump.sessions) {
      const before = this.original.sessions.find(({ id }) => id === session.id);
      for (const turn of session.turns) {
        const written = before?.turns.find(({ id }) => id === turn.id);
        const { pinned: _pinned, ...unpinned } = written ?? turn;
        const isEarlier = damaged === 'wal' && turn.pinned === undefined && written !== undefined;
        assert.deepEqual(turn, isEarlier ? unpinned : written);
        count += 1;
      }
    }
    return count;
  }
}

/** Ways to damage a file; `random` gives numbers from 0 up to 1. */
export const damages = {
  'a flipped bit': (path: string, random: () => number) =>
    change(path, random, (byte) => byte ^ (1 << Math.floor(random() * 8))),
  'bytes at random': (path: string, random: () => number) => {
    for (let n = 0; n < 8; n += 1) change(path, random, () => Math.floor(random() * 256));
  },
  'a header of garbage': (path: string, random: () => number) => overwrite(path, 0, 100, random),
  'a zeroed page': (path: string, random: () => number) =>
    overwrite(path, pageIn(path, random), 4096, () => 0),
  'a page of garbage': (path: string, random: () => number) =>
    overwrite(path, pageIn(path, random), 4096, random),
  'cut off at a page': (path: string, random: () => number) => truncate(path, pageIn(path, random)),
  'cut off anywhere': (path: string, random: () => number) =>
    truncate(path, Math.floor(random() * sizeOf(path))),
  'an empty file': (path: string) => truncate(path, 0),
  'another program’s database': (path: string) => {
    truncate(path, 0);
    const other = new DatabaseSync(path);
    other.exec(
      `CREATE TABLE somebody (name TEXT); INSERT INTO somebody VALUES ('else'); PRAGMA user_version = 1`,
    );
    other.close();
  },
} as const;

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function pageIn(path: string, random: () => number): number {
  return Math.floor((random() * sizeOf(path)) / 4096) * 4096;
}

function within(path: string, work: (file: number) => void): void {
  const file = openSync(path, 'r+');
  work(file);
  closeSync(file);
}

function change(path: string, random: () => number, to: (byte: number) => number): void {
  if (sizeOf(path) === 0) return;
  const at = Math.floor(random() * sizeOf(path));
  within(path, (file) => {
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    writeSync(file, Buffer.of(to(byte[0] ?? 0)), 0, 1, at);
  });
}

function overwrite(path: string, at: number, length: number, random: () => number): void {
  const bytes = Buffer.from(
    Array.from({ length: Math.min(length, Math.max(0, sizeOf(path) - at)) }, () =>
      Math.floor(random() * 256),
    ),
  );
  within(path, (file) => writeSync(file, bytes, 0, bytes.length, at));
}

function truncate(path: string, length: number): void {
  within(path, (file) => ftruncateSync(file, length));
}

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
