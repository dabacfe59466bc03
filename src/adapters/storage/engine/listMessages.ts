import { HistoryError } from '../../../core/errors';
import type { MessageListOptions, MessagePage, RecallHit } from '../../../core/memory/longTermMemory';
import { messageFilter, pathWords } from '../../../core/recall/filter';
import { asListed, mostRead } from '../../../core/recall/listing';
import { integerOf } from './database';
import { messagesPerTurn } from './messageRows';
import { sessionKey } from './recallCandidates';
import { hitsOf } from './recallHits';
import { threadsAround, type StoredMessage } from './recallThreads';
import type { Scope } from './scope';
import { allMessages, placeWord } from './searchPlace';

/** So many messages are read and put in order at once; of more in a month, those stored last come first. */
const atOnce = 500;

/** Months are asked for one by one where a year, and a decade, hold more than can be read at once. */
const spans = [120, 12, 1] as const;
const firstYear = 1970;
const lastYear = 2100;

/**
 * LongTermMemory's `listMessages`. The search index knows where each message stands and its month, and gives the rows in
 * their order: so what fits is found without reading what does not, except within a month that is not asked for whole.
 */
export function listMessages(scope: Scope, options: MessageListOptions): MessagePage {
  scope.search.requireAvailable();
  if (!scope.search.knowsPlaces) throw noPlaces();
  const limit = Math.max(0, Math.trunc(options.limit));
  const listing = new Listing(scope, options, limit);
  const isUnbounded = options.after === undefined && options.before === undefined;
  if (limit > 0 && (scope.workspace !== 0 || options.everywhere === true)) {
    if (!isUnbounded || !listing.addAll(undefined)) listing.addMonths(monthsOf(options), 0);
  }
  return listing.page();
}

class Listing {
  readonly #scope: Scope;
  readonly #options: MessageListOptions;
  readonly #limit: number;
  readonly #places: readonly string[];
  readonly #fits: (message: StoredMessage) => boolean;
  readonly #mostRead: number;
  readonly #hits: RecallHit[] = [];
  /** Messages read that do not fit. */
  #read = 0;
  #lookedBackTo: number | undefined;

  constructor(scope: Scope, options: MessageListOptions, limit: number) {
    this.#scope = scope;
    this.#options = options;
    this.#limit = limit;
    this.#places = placesOf(scope, options);
    this.#fits = messageFilter(options);
    this.#mostRead = mostRead(options);
  }

  get #isDone(): boolean {
    return this.#hits.length > this.#limit || this.#lookedBackTo !== undefined;
  }

  /** All of these months, or of any time, if they can be put in order at once. @returns whether they could */
  addAll(months: readonly string[] | undefined): boolean {
    const keys = this.#keys(months, undefined);
    if (keys.length > atOnce) return false;
    this.#add(keys);
    return true;
  }

  /** Newest first. */
  addMonths(months: readonly string[], level: number): void {
    const size = spans[level] ?? 1;
    for (let at = 0; at < months.length && !this.#isDone; at += size) {
      const part = months.slice(at, at + size);
      if (this.addAll(part)) continue;
      if (size > 1) this.addMonths(part, level + 1);
      else this.#addPieces(part);
    }
  }

  #addPieces(months: readonly string[]): void {
    let keys = this.#keys(months, undefined);
    while (keys.length > 0 && !this.#isDone) {
      const piece = keys.slice(0, atOnce);
      this.#add(piece);
      keys = this.#keys(months, piece.at(-1));
    }
  }

  /** Stored last first; one more than can be read at once, where there are more. */
  #keys(months: readonly string[] | undefined, below: number | undefined): readonly number[] {
    const parts = this.#places.map((word) => `place : ${word}`);
    if (months) parts.push(`place : (${months.map((one) => `"${placeWord.month(one)}"`).join(' OR ')})`);
    const { path } = this.#options;
    const words = path === undefined ? [] : pathWords(path);
    if (words.length > 0) parts.push(`{content extra} : "${words.join(' ')}"`);
    return this.#scope.database
      .all(
        `SELECT rowid AS key FROM message_search WHERE message_search MATCH ? AND rowid < ?
         ORDER BY rowid DESC LIMIT ?`,
        parts.join(' AND '),
        below ?? Number.MAX_SAFE_INTEGER,
        atOnce + 1,
      )
      .map((row) => integerOf(row, 'key'));
  }

  #add(keys: readonly number[]): void {
    const wanted = new Set(keys);
    const messages = threadsAround(this.#scope, keys, { ...this.#options, apart: true })
      .flatMap((thread) => thread.messages)
      .filter((message) => wanted.has(keyOf(message)) && !Number.isNaN(message.at))
      .sort((a, b) => b.at - a.at || keyOf(b) - keyOf(a));
    const fitting = messages.filter(this.#fits);
    const ranked = fitting.map((message) => ({ message, ...asListed(message, this.#options) }));
    const limit = this.#limit + 1 - this.#hits.length;
    this.#hits.push(...hitsOf(this.#scope, ranked, { ...this.#options, limit }));
    this.#read += keys.length - fitting.length;
    const last = messages.at(-1);
    if (this.#read >= this.#mostRead && last) this.#lookedBackTo = last.at;
  }

  page(): MessagePage {
    const isFull = this.#hits.length > this.#limit;
    const messages = this.#hits.slice(0, this.#limit);
    if (isFull || this.#lookedBackTo === undefined) return { messages, more: isFull };
    return { messages, more: true, lookedBackTo: new Date(this.#lookedBackTo).toISOString() };
  }
}

const keyOf = ({ turn, place }: StoredMessage): number => turn.key * messagesPerTurn + place;

/** Words that a message's place must have. */
function placesOf(scope: Scope, options: MessageListOptions): readonly string[] {
  const { sessionId, everywhere = false, role, hasToolCall } = options;
  const words = [
    ...(sessionId === undefined ? [] : [placeWord.session(sessionKey(scope, sessionId))]),
    ...(role === undefined ? [] : [placeWord.role(role)]),
    ...(hasToolCall === true ? [placeWord.toolCall] : []),
  ];
  const ofWorkspace = sessionId === undefined && !everywhere ? [placeWord.workspace(scope.workspace)] : [];
  const all = [...ofWorkspace, ...words];
  return (all.length > 0 ? all : [allMessages]).map((word) => `"${word}"`);
}

const dayMs = 86_400_000;

/** The months between the bounds, newest first; a day more on either side, as a time may tell its month in another zone. */
function monthsOf({ after, before }: MessageListOptions): readonly string[] {
  const from = boundOf(after, -dayMs) ?? Date.UTC(firstYear, 0);
  const until = boundOf(before, dayMs) ?? Date.UTC(lastYear, 0);
  const months: string[] = [];
  const last = new Date(Math.min(until, Date.UTC(lastYear, 0)));
  for (let month = last; ; month = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() - 1))) {
    const end = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1);
    if (Number.isNaN(end) || end <= Math.max(from, Date.UTC(firstYear, 0))) return months;
    months.push(month.toISOString().slice(0, 7));
  }
}

function boundOf(time: string | undefined, margin: number): number | undefined {
  return time === undefined ? undefined : Date.parse(time) + margin;
}

function noPlaces(): HistoryError {
  const message =
    'The search index was made by another version and cannot be made anew here: look for a word, too.';
  return new HistoryError({ reason: 'no-search', message });
}
