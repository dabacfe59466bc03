import { HistoryError } from '../../../../core/errors';
import { textsOfFact } from '../../../../core/forgetting/alike';
import { holdsAll, readForgetQuery, type ForgetQuery } from '../../../../core/forgetting/forgetQuery';
import type { ForgetItem, ForgetQueryOptions, ForgetTarget } from '../../../../core/forgetting/forgetting';
import { calledText, type Message } from '../../../../core/message';
import type { CallOutput } from '../../../../protocol/worker';
import { turnBodyOf } from '../bodies';
import { integerOf } from '../database';
import { findFact } from '../facts';
import { messagesPerTurn } from '../messageRows';
import { sessionKey } from '../recallCandidates';
import type { Scope } from '../scope';
import { placeWord } from '../searchPlace';
import { getSession, listSessions } from '../sessions';
import { summariesCovering } from '../summaries';
import { findTurn, turnRowOf, type TurnRow } from '../turnRows';
import { quotingCalls } from './echoes';
import { factItem, factsIn, factText, messagesOf, sessionItem, summariesIn, turnItem } from './items';

type Found = CallOutput<'forget-find'>;

/** So many messages, or turns where the index is of no use, are looked at in one call. */
const pageSize = 100;

/** What a target names, a page at a time. @throws HistoryError `not-found`, InputError for a query without a word */
export function findItems(scope: Scope, target: ForgetTarget, after?: number): Found {
  if (target.kind === 'query') return findMatches(scope, target, after);
  if (target.kind === 'turn') {
    const turn = findTurn(scope, target.turnId) ?? notFound(`No turn ${target.turnId}`);
    return found(scope, [turnItem(scope, turn, 'target')], [turn]);
  }
  if (target.kind === 'fact') {
    const row = findFact(scope, target.factId) ?? notFound(`No fact ${target.factId}`);
    return found(scope, [factItem(factText(row), 'target')], []);
  }
  const session = getSession(scope, target.sessionId);
  const turns = scope.database
    .all('SELECT * FROM turns WHERE session = ? ORDER BY position', session.key)
    .map(turnRowOf);
  return found(scope, [sessionItem(scope, session, turns)], turns);
}

function notFound(message: string): never {
  throw new HistoryError({ reason: 'not-found', message });
}

function found(scope: Scope, items: readonly ForgetItem[], turns: readonly TurnRow[], page?: Page): Found {
  return {
    items,
    turnIds: turns.map(({ id }) => id),
    summaries: summariesCovering(scope, turns),
    ...(page?.next !== undefined && { next: page.next, searched: Math.min(1, page.next / page.last) }),
  };
}

function findMatches(scope: Scope, options: ForgetQueryOptions, after?: number): Found {
  const query = readForgetQuery(options.query);
  const page = query.phrases.length > 0 ? indexedPage(scope, query, options, after) : plainPage(scope, after);
  const isFirst = after === undefined;
  const candidates = isFirst ? [...page.turns, ...runningTurns(scope)] : page.turns;
  const session = options.sessionId === undefined ? undefined : sessionKey(scope, options.sessionId);
  const turns = candidates.filter(
    (turn) => (session === undefined || turn.session === session) && matches(scope, turn, query, options),
  );
  const items = turns.map((turn): ForgetItem => turnItem(scope, turn, 'target'));
  const others = isFirst && isUnfiltered(options) ? matchesBesides(scope, query, turns) : [];
  return found(scope, [...items, ...others], turns, page);
}

function isUnfiltered({ role, sessionId, after, before }: ForgetQueryOptions): boolean {
  return [role, sessionId, after, before].every((filter) => filter === undefined);
}

interface Page {
  readonly turns: readonly TurnRow[];
  readonly next: number | undefined;
  /** No page begins after it. */
  readonly last: number;
}

