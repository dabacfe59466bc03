import type { Meaning } from '../../../core/memory/embedding/vectorStore';
import type { RecallHit, RecallOptions, RecallWorkspace } from '../../../core/memory/longTermMemory';
import type { StoredTurn } from '../../../core/historyLog';
import { messageId } from '../../../core/message';
import { candidates } from '../../../core/recall/constants';
import { messageFilter } from '../../../core/recall/filter';
import { tellLanguage } from '../../../core/recall/languages/tellLanguage';
import { readQuery } from '../../../core/recall/query';
import { neighbourOf } from '../../../core/recall/neighbour';
import { isSubject } from '../../../core/recall/subject';
import { rankMessages, type Ranked } from '../../../core/recall/rank';
import { rarityIn, worthOfAll } from '../../../core/recall/rarity';
import { candidateKeys, countTerms, sessionKey } from './recallCandidates';
import { fused, nearTo } from './recallMeaning';
import { threadsAround, type StoredMessage } from './recallThreads';
import type { Scope } from './scope';
import { findTurn, sessionIdOf, soundTurnOf, turnRowOf } from './turnRows';
import { namedWorkspace } from './workspaces';

/** Where options leave many candidates out, more are looked at, up to so many. */
const mostCandidates = 12_800;

/** LongTermMemory's `recall`. What is damaged is not shown. With a meaning, what is near in meaning is found, too. */
export function recallMessages(
  scope: Scope,
  query: string,
  options: RecallOptions,
  meaning?: Meaning,
): readonly RecallHit[] {
  const { search, now } = scope;
  if (!meaning) search.requireAvailable();
  const limit = Math.max(0, Math.trunc(options.limit));
  const asked = readQuery(query, options.now === undefined ? now : Date.parse(options.now), tellLanguage);
  if (limit === 0 || (asked.terms.length === 0 && !meaning)) return [];
  // Without an index, what is near in meaning is found alone, and weighed by its words among itself.
  const terms = search.available ? countTerms(scope, asked) : [];
  const indexed = { messages: search.messages, holding: (term: number) => terms[term]?.holding ?? 0 };
  const hasSubject = asked.terms.some(isSubject);
  const fits = messageFilter(options);
  const session = options.sessionId === undefined ? undefined : sessionKey(scope, options.sessionId);
  const carried = new Set(options.carried);
  const isEligible = (message: StoredMessage): boolean =>
    message.turn.id !== options.exceptTurnId &&
    !carried.has(message.turn.id) &&
    (session === undefined || message.turn.session === session) &&
    fits(message);
  for (let count = Math.max(candidates.count, limit); ; count *= 4) {
    const keys = candidateKeys(scope, terms, options, count);
    const near = meaning && nearTo(scope, meaning, options, count);
    const found = near ? [...keys, ...near.messages.keys()] : keys;
    const threads = threadsAround(scope, found, options);
    const rarity = search.available ? indexed : rarityIn(asked, threads);
    const words = rankMessages(asked, threads, rarity);
    const question = { worth: worthOfAll(asked, rarity), hasSubject };
    const ranked = near ? fused(words, threads, near, question) : words;
    const eligible = ranked.filter(({ message }) => isEligible(message));
    const isAll = (keys.length < count && near?.isAll !== false) || count * 4 > mostCandidates;
    if (eligible.length < limit && !isAll) continue;
    const best = hitsOf(scope, eligible, { limit, neighbours: options.neighbours === true });
    const hits = options.everywhere === true ? withWorkspaces(scope, best) : best.map(({ hit }) => hit);
    return search.available ? hits : hits.map((hit) => ({ ...hit, byMeaningAlone: true as const }));
  }
}

interface FoundHit {
  readonly hit: RecallHit;
  /** The row of its workspace. */
  readonly workspace: number;
}

function withWorkspaces(
  { database, workspace: here }: Scope,
  hits: readonly FoundHit[],
): readonly RecallHit[] {
  const known = new Map<number, RecallWorkspace>();
  return hits.map(({ hit, workspace: key }) => {
    const workspace = known.get(key) ?? { ...namedWorkspace(database, key), here: key === here };
    known.set(key, workspace);
    return { ...hit, workspace };
  });
}

function hitsOf(
  scope: Scope,
  ranked: readonly Ranked<StoredMessage>[],
  { limit, neighbours }: { readonly limit: number; readonly neighbours: boolean },
): readonly FoundHit[] {
  const hits: FoundHit[] = [];
  for (const one of ranked) {
    if (hits.length >= limit) break;
    const { workspace } = one.message.turn;
    const hit = hitOf({ ...scope, workspace }, one, neighbours);
    if (hit) hits.push({ hit, workspace });
  }
  return hits;
}

function hitOf(
  scope: Scope,
  { message, score, relevance, passage, highlights }: Ranked<StoredMessage>,
  neighbours: boolean,
): RecallHit | undefined {
  const { turn: { id: turnId, session, position }, place } = message; // prettier-ignore
  const found = findTurn(scope, turnId);
  const sessionId = sessionIdOf(scope, session);
  const turn = found && soundTurnOf(scope, found, sessionId);
  const sound = turn?.messages[place];
  if (!sound) return undefined;
  const beside = (side: 'before' | 'after') => (): StoredTurn | undefined =>
    turnBeside(scope, { session, sessionId, position }, side);
  const neighbour = neighbours
    ? neighbourOf({ turn, place, before: beside('before'), after: beside('after') })
    : undefined;
  return {
    messageId: sound.id ?? messageId(turnId, place),
    turnId,
    sessionId,
    role: sound.role,
    ...(sound.name !== undefined && { name: sound.name }),
    score,
    relevance,
    text: sound.content,
    createdAt: sound.createdAt ?? turn.createdAt,
    passage,
    highlights,
    ...(neighbour && { neighbour }),
  };
}

/** The turn said just before or after, if it is sound. */
function turnBeside(
  scope: Scope,
  {
    session,
    sessionId,
    position,
  }: { readonly session: number; readonly sessionId: string; readonly position: number },
  side: 'before' | 'after',
): StoredTurn | undefined {
  const [than, order] = side === 'before' ? ['<', 'DESC'] : ['>', 'ASC'];
  const row = scope.database.get(
    `SELECT * FROM turns WHERE session = ? AND position ${than} ? AND status <> 'running' ORDER BY position ${order} LIMIT 1`,
    session,
    position,
  );
  return row && soundTurnOf(scope, turnRowOf(row), sessionId);
}
