import { HistoryError } from '../../../core/errors';
import type { RetentionLimits } from '../../../core/retention';
import type { Database } from './database';
import { RetentionRun, type RetentionOutcome, type RetentionRunOptions } from './retention';
import { shrink } from './vacuum';

export interface RetentionRequest {
  readonly limits: RetentionLimits;
  readonly apply: boolean;
  /** Only if these limits were not applied within a day. */
  readonly daily: boolean;
}

type RunOptions = Pick<RetentionRunOptions, 'erase' | 'scopeOf'>;

/** A little less than a day, so that a window opened at the same time each day finds it due. */
const period = 20 * 60 * 60 * 1000;

/** The applications of retention that are under way, and when the last one was. */
export class RetentionRuns {
  readonly #database: Database;
  readonly #newId: () => string;
  readonly #runs = new Map<string, { readonly run: RetentionRun; readonly mark: Mark }>();

  constructor(database: Database, newId: () => string) {
    this.#database = database;
    this.#newId = newId;
  }

  /** @returns the run's id; undefined where it is not due */
  begin({ limits, apply, daily }: RetentionRequest, now: number, options: RunOptions): string | undefined {
    const mark = { at: now, days: limits.days ?? 0, megabytes: limits.megabytes ?? 0 };
    if (daily && this.#doneFor(mark)) return undefined;
    const id = this.#newId();
    const run = new RetentionRun({ database: this.#database, limits, now, apply, ...options });
    this.#runs.set(id, { run, mark });
    return id;
  }

  /** @returns the outcome, once it is done */
  step(id: string): RetentionOutcome | undefined {
    const known = this.#runs.get(id);
    if (!known)
      throw new HistoryError({ reason: 'unavailable', message: 'The storage worker was started anew' });
    const outcome = known.run.step();
    if (!outcome) return undefined;
    if (known.run.applies) {
      this.#database.write(() =>
        this.#database.run(
          `INSERT INTO meta VALUES ('retention', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          JSON.stringify(known.mark),
        ),
      );
      this.#shrinkIfPossible();
    }
    this.#runs.delete(id);
    return outcome;
  }

  #doneFor({ at, days, megabytes }: Mark): boolean {
    const value = this.#database.get(`SELECT value FROM meta WHERE name = 'retention'`)?.value;
    const last = typeof value === 'string' ? markOf(value) : undefined;
    if (last?.days !== days || last.megabytes !== megabytes) return false;
    return last.at <= at && at - last.at < period;
  }

  /** Another window that reads is in the way: the pages are used again, or given back the next time. */
  #shrinkIfPossible(): void {
    try {
      shrink(this.#database);
    } catch {
      // What was asked for is done.
    }
  }
}

interface Mark {
  readonly at: number;
  readonly days: number;
  readonly megabytes: number;
}

function markOf(text: string): Mark | undefined {
  try {
    return JSON.parse(text) as Mark;
  } catch {
    return undefined;
  }
}
