import { feedback } from './constants';
import type { RecallQuery, RecallTerm } from './query';
import type { Rarity } from './rarity';
import { fillerWords, stopWords } from './stopWords';
import { TermScanner } from './termScanner';
import { fold, isUnspaced, stemOf, wordsOf } from './words';

/** What was found: the passage that answers, and how well it does. */
export interface FoundPassage {
  readonly text: string;
  readonly score: number;
}

/**
 * Pseudo-relevance feedback: the query with words that the best of what was found has beside the query's own, the rarest
 * of them, for a little. Undefined where there are none.
 * @param found best first
 * @param texts those among which a word is rare or not
 */
export function withFeedback(
  query: RecallQuery,
  rarity: Rarity,
  found: readonly FoundPassage[],
  texts: readonly string[],
): { readonly query: RecallQuery; readonly rarity: Rarity } | undefined {
  const candidates = wordsBeside(query, found);
  const held = heldBy(candidates, texts);
  const chosen = candidates
    .map(({ term, share }, index) => ({ term, holding: held[index] ?? 0, share }))
    // A word that nothing else holds leads nowhere.
    .filter(({ holding }) => holding > 1)
    .map((one) => ({
      ...one,
      value: one.share * Math.log(1 + (texts.length - one.holding + 0.5) / (one.holding + 0.5)),
    }))
    .sort((a, b) => b.value - a.value)
    .slice(0, feedback.words);
  const most = chosen[0]?.value ?? 0;
  if (most <= 0) return undefined;
  const own = query.terms.length;
  const terms = chosen.map(({ term, value }) => ({ ...term, weight: (feedback.weight * value) / most }));
  const holding = (term: number): number =>
    term < own ? rarity.holding(term) : ((chosen[term - own]?.holding ?? 0) * rarity.messages) / texts.length;
  return {
    query: { ...query, terms: [...query.terms, ...terms] },
    rarity: { messages: rarity.messages, holding },
  };
}

interface Candidate {
  readonly term: RecallTerm;
  /** How much of what was found has it, weighed by how well that answers. */
  readonly share: number;
}

function wordsBeside({ terms }: RecallQuery, found: readonly FoundPassage[]): readonly Candidate[] {
  const known = new Set(terms.map(({ text }) => text));
  const most = found[0]?.score ?? 0;
  const candidates = new Map<string, Candidate>();
  for (const { text, score } of found) {
    const words = new Map(
      wordsOf(text)
        .filter(isTelling)
        .map(fold)
        .map((word) => [stemOf(word), word]),
    );
    for (const [stem, word] of words) {
      if (known.has(stem)) continue;
      const share = (candidates.get(stem)?.share ?? 0) + score / most;
      candidates.set(stem, { term: { text: stem, kind: 'word', weight: 1, forms: [[word]] }, share });
    }
  }
  return [...candidates.values()];
}

function isTelling(word: string): boolean {
  const folded = fold(word);
  return folded.length > 2 && !isUnspaced(word) && !stopWords.has(folded) && !fillerWords.has(folded);
}

/** By how many of the texts each is held. */
function heldBy(candidates: readonly Candidate[], texts: readonly string[]): Float64Array {
  const held = new Float64Array(candidates.length);
  const scanner = new TermScanner({ terms: candidates.map(({ term }) => term) });
  for (const text of texts) {
    for (const term of new Set(scanner.scan(text).hits.map((hit) => hit.term)))
      held[term] = (held[term] ?? 0) + 1;
  }
  return held;
}
