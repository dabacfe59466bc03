import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stopWords } from '../../src/core/recall/stopWords';
import { fold, stemOf, wordsOf } from '../../src/core/recall/words';
import type { LabelledTurn } from './data';
import type { Found } from './metrics';

/** What is compared with: a search over texts in memory. */
export interface Baseline {
  search(question: string, limit: number): readonly Found[];
}

export type MakeBaseline = (turns: readonly LabelledTurn[]) => Baseline;

function stemmed(text: string): readonly string[] {
  return wordsOf(text)
    .map(fold)
    .filter((word) => !stopWords.has(word))
    .map(stemOf);
}

/** BM25 over stems without stop words, k1 1.2, b .75. Whole messages count against a budget. */
export const plainBm25: MakeBaseline = (turns) => {
  const postings = new Map<string, Map<number, number>>();
  const lengths = turns.map(({ speaker, text }, place) => {
    const stems = stemmed(`${speaker} ${text}`);
    for (const stem of stems) {
      const counts = postings.get(stem) ?? new Map<number, number>();
      postings.set(stem, counts.set(place, (counts.get(place) ?? 0) + 1));
    }
    return stems.length;
  });
  const average = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return {
    search(question, limit) {
      const scores = new Map<number, number>();
      for (const stem of new Set(stemmed(question))) {
        const counts = postings.get(stem) ?? new Map<number, number>();
        const rarity = Math.log(1 + (turns.length - counts.size + 0.5) / (counts.size + 0.5));
        for (const [place, count] of counts) {
          const length = 1.2 * (0.25 + (0.75 * (lengths[place] ?? 0)) / average);
          scores.set(place, (scores.get(place) ?? 0) + (rarity * count * 2.2) / (count + length));
        }
      }
      const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, limit);
      return best.flatMap(([place]) => foundAt(turns, place));
    },
  };
};

function foundAt(turns: readonly LabelledTurn[], place: number): readonly Found[] {
  const turn = turns[place];
  return turn ? [{ id: turn.id, passage: turn.text }] : [];
}

/** MiniSearch over stems without stop words; undefined where it is not installed. */
export function miniSearch(): MakeBaseline | undefined {
  const MiniSearch = loadMiniSearch();
  if (!MiniSearch) return undefined;
  const processTerm = (term: string): string | null => {
    const word = fold(term);
    return stopWords.has(word) ? null : stemOf(word);
  };
  return (turns) => {
    const index = new MiniSearch({ fields: ['text'], processTerm });
    index.addAll(turns.map(({ speaker, text }, id) => ({ id, text: `${speaker} ${text}` })));
    return {
      search: (question, limit) =>
        index
          .search(question)
          .slice(0, limit)
          .flatMap(({ id }) => foundAt(turns, id)),
    };
  };
}

interface MiniSearchIndex {
  addAll(documents: readonly { readonly id: number; readonly text: string }[]): void;
  search(query: string): readonly { readonly id: number }[];
}

type MiniSearchClass = new (options: object) => MiniSearchIndex;

function loadMiniSearch(): MiniSearchClass | undefined {
  const manifest = join(process.cwd(), 'bench', 'package.json');
  if (!existsSync(join(process.cwd(), 'bench', 'node_modules', 'minisearch'))) return undefined;
  return createRequire(manifest)('minisearch') as MiniSearchClass;
}
