import type { RecallOptions } from '../../../core/memory/longTermMemory';
import { candidates } from '../../../core/recall/constants';
import { pathWords } from '../../../core/recall/filter';
import type { Language } from '../../../core/recall/languages/language';
import type { RecallQuery, RecallTerm } from '../../../core/recall/query';
import { indexStem } from '../../../core/recall/words';
import { integerOf } from './database';
import { messagesPerTurn } from './messageRows';
import type { Scope } from './scope';
import { placeWord } from './searchPlace';

/** A term, and how many messages of the index hold it. */
export interface CountedTerm extends RecallTerm {
  readonly holding: number;
}

/** So many of the index's words are looked at for other forms of a word. */
const mostForms = 2_000;
/** A word's forms have all but so many letters of its stem in common, and at least so many. */
const stemEnds = 2;
const leastShared = 3;
/** What the index's English stemmer may have taken off a word: of Haus it has "hau", of Hauses "haus". */
const endings = ['', 's', 'e', 'es', 'ed', 'ing'];

/** The query's terms as the index has them. */
export function countTerms(
  { search }: Scope,
  { terms, language }: RecallQuery,
  of: 'messages' | 'facts' = 'messages',
): readonly CountedTerm[] {
  return terms.map((term) => {
    const forms = language ? [...term.forms, ...otherForms(term, language)] : term.forms;
    return { ...term, forms, holding: countOf({ ...term, forms }) };
  });

  /**
   * The index knows English stems alone: of another language, it is asked for every form that it may have. What is found
   * is looked at again as it stands, so one too many does no harm.
   */
  function otherForms(
    { languageStem }: RecallTerm,
    { stem: stemIn }: Language,
  ): readonly (readonly string[])[] {
    if (languageStem === undefined) return [];
    const shared = languageStem.slice(0, Math.max(leastShared, languageStem.length - stemEnds));
    return search.stemsFrom(shared, of, mostForms).flatMap((stem) => {
      const words = endings.map((ending) => stem + ending);
      // FTS5 stems what it is asked for, so it is asked for a word that has this stem.
      const asked = words.find((word) => indexStem(word) === stem);
      const isForm = words.some((word) => isNear(stemIn(word), languageStem));
      return isForm && asked !== undefined ? [[asked]] : [];
    });
  }

  function rarestOf(words: readonly string[]): number {
    return Math.min(...words.map((word) => search.holding(indexStem(word))));
  }

  function countOf({ kind, forms }: RecallTerm): number {
    if (kind === 'piece') {
      // A piece is rarer than the rarest of its words.
      return Math.ceil(rarestOf(forms[0] ?? []) / 2);
    }
    const phrases = new Map(forms.map((words) => [words.map(indexStem).join(' '), words] as const));
    return [...phrases.values()].reduce((sum, words) => sum + rarestOf(words), 0);
  }
}

/** Alike but for an ending that the stemmer would know by the accents, which the index does not have. */
function isNear(one: string, other: string): boolean {
  const isEndingMore = one.startsWith(other) || other.startsWith(one);
  return isEndingMore && Math.abs(one.length - other.length) <= stemEnds;
}

/**
 * Keys of the messages that hold the query's words best, best first. Looks up the rarest words first, as far as they
 * cost little. What is found through extra words (tool calls, parts of identifiers) counts for less.
 */
export function candidateKeys(
  scope: Scope,
  terms: readonly CountedTerm[],
  options: RecallOptions,
  count: number,
): readonly number[] {
  const { search, database, workspace } = scope;
  const expression = expressionOf(scope, affordable(terms), options);
  if (expression === undefined) return [];
  const weights = search.knowsPlaces ? '1.0, 0.4, 0.0' : '1.0, 0.4';
  // The best first are looked up one by one, until there are enough: most are of the workspace.
  const isSifted = options.everywhere !== true && !isNamed(scope, options);
  const [join, where] = isSifted
    ? ['CROSS JOIN turns t', `AND t.key = s.rowid / ${messagesPerTurn} AND t.workspace = ?`]
    : ['', ''];
  return database
    .all(
      `SELECT s.rowid AS key FROM message_search s ${join}
       WHERE message_search MATCH ? AND s.rank MATCH 'bm25(${weights})' ${where} ORDER BY s.rank LIMIT ?`,
      expression,
      ...(isSifted ? [workspace] : []),
      count,
    )
    .map((row) => integerOf(row, 'key'));
}

