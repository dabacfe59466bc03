import { reasonOf } from './errors';
import type { HistoryLog, StoredTurn, TurnOutcome } from './historyLog';
import type { LiveTurn } from './liveTurn';
import { asStored } from './turnPlace';

export interface UnsavedTurnsOptions {
  readonly log: HistoryLog;
  readonly owner: string;
  readonly leaseMs: number;
  /** Makes sure that the log has the session. @returns its length */
  readonly prepare: () => Promise<number>;
  /** A turn that had no place in the log has one now. */
  readonly begun: (turn: LiveTurn) => Promise<void>;
  /** A turn has reached the disk after all. */
  readonly saved: (turn: LiveTurn) => void;
  /** A turn was deleted in another window meanwhile, and stays deleted. */
  readonly dropped: (turn: LiveTurn) => void;
  /** Between two tries, in milliseconds. */
  readonly retryMs?: number;
}

/** Reasons that keep a turn from the disk for now, while the history can still be read. */
const outages: ReadonlySet<string> = new Set(['disk-full', 'read-only', 'unavailable', 'no-masking']);

/** Of an error, or of what a turn tells of one. */
export function isOutage(error: unknown): boolean {
  if (error instanceof Error) return outages.has(reasonOf(error));
  return (
    typeof error === 'object' && error !== null && 'reason' in error && outages.has(String(error.reason))
  );
}

/** Reasons why a turn will never be written: it, or its session, was deleted in another window. */
const gone: ReadonlySet<string> = new Set(['not-found', 'exists']);

/** Ended turns that could not be written, in order. They are written as soon as that works again. */
export class UnsavedTurns {
  readonly #options: UnsavedTurnsOptions;
  #turns: readonly LiveTurn[] = [];
  #flushing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: UnsavedTurnsOptions) {
    this.#options = options;
  }

  /** What a request carries: these come after all that is stored. */
  after(stored: readonly StoredTurn[]): readonly StoredTurn[] {
    return [...stored, ...this.#turns.map((turn) => asStored(turn, Infinity))];
  }

  has(turnId: string): boolean {
    return this.#turns.some(({ id }) => id === turnId);
  }

  /** Forgets them: their session is deleted, or these turns are. */
  discard(turnIds?: readonly string[]): void {
    this.#turns = turnIds === undefined ? [] : this.#turns.filter(({ id }) => !turnIds.includes(id));
    if (this.#turns.length === 0) clearTimeout(this.#timer);
  }

  add(turn: LiveTurn): void {
    this.#turns = [...this.#turns, turn];
    this.#retryLater();
  }

  /** Tries to write them now. Rejects with what keeps the first from being written. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    for (let [turn] = this.#turns; turn; [turn] = this.#turns) {
      try {
        await this.#write(turn);
      } catch (error) {
        if (gone.has(reasonOf(error))) {
          this.#turns = this.#turns.filter((other) => other !== turn);
          this.#options.dropped(turn);
          continue;
        }
        if (this.#turns.length > 0) this.#retryLater();
        throw error;
      }
      this.#turns = this.#turns.filter((other) => other !== turn);
      this.#options.saved({ ...withoutOutage(turn), saved: true });
    }
  }

  async #write(turn: LiveTurn): Promise<void> {
    const { log, owner, leaseMs, prepare, begun } = this.#options;
    const { id, sessionId, createdAt, messages, model, usage, error } = turn;
    const stored = await log.turn(id);
    // What was taken for dead and stopped is only a part of what its owner had.
    const isPart = stored?.status === 'stopped' && turn.begunBy !== undefined;
    if (stored && stored.status !== 'running' && !isPart) return;
    if (!stored) {
      const start = { id, sessionId, createdAt, messages: messages.slice(0, 1) };
      await log.begin(start, { expectedLength: await prepare(), owner, leaseMs });
      await begun(turn);
    }
    const outcome: TurnOutcome = {
      status: turn.status === 'failed' || turn.status === 'stopped' ? turn.status : 'complete',
      messages,
      ...(model !== undefined && { model }),
      ...(usage && { usage }),
      ...(error && { error }),
    };
    await log.finish(id, stored && turn.begunBy !== undefined ? turn.begunBy : owner, outcome);
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), this.#options.retryMs ?? 5_000);
  }
}

function withoutOutage({ outage: _, begunBy: __, ...turn }: LiveTurn): LiveTurn {
  return turn;
}
