import { createHash } from 'node:crypto';
import { withoutHistory, type Fact } from '../../../core/memory/fact';
import type { FactHit } from '../../../core/memory/longTermMemory';
import type { Meaning } from '../../../core/memory/embedding/vectorStore';
import { fusion, nearness } from '../../../core/recall/fusion';
import { tellLanguage } from '../../../core/recall/languages/tellLanguage';
import { readQuery, type RecallQuery } from '../../../core/recall/query';
import { isSubject } from '../../../core/recall/subject';
import { factOf } from './bodies';
import { sameBytes } from './checksums';
import { integerOf } from './database';
import { anyOf, countTerms } from './recallCandidates';
import type { Scope } from './scope';

/** What is found through extra words (parts of identifiers) counts for less than through the text. */
const weights = '1.0, 0.4';

interface FoundFact {
  readonly key: number;
  readonly fact: Fact;
  readonly score: number;
}

/** LongTermMemory's `recallFacts`. With a meaning, facts that are near in meaning are found, too. */
export function recallFacts(
  scope: Scope,
  query: string,
  limit: number,
  meaning?: Meaning,
): readonly FactHit[] {
  if (!meaning) scope.search.requireAvailable();
  const asked = readQuery(query, scope.now, tellLanguage);
  const count = Math.max(0, Math.trunc(limit));
  if (count === 0 || (asked.terms.length === 0 && !meaning)) return [];
  const words = byWords(scope, asked, count);
  if (!meaning) return words.map(({ fact, score }) => ({ ...withoutHistory(fact), score }));
  return fused(scope, words, asked, meaning).slice(0, count);
}

function byWords(scope: Scope, asked: RecallQuery, limit: number): readonly FoundFact[] {
  const { database, search, workspace } = scope;
  if (!search.available || asked.terms.length === 0) return [];
  return database
    .all(
      `SELECT f.*, -bm25(fact_search, ${weights}) AS score
       FROM fact_search JOIN facts f ON f.key = fact_search.rowid
       WHERE fact_search MATCH ? AND f.workspace = ? ORDER BY score DESC, f.key DESC LIMIT ?`,
      anyOf(countTerms(scope, asked, 'facts')),
      workspace,
      limit,
    )
    .flatMap((row) => {
      const fact = factOf(row);
      return fact ? [{ key: integerOf(row, 'key'), fact, score: Number(row.score) }] : [];
    });
}

/** A good paraphrase is worth as much as the fact that holds the words best: see fusion.ts. */
function fused(
  scope: Scope,
  words: readonly FoundFact[],
  asked: RecallQuery,
  meaning: Meaning,
): readonly FactHit[] {
  const worth = Math.max(...words.map(({ score }) => score), 0) || 1;
  const hasSubject = asked.terms.some(isSubject);
  const found = new Map<number, FactHit>(
    words.map(({ key, fact, score }) => [key, { ...withoutHistory(fact), score }]),
  );
  const { facts } = scope.vectors.nearest(scope.workspace, meaning, false, fusion.compared);
  for (const { message, passage, hash, cosine } of facts) {
    const key = -message;
    const byWord = found.get(key);
    const known = byWord ?? soundFact(scope, key);
    if (!known || !sameBytes(hashOf(known.text.slice(passage.start, passage.end)), hash)) continue;
    const close = nearness(cosine, meaning.unrelated);
    const score = (byWord?.score ?? 0) + fusion.weight * worth * close;
    if (score > 0) found.set(key, { ...known, score, ...(hasSubject && { meant: close ** 2 }) });
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}

function soundFact({ database, workspace }: Scope, key: number): Fact | undefined {
  const row = database.get('SELECT * FROM facts WHERE key = ? AND workspace = ?', key, workspace);
  const fact = row && factOf(row);
  return fact && withoutHistory(fact);
}

function hashOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
