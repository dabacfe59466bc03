import type { ScrubReport } from '../../../core/historyDoctor';
import { backupsOf, makeBackup } from './doctor/backups';
import type { HistoryFiles } from './doctor/historyFiles';
import { asTheOnlyOne } from './doctor/repairLock';
import { scrubCopies } from './doctor/scrub';
import { RepairUnderWay } from './sqliteErrors';
import { integerOf, textOf, type Database } from './database';
import { progressOf } from './erasure';
import type { BuriedKind } from './tombstones';

const minute = 60_000;
/** A window that has just opened has other things to do. */
const firstAfter = 2 * minute;

export interface CopiesOptions {
  /** Told of what was deleted and was in copies too. */
  readonly onScrub?: (report: ScrubReport) => void;
  /** Makes a backup beside this thread's work; left out: in it. */
  readonly backUp?: () => void;
}

/** The copies of one log: when a backup is due, and when deleted text is still in copies. */
export class Copies {
  readonly #files: HistoryFiles;
  readonly #opened = performance.now();
  #backedUp = -1;
  #begunAt = -Infinity;
  #scrubAfter = -Infinity;
  #toldUnreachable = '';

  readonly #options: CopiesOptions;

  constructor(files: HistoryFiles, options: CopiesOptions) {
    this.#files = files;
    this.#options = options;
  }

  /** Cleans copies, or makes one, where that is due. */
  tidy(database: Database, now: number): void {
    if (this.scrubIfDue(database, now) || !this.#isBackupDue(database, now)) return;
    // One that is under way, or that failed, is not begun again at once.
    this.#begunAt = performance.now();
    if (this.#options.backUp) this.#options.backUp();
    else {
      this.#backedUp = database.sequence;
      makeBackup(this.#files, now);
    }
  }

  /** A larger log is copied less often. */
  #isBackupDue(database: Database, now: number): boolean {
    if (performance.now() - this.#opened < firstAfter || database.sequence === this.#backedUp) return false;
    if (performance.now() - this.#begunAt < 10 * minute) return false;
    const [newest] = backupsOf(this.#files);
    if (!newest) return true;
    const interval =
      newest.bytes < 2 ** 24 ? 10 * minute : newest.bytes < 2 ** 28 ? 60 * minute : 24 * 60 * minute;
    return newest.sequence !== database.sequence && now - Date.parse(newest.madeAt) > interval;
  }

  #isScrubDue(database: Database): boolean {
    if (performance.now() < this.#scrubAfter) return false;
    return database.progress(progressOf.lastDelete) > database.progress(progressOf.copies);
  }

  /**
   * Takes what was deleted since the last time out of backups and quarantine. Copies that cannot be reached are tried
   * again later; so are all, while another window is at it. @returns whether it was due
   */
  scrubIfDue(database: Database, now: number): boolean {
    if (!this.#isScrubDue(database)) return false;
    try {
      const scrub = (): ScrubReport | undefined =>
        this.#isScrubDue(database) ? this.#scrub(database, now) : undefined;
      const report = asTheOnlyOne(this.#files, scrub);
      if (report) this.#options.onScrub?.(report);
    } catch (error) {
      if (!(error instanceof RepairUnderWay)) throw error;
    }
    return true;
  }

  /** @returns undefined where there is nothing to tell */
  #scrub(database: Database, now: number): ScrubReport | undefined {
    const until = database.progress(progressOf.lastDelete);
    const tombstones = database
      .all(
        `SELECT w.id AS workspace_id, t.kind, t.id, t.sequence FROM tombstones t
         JOIN workspaces w ON w.key = t.workspace WHERE t.sequence > ?`,
        database.progress(progressOf.copies),
      )
      .map((row) => ({
        workspaceId: textOf(row, 'workspace_id'),
        kind: textOf(row, 'kind') as BuriedKind,
        id: textOf(row, 'id'),
        sequence: integerOf(row, 'sequence'),
      }));
    const { making, ...report } = scrubCopies(this.#files, tombstones);
    const { cleaned, removed, unreachable } = report;
    if (making) this.#scrubAfter = performance.now() + 2_000;
    else if (unreachable.length > 0) this.#scrubAfter = performance.now() + 10 * minute;
    else database.write(() => database.setProgress(progressOf.copies, until));
    const isNew = unreachable.join() !== this.#toldUnreachable && unreachable.length > 0;
    this.#toldUnreachable = unreachable.join();
    const isNews = isNew || cleaned.length + removed.length > 0;
    return isNews ? { ...report, scrubbedAt: new Date(now).toISOString() } : undefined;
  }
}
