import type { StoredTurn } from '../../../src/core/historyLog';
import { unansweredToolCalls, type Message } from '../../../src/core/message';
import type { Tally } from '../tally';
import type { HistoryReply } from '../victim/protocol';
import type { KnownTurn, Ledger } from './ledger';

export const lostClaim = 'no acknowledged turn is lost or changed';

/** Holds a history that was read after everything against what was promised. `where` says when that was. */
export function verifyHistory(history: HistoryReply, ledger: Ledger, tally: Tally, where: string): void {
  const stored = new Map(history.turns.map((turn) => [turn.id, turn]));
  tally.check(
    'every session is readable',
    history.corrupt.length === 0,
    () => `${where}: ${history.corrupt.join()}`,
  );
  tally.check('no turn is there twice', stored.size === history.turns.length, () => where);
  for (const turn of history.turns) {
    const calls = unansweredToolCalls(turn.messages);
    tally.check('no tool call lacks its result', calls.length === 0, () => `${where}: ${turn.id}`);
    tally.check('no turn that nobody sent', ledger.turns.has(turn.id), () => `${where}: ${turn.id}`);
  }
  for (const session of history.sessions) {
    const positions = history.turns
      .filter(({ sessionId }) => sessionId === session.id)
      .map((t) => t.position);
    const ordered = positions.every((position, n) => n === 0 || position > (positions[n - 1] ?? -1));
    tally.check(
      'each session is in order, and as long as it says',
      ordered && positions.length === session.length,
      () => `${where}: ${session.id} says ${session.length}, has ${positions.length}`,
    );
  }
  for (const known of ledger.turns.values()) verifyTurn(known, stored.get(known.id), ledger, tally, where);
}

function verifyTurn(
  known: KnownTurn,
  stored: StoredTurn | undefined,
  ledger: Ledger,
  tally: Tally,
  where: string,
): void {
  if (known.sessionId !== undefined && ledger.deletedSessions.has(known.sessionId)) {
    tally.check('nothing deleted comes back', stored === undefined, () => `${where}: ${known.id}`);
    return;
  }
  if (known.mayBeDeleted) return;
  const { acknowledged, finishing, saved } = known;
  if (acknowledged) {
    const same =
      stored !== undefined &&
      stored.status === acknowledged.status &&
      sameMessages(stored.messages, acknowledged.messages);
    tally.check(
      lostClaim,
      same,
      () => `${where}: ${known.id} ${stored ? describe(stored, acknowledged) : 'is gone'}`,
    );
    return;
  }
  if (!known.begun || !stored) {
    tally.check('a turn that has begun is kept', !known.begun, () => `${where}: ${known.id}`);
    return;
  }
  const committed = finishing?.status === stored.status && sameMessages(stored.messages, finishing.messages);
  tally.check(
    'an unfinished turn is stopped once its lease has run out, or was committed whole',
    committed || stored.status === 'stopped',
    () => `${where}: ${known.id} is ${stored.status}`,
  );
  if (saved) {
    tally.check(
      'a stopped turn has what was saved as shown',
      holds(stored.messages, saved),
      () => `${where}: ${known.id}`,
    );
  }
}

/** Ids and times are the log's where it closed a tool call. */
function sameMessages(left: readonly Message[], right: readonly Message[]): boolean {
  return left.length === right.length && left.every((message, n) => same(message, right[n]));
}

function same(left: Message, right: Message | undefined): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right ?? {}));
}

function sorted(value: object): unknown {
  return Object.entries(value).sort(([a], [b]) => a.localeCompare(b));
}

/** Whether `whole` has all that `part` has; its last message may have gone on. */
function holds(whole: readonly Message[], part: readonly Message[]): boolean {
  return part.every((message, n) => {
    const other = whole[n];
    return other?.role === message.role && other.content.startsWith(message.content);
  });
}

function describe(
  stored: StoredTurn,
  wanted: { readonly status: string; readonly messages: readonly Message[] },
): string {
  return `is ${stored.status} with ${stored.messages.length} messages, not ${wanted.status} with ${wanted.messages.length}`;
}
