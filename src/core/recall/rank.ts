import type { Role } from '../message';
import { factors, feedback, lending, ownMatch, surroundings } from './constants';
import { numberExpression, timeExpression } from './expressions';
import { withFeedback } from './feedback';
import { lendersOf } from './lenders';
import { raise, saturated } from './match';
import { isEcho } from '../memory/echo';
import { bestFirst, newestFirst } from './order';
import { passagesOf, type Span } from './passages';
import type { RecallQuery } from './query';
import { worthOf, worthOfAll, type Rarity } from './rarity';
import { isSubject } from './subject';
import { spansWithin } from './spans';
import { isQuestion, isSaid, voicesOf, type Voice } from './talk';
import { TermScanner, type TermHit } from './termScanner';
import { fold, wordsOf } from './words';

/** A message as recall sees it. */
export interface RecallMessage {
  readonly role: Role;
  /** Who speaks, where that is a person of several. */
  readonly name?: string;
  readonly text: string;
  /** Words it is found by beside the text: its tool calls. */
  readonly extra: string;
  /** Milliseconds since 1970; NaN where it is not known. */
  readonly at: number;
}

/** Messages of one session that follow each other. */
export interface Thread<T extends RecallMessage> {
  /** One value a session. */
  readonly session: unknown;
  readonly messages: readonly T[];
}

export interface Ranked<T extends RecallMessage> {
  readonly message: T;
  readonly score: number;
  /** See RecallHit. */
  readonly relevance: number;
  /** What of the text answers best, and where that holds words of the question. */
  readonly passage: Span;
  readonly highlights: readonly Span[];
  /** Where its tool calls hold words of the question. */
  readonly extraHighlights: readonly Span[];
}

interface Matched<T extends RecallMessage> {
  readonly message: T;
  readonly words: number;
  /** The best of its passages, for each term. */
  readonly own: Float64Array | undefined;
  readonly hits: readonly TermHit[];
  readonly extra: readonly TermHit[];
  readonly passages: readonly Passage[];
}

interface Said<T extends RecallMessage> extends Matched<T> {
  readonly voice: Voice;
}

interface Passage extends Span {
  readonly hits: readonly TermHit[];
}

/**
 * Messages by how well they answer, best first: each by its own words, what its neighbours lend, where it stands and who
 * says it. Only messages that hold a word of the query, or stand beside one that does.
 */
export function rankMessages<T extends RecallMessage>(
  query: RecallQuery,
  threads: readonly Thread<T>[],
  rarity: Rarity,
): readonly Ranked<T>[] {
  const { ranked, people } = new Ranking<T>(query, rarity).rank(threads);
  const isTalk = people.size > threads.reduce((sum, { messages }) => sum + messages.length, 0) / 2;
  return bestFirst(newestFirst(query, isTalk ? weighedAnew() : ranked));

  /** What the words of others find is no hit by itself, and shows nothing: only the order is another. */
  function weighedAnew(): readonly Ranked<T>[] {
    const best = new Set(ranked.slice(0, feedback.weighed).map(({ message }) => message));
    const near = threads.filter(({ messages }) => messages.some((message) => best.has(message)));
    const found = ranked
      .filter(({ message }) => people.has(message))
      .slice(0, feedback.messages)
      .map(({ message: { text }, passage, score }) => ({
        text: text.slice(passage.start, passage.end),
        score,
      }));
    const texts = near.flatMap(({ messages }) => messages.map(({ text }) => text));
    const asked = withFeedback(query, rarity, found, texts);
    if (!asked) return ranked;
    const anew = new Ranking<T>(asked.query, asked.rarity).rank(near);
    const scale = worthOfAll(query, rarity) / worthOfAll(asked.query, asked.rarity);
    const scores = new Map(anew.ranked.map(({ message, score }) => [message, score * scale]));
    return ranked.map((one) => ({ ...one, score: scores.get(one.message) ?? one.score * scale }));
  }
}

class Ranking<T extends RecallMessage> {
  readonly #query: RecallQuery;
  readonly #scanner: TermScanner;
  readonly #worth: Float64Array;
  /** The same of what is asked about alone, 1 being a word that no message holds. */
  readonly #subject: Float64Array;

