/** What is kept at most; 0, or left out, sets no limit. */
export interface RetentionLimits {
  /** Turns begun longer ago than so many days go. */
  readonly days?: number;
  /** The oldest turns go until the history takes no more than so many megabytes (of 1,000,000 bytes) on disk. */
  readonly megabytes?: number;
}

/** What goes, or went. Titles and facts of what stays are left alone. */
export interface RetentionReport {
  /** Sessions that lose all their turns; never a workspace's active one. */
  readonly sessions: number;
  readonly turns: number;
  /** About so much of the disk. */
  readonly bytes: number;
  /** When the oldest and the newest of the turns that go were begun: ISO 8601, UTC. */
  readonly oldest?: string;
  readonly newest?: string;
  readonly kept: { readonly turns: number; readonly bytes: number };
}

/** Port to the limits on the whole history, all workspaces of this machine. Rejects with HistoryError. */
export interface Retention {
  /** What `apply` would remove now. Changes nothing. */
  preview(limits: RetentionLimits): Promise<RetentionReport>;
  /** Deletes for good, leaving tombstones, and gives the space back to the disk where that is worth it. */
  apply(limits: RetentionLimits): Promise<RetentionReport>;
  /** `apply`, at most once a day for the same limits, whichever window asks. Undefined where it is not due. */
  applyDaily(limits: RetentionLimits): Promise<RetentionReport | undefined>;
}

export const megabyte = 1_000_000;
const day = 24 * 60 * 60 * 1000;

export interface AgedTurn {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly bytes: number;
  /** Running, pinned or damaged: it stays, whatever the limits. */
  readonly fixed: boolean;
}

export function isLimited({ days = 0, megabytes = 0 }: RetentionLimits): boolean {
  return days > 0 || megabytes > 0;
}

/** The turns that go, the oldest first; of equal age in the order given. */
export function expiredTurns<T extends AgedTurn>(
  turns: readonly T[],
  { days = 0, megabytes = 0 }: RetentionLimits,
  now: number,
): readonly T[] {
  const oldestFirst = turns.filter(({ fixed }) => !fixed).sort((a, b) => a.createdAt - b.createdAt);
  const cutoff = days > 0 ? now - days * day : -Infinity;
  const room = megabytes > 0 ? megabytes * megabyte : Infinity;
  let held = turns.reduce((total, { bytes }) => total + bytes, 0);
  let count = 0;
  for (const { createdAt, bytes } of oldestFirst) {
    if (createdAt >= cutoff && held <= room) break;
    held -= bytes;
    count += 1;
  }
  return oldestFirst.slice(0, count);
}
