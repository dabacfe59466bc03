import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** What a search gives for a question: messages by id, best first, and the passage of each that it would show. */
export interface Found {
  readonly id: string;
  readonly passage: string;
}

export interface Quality {
  readonly recall5: number;
  readonly recall10: number;
  readonly ndcg10: number;
  /** Share of the evidence in what fits 2,000 tokens, and 1,000. */
  readonly share2000: number;
  readonly share1000: number;
}

export function qualityOf(found: readonly Found[], evidence: readonly string[]): Quality {
  const wanted = new Set(evidence);
  const recallAt = (k: number): number => shareOf(found.slice(0, k), wanted);
  return {
    recall5: recallAt(5),
    recall10: recallAt(10),
    ndcg10: ndcg(found.slice(0, 10), wanted),
    share2000: shareOf(within(found, 2_000), wanted),
    share1000: shareOf(within(found, 1_000), wanted),
  };
}

function shareOf(found: readonly Found[], wanted: ReadonlySet<string>): number {
  return found.filter(({ id }) => wanted.has(id)).length / wanted.size;
}

function ndcg(found: readonly Found[], wanted: ReadonlySet<string>): number {
  const gain = (place: number): number => 1 / Math.log2(place + 2);
  const got = found.reduce((sum, { id }, place) => sum + (wanted.has(id) ? gain(place) : 0), 0);
  const best = Array.from({ length: Math.min(wanted.size, 10) }, (_, place) => gain(place));
  return got / best.reduce((sum, one) => sum + one, 0);
}

/** The first ones whose passages fit together; one that is too long for the rest is left out. */
function within(found: readonly Found[], tokens: number): readonly Found[] {
  let left = tokens;
  return found.filter(({ passage }) => {
    if (left < 8) return false;
    const cost = tokensOf(passage);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
}

const counted = new Map<string, number>();

function tokensOf(text: string): number {
  let tokens = counted.get(text);
  if (tokens === undefined) {
    tokens = countTokens(text);
    counted.set(text, tokens);
  }
  return tokens;
}

export function mean(qualities: readonly Quality[]): Quality {
  const of = (name: keyof Quality): number =>
    qualities.reduce((sum, quality) => sum + quality[name], 0) / qualities.length;
  return {
    recall5: of('recall5'),
    recall10: of('recall10'),
    ndcg10: of('ndcg10'),
    share2000: of('share2000'),
    share1000: of('share1000'),
  };
}