  constructor(query: RecallQuery, rarity: Rarity) {
    this.#query = query;
    this.#scanner = new TermScanner(query);
    this.#worth = worthOf(query, rarity);
    const most = Math.log(1 + (rarity.messages + 0.5) / 0.5);
    this.#subject = this.#worth.map((worth, term) => {
      const asked = query.terms[term];
      return asked && isSubject(asked) ? worth / most : 0;
    });
  }

  /** Best first. `people`: messages that people said to people. */
  rank(threads: readonly Thread<T>[]): {
    readonly ranked: readonly Ranked<T>[];
    readonly people: ReadonlySet<T>;
  } {
    const matched = threads.map(({ session, messages }) => ({
      session,
      messages: messages.filter((message) => !isEcho(message)).map((message) => this.#match(message)),
    }));
    const bestOf = new Map<unknown, Float64Array>();
    for (const { session, messages } of matched) {
      const best = bestOf.get(session) ?? this.#zeros();
      for (const { own } of messages) if (own) raise(best, own, 1);
      bestOf.set(session, best);
    }
    const heard = matched.map(({ session, messages }) => ({ session, messages: heardIn(messages) }));
    const named = this.#namedSpeaker(heard.flatMap(({ messages }) => messages));
    const ranked = heard.flatMap(({ session, messages }) =>
      this.#rankThread(messages, this.#total(bestOf.get(session) ?? this.#zeros()), named),
    );
    const people = heard.flatMap(({ messages }) => messages.filter(({ voice }) => voice.isPerson));
    return { ranked: bestFirst(ranked), people: new Set(people.map(({ message }) => message)) };
  }

  #rankThread(
    messages: readonly Said<T>[],
    session: number,
    named: string | undefined,
  ): readonly Ranked<T>[] {
    const said = messages.filter(({ message }) => isSaid(message));
    const places = new Map(said.map((one, place) => [one, place]));
    return messages.flatMap((one) => {
      const place = places.get(one);
      const lent = place === undefined ? one.own : this.#withLent(said, place);
      if (!lent || !isExplained(said, place, one)) return [];
      const base = this.#total(lent);
      if (base <= 0) return [];
      const near = place === undefined ? 0 : this.#total(this.#around(said, place));
      const passage = this.#bestPassage(one);
      const score =
        (base + surroundings.session * session + surroundings.window * near) *
        this.#factor(one, passage, named);
      const highlights = spansWithin(one.hits, passage);
      const extraHighlights = spansWithin(one.extra, { start: 0, end: one.message.extra.length });
      const relevance = this.#relevance(isSupposed(one.voice) ? (one.own ?? lent) : lent);
      return [{ message: one.message, score, relevance, passage, highlights, extraHighlights }];
    });
  }

  #match(message: T): Matched<T> {
    const { words, hits } = this.#scanner.scan(message.text);
    const extra = message.extra === '' ? [] : this.#scanner.scan(message.extra).hits;
    const speaker = message.name === undefined ? [] : this.#scanner.scan(message.name).hits;
    const passages = withHits(
      hits.length === 0 ? [{ start: 0, end: message.text.length }] : passagesOf(message.text, words),
      hits,
    );
    if (hits.length + extra.length + speaker.length === 0)
      return { message, words, own: undefined, hits, extra, passages };
    const own = this.#zeros();
    for (const passage of passages) {
      raise(
        own,
        this.#inPassage(passage, message.text, words, [
          ...passage.hits,
          ...(message.text === '' ? [] : speaker),
        ]),
        1,
      );
    }
    if (extra.length > 0) {
      const counts = this.#zeros();
      for (const { term } of extra) counts[term] = (counts[term] ?? 0) + 1;
      raise(
        own,
        counts.map((count) => saturated(count, ownMatch.length)),
        ownMatch.extra,
      );
    }
    return { message, words, own, hits, extra, passages };
  }

  #inPassage({ start, end }: Span, text: string, words: number, hits: readonly TermHit[]): Float64Array {
    const counts = this.#zeros();
    for (const { term } of hits) counts[term] = (counts[term] ?? 0) + 1;
    const length = (words * (end - start)) / Math.max(1, text.length);
    return counts.map((count) => saturated(count, length));
  }

  #bestPassage({ message, passages, words }: Matched<T>): Span {
    let best: Span = passages[0] ?? { start: 0, end: message.text.length };
    let most = -1;
    for (const passage of passages) {
      const total = this.#total(this.#inPassage(passage, message.text, words, passage.hits));
      if (total > most) [best, most] = [passage, total];
    }
    return { start: best.start, end: best.end };
  }

  /** A message's match of each term, its neighbours' share included. */
  #withLent(said: readonly Said<T>[], place: number): Float64Array | undefined {
    const receiver = said[place];
    if (!receiver) return undefined;
    let result: Float64Array | undefined;
    for (const [offset, share] of lendersOf(said, place, this.#query.asksAssistant)) {
      const own = said[place + offset]?.own;
      if (!own || share <= 0) continue;
      result ??= Float64Array.from(receiver.own ?? this.#zeros(), (value) => 1 - value);
      const lambda = share / (1 + receiver.words / lending.halfAt);
      for (let term = 0; term < result.length; term += 1) {
        result[term] = (result[term] ?? 0) * (1 - lambda * (own[term] ?? 0));
      }
    }
    return result ? result.map((missing) => 1 - missing) : receiver.own;
  }

  #around(said: readonly Matched<T>[], place: number): Float64Array {
    const near = this.#zeros();
    const { reach } = surroundings;
    for (let offset = -reach; offset <= reach; offset += 1) {
      const own = said[place + offset]?.own;
      if (own) raise(near, own, 1 - Math.abs(offset) / (reach + 1));
    }
    return near;
  }

  #factor({ message, voice }: Said<T>, passage: Span, named: string | undefined): number {
    const { asksAssistant, asksWhen, asksNumber, dates } = this.#query;
    const { isPerson, speaker } = voice;
    let factor = 1;
    const tells = isPerson || message.role === 'user';
    if (tells && message.name === undefined && !asksAssistant) factor *= factors.user;
    if (speaker === undefined && message.role === 'assistant' && asksAssistant)
      factor *= factors.assistantAsked;
    const text = message.text.slice(passage.start, passage.end);
    if (tells && /\b(?:I|my|My|we|We|our|Our|me)\b/.test(text)) {
      factor *= factors.firstPerson;
    }
    if (named !== undefined && speaker !== undefined && fold(speaker) === named) {
      factor *= factors.namedSpeaker;
    }
    if (asksWhen && timeExpression.test(text)) factor *= factors.timeAsked;
    if (asksNumber && numberExpression.test(text)) factor *= factors.numberAsked;
    if (dates.some(({ kind, holds }) => kind === 'explicit' && holds(message.at)))
      factor *= factors.explicitDate;
    else if (dates.some(({ kind, holds }) => kind === 'relative' && holds(message.at))) {
      factor *= factors.relativeTime;
    }
    return factor;
  }

  /** The one participant whom the question names. */
  #namedSpeaker(messages: readonly Said<T>[]): string | undefined {
    const names = new Set<string>();
    for (const { voice } of messages) if (voice.speaker !== undefined) names.add(voice.speaker);
    const asked = [...names].map(fold).filter((name) => {
      const words = wordsOf(name);
      return words.length > 0 && words.some((word) => this.#query.words.has(word));
    });
    return asked.length === 1 ? asked[0] : undefined;
  }

  #total(match: Float64Array): number {
    let total = 0;
    for (let term = 0; term < match.length; term += 1) total += (this.#worth[term] ?? 0) * (match[term] ?? 0);
    return total;
  }

  /** Half a match counts in full: more than that only tells how short the passage is. */
  #relevance(match: Float64Array): number {
    return match.reduce((sum, value, term) => sum + (this.#subject[term] ?? 0) * Math.min(1, 2 * value), 0);
  }

  #zeros(): Float64Array {
    return new Float64Array(this.#worth.length);
  }
}