/** All messages that hold forms of the words, in order. */
function indexedPage(
  scope: Scope,
  { phrases }: ForgetQuery,
  { sessionId, role }: ForgetQueryOptions,
  after = -1,
): Page {
  const { database, search, workspace } = scope;
  search.requireAvailable();
  const words = phrases.map((phrase) => `"${phrase.join(' ')}"`).join(' AND ');
  const ofPlaces = (places: readonly string[]): string =>
    search.knowsPlaces ? places.map((word) => ` AND place : "${word}"`).join('') : '';
  const spoken = ofPlaces(role === undefined ? [] : [placeWord.role(role)]);
  const within = ofPlaces([
    placeWord.workspace(workspace),
    ...(sessionId === undefined ? [] : [placeWord.session(sessionKey(scope, sessionId))]),
  ]);
  const keys = database
    .all(
      `SELECT rowid AS key FROM message_search WHERE message_search MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?`,
      `(({content extra} : (${words})${spoken}) OR ${quotingCalls(search.knowsPlaces)})${within}`,
      after,
      pageSize,
    )
    .map((row) => integerOf(row, 'key'));
  const turns = [...new Set(keys.map((key) => Math.floor(key / messagesPerTurn)))].flatMap((key) => {
    const row = database.get('SELECT * FROM turns WHERE key = ? AND workspace = ?', key, workspace);
    return row ? [turnRowOf(row)] : [];
  });
  return { turns, next: keys.length < pageSize ? undefined : keys.at(-1), last: lastKey(scope, 'messages') };
}

/** Scripts without spaces are cut into words by guess: every turn is looked at. */
function plainPage(scope: Scope, after = -1): Page {
  const { database, workspace } = scope;
  const turns = database
    .all(
      'SELECT * FROM turns WHERE workspace = ? AND key > ? ORDER BY key LIMIT ?',
      workspace,
      after,
      pageSize,
    )
    .map(turnRowOf);
  const next = turns.length < pageSize ? undefined : turns.at(-1)?.key;
  return { turns, next, last: lastKey(scope, 'turns') };
}

function lastKey({ database }: Scope, table: 'messages' | 'turns'): number {
  const row = database.get(`SELECT coalesce(max(key), 1) AS last FROM ${table}`);
  return Math.max(1, integerOf(row, 'last'));
}

/** The index does not have these. */
function runningTurns({ database, workspace }: Scope): readonly TurnRow[] {
  return database
    .all(`SELECT * FROM turns WHERE workspace = ? AND status = 'running' AND indexed = 0`, workspace)
    .map(turnRowOf);
}

function matches(scope: Scope, turn: TurnRow, query: ForgetQuery, options: ForgetQueryOptions): boolean {
  const createdAt: unknown = turnBodyOf(turn.row)?.createdAt;
  return messagesOf(scope, turn).some(
    (message) =>
      isMeant(message, typeof createdAt === 'string' ? createdAt : '', options) &&
      holdsAll(query, [message.content, calledText(message)]),
  );
}

function isMeant(message: Message, turnsTime: string, { role, after, before }: ForgetQueryOptions): boolean {
  const at = Date.parse(message.createdAt ?? turnsTime);
  return (
    (role === undefined || message.role === role) &&
    (after === undefined || at >= Date.parse(after)) &&
    (before === undefined || at < Date.parse(before))
  );
}

/** Facts, summaries that stay, and titles. */
function matchesBesides(scope: Scope, query: ForgetQuery, turns: readonly TurnRow[]): readonly ForgetItem[] {
  const falling = new Set(summariesCovering(scope, turns).map(({ id }) => id));
  const summaries = summariesIn(scope).filter(
    ({ text, item }) => !falling.has(item.id) && holdsAll(query, [text]),
  );
  return [
    ...factsIn(scope)
      .filter((fact) => textsOfFact(fact).some((text) => holdsAll(query, [text])))
      .map((fact) => factItem(fact, 'target')),
    ...summaries.map(({ item }) => item),
    ...listSessions(scope)
      .filter(({ title }) => holdsAll(query, [title]))
      .map(
        ({ id, title }) =>
          ({ kind: 'title', id, why: 'target', beginning: title, bytes: title.length }) as const,
      ),
  ];
}
