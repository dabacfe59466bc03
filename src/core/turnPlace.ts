import { HistoryError } from './errors';
import type { HistoryLog, StoredTurn, TurnOutcome, TurnProgress, TurnStart } from './historyLog';
import type { LiveTurn } from './liveTurn';
import type { SessionEntry } from './sessionEntry';
import { isOutage, type UnsavedTurns } from './unsavedTurns';

/** Renewed at a third of it. A turn without a sign of life for so long is taken for dead, in milliseconds. */
export const leaseMs = 15_000;

/** The reserved place of one turn in the log. */
export interface TurnPlace {
  progress(progress: TurnProgress): Promise<void>;
  finish(outcome: TurnOutcome): Promise<void>;
}

export interface ReservedPlace {
  readonly place: TurnPlace;
  /** Infinity where the log could not give one. */
  readonly position: number;
}

/**
 * Reserves a place in the log, creating the session with its first turn, after what could not be written before has
 * been. Where the disk does not allow it the chat goes on: the place is none, and says so when the turn ends.
 * @throws HistoryError `stale`, `busy`, `not-found`
 */
export async function reservePlace(
  turn: LiveTurn,
  entry: SessionEntry,
  unsaved: UnsavedTurns,
  { log, owner }: { readonly log: HistoryLog; readonly owner: string },
): Promise<ReservedPlace> {
  const { id, sessionId, createdAt, messages } = turn;
  const start: TurnStart = { id, sessionId, createdAt, messages };
  try {
    const hasUnsaved = unsaved.after([]).length > 0;
    await unsaved.flush();
    // What is written by now makes the session longer than it was read.
    if (hasUnsaved) await entry.refresh();
    const { length } = await entry.create();
    const position = await log.begin(start, { expectedLength: length, owner, leaseMs });
    await entry.grown(createdAt, messages[0]?.content ?? '');
    const place: TurnPlace = {
      progress: (progress) => log.progress(id, owner, progress),
      finish: (outcome) => log.finish(id, owner, outcome),
    };
    return { place, position };
  } catch (error) {
    if (!isOutage(error)) throw error;
    return { place: noPlace(error), position: Infinity };
  }
}

function noPlace(cause: unknown): TurnPlace {
  return {
    progress: () => Promise.resolve(),
    finish: () =>
      Promise.reject(cause instanceof Error ? cause : new HistoryError({ reason: 'unavailable', cause })),
  };
}

export function asStored(live: LiveTurn, position: number): StoredTurn {
  const { status, saved: _, outage: __, begunBy: ___, masked: ____, ...turn } = live;
  return { ...turn, position, status: status === 'queued' ? 'running' : status };
}