/**
 * Whether a search can show why this is found: it holds a word of the query, is known to be a person's, whose words are
 * understood by what stands beside them, or answers a question that holds one.
 */
function isExplained<T extends RecallMessage>(
  said: readonly Said<T>[],
  place: number | undefined,
  { own, voice }: Said<T>,
): boolean {
  if (own !== undefined || voice.speaker !== undefined) return true;
  const before = place === undefined ? undefined : said[place - 1];
  return voice.isPerson && before?.own !== undefined && isQuestion(before.message.text);
}

/** Of people who talk, as it seems: nothing names them. What others said tells nothing of what such a message is about. */
function isSupposed({ isPerson, speaker }: Voice): boolean {
  return isPerson && speaker === undefined;
}

const unheard: Voice = { isPerson: false, speaker: undefined };

/** Messages with their voices; what takes no part in the conversation has none. */
function heardIn<T extends RecallMessage>(messages: readonly Matched<T>[]): readonly Said<T>[] {
  const voices = voicesOf(messages.filter(({ message }) => isSaid(message)));
  let next = 0;
  return messages.map((one) => ({
    ...one,
    voice: (isSaid(one.message) ? voices[next++] : undefined) ?? unheard,
  }));
}

/** Each passage with the hits that begin in it, in one pass over both. */
function withHits(passages: readonly Span[], hits: readonly TermHit[]): readonly Passage[] {
  const inOrder = hits.toSorted((a, b) => a.start - b.start);
  let next = 0;
  return passages.map(({ start, end }) => {
    const first = next;
    while ((inOrder[next]?.start ?? Infinity) < end) next += 1;
    return { start, end, hits: inOrder.slice(first, next) };
  });
}
