import type { Meaning } from '../../../core/memory/embedding/vectorStore';
import type { RecallHit, RecallOptions } from '../../../core/memory/longTermMemory';
import { candidates } from '../../../core/recall/constants';
import { messageFilter } from '../../../core/recall/filter';
import { tellLanguage } from '../../../core/recall/languages/tellLanguage';
import { readQuery } from '../../../core/recall/query';
import { isSubject } from '../../../core/recall/subject';
import { rankMessages } from '../../../core/recall/rank';
import { rarityIn, worthOfAll } from '../../../core/recall/rarity';
import { candidateKeys, countTerms, sessionKey } from './recallCandidates';
import { hitsOf } from './recallHits';
import { fused, nearTo } from './recallMeaning';
import { threadsAround, type StoredMessage } from './recallThreads';
import type { Scope } from './scope';

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
    !(options.answered === true && message.turn.unanswered) &&
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
    const hits = hitsOf(scope, eligible, { ...options, limit });
    return search.available ? hits : hits.map((hit) => ({ ...hit, byMeaningAlone: true as const }));
  }
}
