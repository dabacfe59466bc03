import { linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { HistoryError } from '../../../core/errors';
import type { CheckReport, HistoryProblem, RepairReport } from '../../../core/historyDoctor';
import type { WorkerRequest } from '../../../protocol/worker';
import type { WorkspaceRecord } from '../../../protocol/workspaceRecord';
import type { WatchedChange } from './changeWatch';
import { Copies, type CopiesOptions } from './copies';
import type { DatabaseOptions } from './database';
import { backupsOf, hasWholePages, makeBackup } from './doctor/backups';
import { LogMoved } from './doctor/filePlace';
import { findProblems, problemsBeforeOpening, problemsOf, sayingOf } from './doctor/findProblems';
import { fileIdentity, HistoryFiles, notWritable } from './doctor/historyFiles';
import { quarantined } from './doctor/quarantine';
import { nothingToRepair, planRepair, repairHistory } from './doctor/repair';
import { Engine, type EngineOptions } from './engine';
import { isDamage, isFileDamage, isLocked, isMovedAway, isOutage, isReadOnly } from './sqliteErrors';

export interface KeeperOptions extends EngineOptions, CopiesOptions {
  /** Told of repairs. */
  readonly onRepair?: (report: RepairReport) => void;
  /** Told once when the log is a newer version's, and is only read. */
  readonly onNewerVersion?: () => void;
}

/** Looking whether the open file is still the one at its path costs little, yet not nothing. Milliseconds. */
const lookInterval = 250;
/** So often it is tried by itself whether a log that is only read can be written again. Milliseconds. */
const outageInterval = 2_000;
/** What cannot be mended is not tried for ever. */
const mostRepairs = 5;
/** A disk without room is not filled with the copies of one repair after the other. Milliseconds. */
const repairInterval = 30_000;

/**
 * Keeps an engine open on the history, whatever happens to the files: a damaged log is repaired by itself, one that
 * was moved or replaced is opened anew, and copies of it are kept. Answers an engine's requests and a doctor's.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #files: HistoryFiles;
  readonly #copies: Copies;
  readonly #watched = new Set<string>();
  #engine: Engine | undefined;
  #looked = 0;
  #repairs = 0;
  /** Something that was read is not what was written. */
  #suspicious = false;
  #reopened = false;
  #toldNewer = false;
  /** What keeps the log from being written, while it is only read; undefined where all is well. */
  #outage: Error | undefined;
  /** What kept it from being mended, and when that is tried again, by `performance.now`. */
  #unmended: Error | undefined;
  #repairAfter = 0;
  #now = Date.now();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#files = new HistoryFiles(options.databasePath);
    this.#copies = new Copies(this.#files, options);
  }

  handle(request: WorkerRequest): unknown {
    this.#now = request.now;
    if (request.type === 'doctor-check') return this.#check(request.records);
    if (request.type === 'doctor-repair') return this.#repairIfNeeded(request.records);
    if (request.type === 'backup-make') {
      this.#guarded((engine) => engine.database.version);
      return makeBackup(this.#files, request.now);
    }
    if (request.type === 'workspace-watch') {
      if (request.watch) this.#watched.add(request.workspaceId);
      else this.#watched.delete(request.workspaceId);
    }
    return this.#guarded((engine) => {
      const result = engine.handle(request);
      if (showsDamage(result)) this.#suspicious = true;
      return result;
    });
  }

  /** After another file came to its place, anything may have changed. */
  changes(): readonly WatchedChange[] {
    if (this.#outage !== undefined && performance.now() - this.#looked < outageInterval) return [];
    return this.#guarded((engine) => {
      const changes = engine.changes();
      this.#isNewer(engine);
      if (!this.#reopened) return changes;
      this.#reopened = false;
      return [...this.#watched].map((workspaceId) => ({ workspaceId }));
    });
  }

  get isWatching(): boolean {
    return this.#watched.size > 0;
  }

  /** A bounded piece of work for a quiet moment; but repairs, and cleaning copies after a delete, take their time. */
  tidy(): 'more' | 'later' | 'done' {
    return this.#guarded((engine) => {
      // What a newer version wrote is that version's to tidy.
      if (this.#isNewer(engine)) return 'done';
      if (this.#suspicious) {
        this.#suspicious = false;
        this.#repairIfNeeded([], true);
        return 'more';
      }
      const next = engine.tidy();
      if (next === 'done') this.#copies.tidy(engine.database, this.#now);
      // Another window that reads keeps no copy from being cleaned.
      if (next === 'later') this.#copies.scrubIfDue(engine.database, this.#now);
      return next;
    });
  }

  /** Told once, however it comes to light. */
  #isNewer({ database }: Engine): boolean {
    const isNewer = this.#toldNewer || database.isNewer;
    if (isNewer && !this.#toldNewer) this.#options.onNewerVersion?.();
    this.#toldNewer = isNewer;
    return isNewer;
  }

  close(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    if (!engine) return;
    try {
      const { database } = engine;
      if (this.#outage === undefined && database.isCurrent && !database.isNewer)
        this.#copies.scrubIfDue(database, this.#now);
    } catch {
      // It stays due, and the next window does it.
    } finally {
      engine.close();
    }
  }

  #guarded<T>(work: (engine: Engine) => T): T {
    for (let tries = 0; ; tries += 1) {
      const engine = this.#opened();
      try {
        return work(engine);
      } catch (error) {
        if (error instanceof HistoryError && error.reason === 'corrupt') this.#suspicious = true;
        if (tries >= 2) throw error instanceof LogMoved ? unavailable(error) : error;
        if (this.#outage !== undefined && isReadOnly(error)) throw this.#outage;
        if (error instanceof LogMoved || isMovedAway(error)) this.#shut();
        else if (!isFileDamage(error) || !this.#mend([{ kind: 'unreadable', message: sayingOf(error) }]))
          throw error;
      }
    }
  }

  #opened(): Engine {
    // What is only read as it is serves one request: by the next there may be room, or another window's change.
    if (this.#outage !== undefined) this.#closeQuietly();
    if (this.#engine && performance.now() - this.#looked > lookInterval) {
      this.#looked = performance.now();
      if (!this.#engine.database.isCurrent) this.#shut();
    }
    this.#engine ??= this.#open();
    return this.#engine;
  }

  #open(): Engine {
    const wasOut = this.#outage !== undefined;
    try {
      const engine = this.#openToWrite();
      this.#outage = undefined;
      this.#reopened ||= wasOut;
      return engine;
    } catch (error) {
      this.#outage = undefined;
      if (!isOutage(error)) throw error;
      const outage = notWritable(this.#files) ?? error;
      const engine = this.#openAsItIs();
      if (!engine) throw outage;
      this.#outage = outage;
      return engine;
    }
  }

  /** The log without the files that SQLite needs beside it. Undefined where it is not whole without them. */
  #openAsItIs(): Engine | undefined {
    const { database } = this.#files;
    const isThere = (suffix: string): boolean =>
      (statSync(database + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (!isThere('') || isThere('-wal') || isThere('-journal')) return undefined;
    try {
      return this.#newEngine({ asItIs: true });
    } catch {
      return undefined;
    }
  }

  #openToWrite(): Engine {
    if (this.#files.isUnderRepair)
      this.#repair([{ kind: 'unreadable', message: 'A repair was interrupted' }]);
    const before = problemsBeforeOpening(this.#files);
    // Lest an empty history seems to be all there is.
    if (before.length > 0 && !this.#mend(before) && before.some(({ kind }) => kind === 'missing')) {
      throw this.#unmended ?? unavailable('It cannot be rebuilt');
    }
    const engine = this.#openOrMend();
    const after = problemsOf(engine.database, this.#files);
    if (after.length === 0) return engine;
    this.#engine = engine;
    // A repair that failed may have closed it too.
    return this.#mend(after) || !this.#isOpen ? this.#newEngine() : engine;
  }

  get #isOpen(): boolean {
    return this.#engine !== undefined;
  }

  #openOrMend(): Engine {
    try {
      return this.#newEngine();
    } catch (error) {
      if (isLocked(error) || !isDamage(error)) throw error;
      if (!this.#mend([{ kind: 'unreadable', message: sayingOf(error) }])) throw error;
      return this.#newEngine();
    }
  }

  #newEngine(how: DatabaseOptions = {}): Engine {
    const files = this.#files;
    const beforeMigration = (): void => void makeBackup(files, this.#now, hasWholePages);
    const database = { ...this.#options.database, ...how, files, beforeMigration };
    const engine = new Engine({ ...this.#options, database });
    this.#looked = performance.now();
    for (const workspaceId of this.#watched) {
      engine.handle({ type: 'workspace-watch', id: 0, now: this.#now, workspaceId, watch: true });
    }
    return engine;
  }

  /** The open file is no longer at its path. One that was deleted is brought back: deleting files deletes no history. */
  #shut(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    this.#reopened = true;
    try {
      if (engine && fileIdentity(this.#files.database) === undefined) this.#bringBack(engine);
    } catch {
      // Then backups and records have it.
    }
    try {
      engine?.close();
    } catch {
      // It is no longer of use.
    }
  }

  #bringBack(engine: Engine): void {
    mkdirSync(this.#files.folder, { recursive: true });
    const made = `${this.#files.database}.brought-back`;
    rmSync(made, { force: true });
    engine.database.copyTo(made);
    for (const suffix of ['-wal', '-shm']) rmSync(this.#files.database + suffix, { force: true });
    // Unlike renaming, linking leaves alone what another window has put there meanwhile.
    linkSync(made, this.#files.database);
    rmSync(made);
  }

  /** @returns whether it was repaired: where it cannot be, what can be read goes on being read */
  #mend(problems: readonly HistoryProblem[]): boolean {
    if (this.#repairs >= mostRepairs || performance.now() < this.#repairAfter) return false;
    try {
      this.#repair(problems);
      return true;
    } catch (error) {
      if (isLocked(error)) throw error;
      this.#unmended = error instanceof Error ? error : undefined;
      if (isOutage(error)) {
        this.#repairs -= 1;
        this.#repairAfter = performance.now() + repairInterval;
      } else this.#repairs = mostRepairs;
      return false;
    }
  }

  #repair(
    problems: readonly HistoryProblem[],
    records: readonly WorkspaceRecord[] = [],
    automatic = true,
  ): RepairReport {
    this.#repairs += 1;
    const { newId, onRepair } = this.#options;
    const close = (): void => this.#abandon();
    const options = { files: this.#files, newId, now: this.#now, records, problems, automatic, close };
    const report = repairHistory(options);
    onRepair?.(report);
    return report;
  }

  #abandon(): void {
    this.#reopened = true;
    this.#closeQuietly();
  }

  #closeQuietly(): void {
    const engine = this.#engine;
    this.#engine = undefined;
    try {
      engine?.abandon();
    } catch {
      // A damaged database may not even close well.
    }
  }

  #check(records: readonly WorkspaceRecord[]): CheckReport {
    const found = this.#guarded((engine) => findProblems(engine.database, this.#files, records));
    const { problems, holds } = found;
    const close = (): void => this.#abandon();
    const plan = problems.length > 0 ? planRepair({ files: this.#files, records, close }) : undefined;
    return {
      checkedAt: new Date(this.#now).toISOString(),
      sound: problems.length === 0,
      problems,
      holds,
      ...(plan && { plan }),
      backups: backupsOf(this.#files).map(({ path, madeAt, bytes }) => ({ path, madeAt, bytes })),
      quarantine: quarantined(this.#files),
    };
  }

  #repairIfNeeded(records: readonly WorkspaceRecord[], automatic = false): RepairReport {
    const { problems, holds } = this.#guarded((engine) =>
      findProblems(engine.database, this.#files, records),
    );
    if (problems.length > 0) return this.#repair(problems, records, automatic);
    return nothingToRepair(holds, this.#now, automatic);
  }
}

function showsDamage(result: unknown): boolean {
  return (
    typeof result === 'object' && result !== null && 'corrupt' in result && Array.isArray(result.corrupt)
  );
}

function unavailable(cause: unknown): HistoryError {
  return new HistoryError({ reason: 'unavailable', message: 'The history moves about', cause });
}
