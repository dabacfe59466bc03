/** How much was removed, by what it was. */
export interface ForgetCounts {
  readonly sessions: number;
  readonly turns: number;
  readonly messages: number;
  readonly facts: number;
  readonly summaries: number;
  /** Titles of sessions that stay. */
  readonly titles: number;
  /** Texts of sent contexts that no turn was sent with any more. */
  readonly texts: number;
  /** Entries of the search index. */
  readonly indexed: number;
  readonly vectors: number;
  /** Turns that no log had: prompts that waited, and what could not be written. */
  readonly unfinished: number;
}

export const noForgetCounts: ForgetCounts = {
  sessions: 0,
  turns: 0,
  messages: 0,
  facts: 0,
  summaries: 0,
  titles: 0,
  texts: 0,
  indexed: 0,
  vectors: 0,
  unfinished: 0,
};

export function addCounts(one: ForgetCounts, other: ForgetCounts): ForgetCounts {
  return {
    sessions: one.sessions + other.sessions,
    turns: one.turns + other.turns,
    messages: one.messages + other.messages,
    facts: one.facts + other.facts,
    summaries: one.summaries + other.summaries,
    titles: one.titles + other.titles,
    texts: one.texts + other.texts,
    indexed: one.indexed + other.indexed,
    vectors: one.vectors + other.vectors,
    unfinished: one.unfinished + other.unfinished,
  };
}

/**
 * Where a forgotten text was, or may have been. history: turns, messages, facts, titles. writeAheadLog: what SQLite
 * keeps of past changes. copies: backups, and quarantined damaged files. record: VS Code's own storage of this client.
 * unfinished: what waits in this window, or could not be written. chatLog, exports, documents (that are open, with their
 * undo; drafts; what waits in other windows), models: beyond reach.
 */
export type ForgetPlaceName =
  | 'history'
  | 'searchIndex'
  | 'vectors'
  | 'summaries'
  | 'sentContexts'
  | 'writeAheadLog'
  | 'copies'
  | 'record'
  | 'unfinished'
  | 'chatLog'
  | 'exports'
  | 'documents'
  | 'models';

export interface ForgetPlace {
  readonly name: ForgetPlaceName;
  readonly state: 'done' | 'pending' | 'unreachable';
  /** How many were removed there, where that is counted. */
  readonly count?: number;
  /** What keeps it pending, in a word: another window reads, a copy cannot be opened. */
  readonly waitsFor?: 'other-window' | 'tidying' | 'copy' | 'storage';
}

/** Ids and counts alone: what was forgotten is not told again. */
export interface ForgetReceipt {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly forgottenAt: string;
  /** stopped: not all that was asked for is forgotten, as it was cancelled or the window ended. */
  readonly state: 'done' | 'pending' | 'stopped';
  readonly counts: ForgetCounts;
  readonly places: readonly ForgetPlace[];
}

/** No delete reaches these. */
export const unreachablePlaces: readonly ForgetPlace[] = (
  ['chatLog', 'exports', 'documents', 'models'] as const
).map((name) => ({ name, state: 'unreachable' }));

/** What is counted in the log itself: done as soon as the delete is committed. */
export function countedPlaces(counts: ForgetCounts): readonly ForgetPlace[] {
  const { sessions, turns, facts, titles, summaries, texts, unfinished } = counts;
  return [
    { name: 'history', state: 'done', count: sessions + turns + facts + titles },
    { name: 'summaries', state: 'done', count: summaries },
    { name: 'sentContexts', state: 'done', count: texts },
    { name: 'unfinished', state: 'done', count: unfinished },
  ];
}

export function receiptState(ended: boolean, places: readonly ForgetPlace[]): ForgetReceipt['state'] {
  if (places.some(({ state }) => state === 'pending')) return 'pending';
  return ended ? 'done' : 'stopped';
}