/** Of a workspace that has so much of all messages, what is found is sifted afterwards: that finds the same, sooner. */
const mostlyShare = 0.5;

/** Whether the index is asked for the workspace's messages alone. */
function isNamed({ search, workspace }: Scope, { sessionId }: RecallOptions): boolean {
  // A session is of one workspace.
  if (!search.knowsPlaces || sessionId !== undefined) return false;
  return search.messagesOf(workspace) < mostlyShare * search.messages;
}

function affordable(terms: readonly CountedTerm[]): readonly CountedTerm[] {
  const rarest = terms.filter(({ holding }) => holding > 0).sort((a, b) => a.holding - b.holding);
  let postings = 0;
  return rarest.filter(({ holding }, index) => {
    postings += holding;
    return index < candidates.leastTerms || postings <= candidates.postings;
  });
}

function expressionOf(
  scope: Scope,
  terms: readonly RecallTerm[],
  options: RecallOptions,
): string | undefined {
  const { search, workspace } = scope;
  const { sessionId, everywhere = false, role, hasToolCall, path, after, before } = options;
  if (terms.length === 0 || (workspace === 0 && !everywhere)) return undefined;
  const places = !everywhere && isNamed(scope, options) ? [placeWord.workspace(workspace)] : [];
  if (sessionId !== undefined) {
    places.push(placeWord.session(sessionKey(scope, sessionId)));
  }
  if (role !== undefined) places.push(placeWord.role(role));
  if (hasToolCall === true) places.push(placeWord.toolCall);
  if (!search.knowsPlaces) return anyOf(terms);
  const parts = [`(${anyOf(terms)})`, ...places.map((word) => `place : ${quoted(word)}`)];
  const months = monthsBetween(after, before);
  if (months) parts.push(`place : (${months.map((month) => quoted(placeWord.month(month))).join(' OR ')})`);
  const words = path === undefined ? [] : pathWords(path);
  if (words.length > 0) parts.push(quoted(words.join(' ')));
  return `{content extra} : ${parts.join(' AND ')}`;
}

/** 0, which no session has, where there is none. */
export function sessionKey({ database, workspace }: Scope, id: string): number {
  const row = database.get('SELECT key FROM sessions WHERE workspace = ? AND id = ?', workspace, id);
  return row ? integerOf(row, 'key') : 0;
}

/** Any of the terms, in any form, as FTS5 takes it. */
export function anyOf(terms: readonly RecallTerm[]): string {
  return terms
    .flatMap(({ forms }) => forms)
    .map((words) => quoted(words.join(' ')))
    .join(' OR ');
}

/** Within double quotes nothing but a double quote has a meaning, and words hold none. */
function quoted(words: string): string {
  return `"${words}"`;
}

const mostMonths = 36;
const dayMs = 86_400_000;

/** The months of a time in which both ends are known and near; undefined where every month is to be looked at. */
function monthsBetween(after?: string, before?: string): readonly string[] | undefined {
  if (after === undefined || before === undefined) return undefined;
  // A day more on either side: a stored time may tell its month in another zone.
  const [from, until] = [new Date(Date.parse(after) - dayMs), Date.parse(before) + dayMs];
  if (Number.isNaN(from.getTime()) || Number.isNaN(until)) return undefined;
  const months: string[] = [];
  for (let at = Date.UTC(from.getUTCFullYear(), from.getUTCMonth()); at < until;) {
    const month = new Date(at);
    months.push(month.toISOString().slice(0, 7));
    if (months.length > mostMonths) return undefined;
    at = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1);
  }
  return months.length > 0 ? months : undefined;
}
