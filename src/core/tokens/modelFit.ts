/** What a request consists of, in raw tokens. */
export interface RequestParts {
  /** The messages' texts. */
  readonly text: number;
  /** Their characters: another vocabulary's tokens are between ours and a share of these. */
  readonly characters: number;
  /** Roles, separators, the frames of calls. */
  readonly frame: number;
  /** The tools' definitions; 0 where there are none. */
  readonly tools: number;
}

/** A request, and what the model reported for it. */
export interface Observation extends RequestParts {
  readonly reported: number;
  /** By what share it was more than expected then. */
  readonly miss: number;
}

/** What each part costs a model: reported = text·a + characters·b + frame·c + tools·d + e with tools + f. */
export interface Weights {
  readonly text: number;
  readonly characters: number;
  readonly frame: number;
  readonly tools: number;
  /** Of what servers say about the use of tools, once they are offered any. */
  readonly toolsIntro: number;
  /** Of what servers add to every request. */
  readonly base: number;
}

type Vector = readonly [number, number, number, number, number, number];

/**
 * Before anything is known. Three tokens introduce the answer (OpenAI). What is said about tools took 5 to 210 tokens in
 * recordings of five model families.
 */
export const rawWeights: Weights = { text: 1, characters: 0, frame: 1, tools: 1, toolsIntro: 60, base: 3 };
/** How far from `rawWeights` servers are; by the recordings of five model families. */
const spread: Vector = [0.25, 0.05, 0.75, 0.4, 120, 20];
const least: Vector = [0.2, 0, 0, 0, -50, -20];
const most: Vector = [3, 0.5, 8, 5, 2_000, 2_000];

const toVector = (w: Weights): Vector => [w.text, w.characters, w.frame, w.tools, w.toolsIntro, w.base];
const inputs = ({ text, characters, frame, tools }: RequestParts): Vector => [
  text,
  characters,
  frame,
  tools,
  tools > 0 ? 1 : 0,
  1,
];
const raw = toVector(rawWeights);

export function addParts(one: RequestParts, other: RequestParts): RequestParts {
  return {
    text: one.text + other.text,
    characters: one.characters + other.characters,
    frame: one.frame + other.frame,
    tools: one.tools + other.tools,
  };
}

/** Of parts alone: without what a request costs as such. */
export function partsCost(parts: RequestParts, weights: Weights): number {
  return weights.text * parts.text + weights.characters * parts.characters + weights.frame * parts.frame;
}

/** Of a whole request. */
export function costOf(parts: RequestParts, weights: Weights): number {
  return dot(inputs(parts), toVector(weights));
}

/**
 * The weights that explain what was reported, and stay near `rawWeights` where it says nothing: ridge regression. What
 * lies far from the rest counts less (Huber), so that one wrong report does little harm.
 */
export function fitWeights(observations: readonly Observation[]): Weights {
  const expected = [...raw];
  const freedom: number[] = [...spread];
  let weights: readonly number[] = raw;
  for (let round = 0; round < 6; round += 1) {
    weights = solveOnce(observations, { before: round === 0 ? undefined : weights, expected, freedom });
    for (const [n, weight] of weights.entries()) {
      const bounded = Math.min(most[n] ?? weight, Math.max(least[n] ?? weight, weight));
      if (Math.abs(bounded - weight) < 1e-4) continue;
      // It stays at its bound, and the others make up for it.
      expected[n] = bounded;
      freedom[n] = 1e-6;
    }
  }
  const [text, characters, frame, tools, toolsIntro, base] = weights as Vector;
  return { text, characters, frame, tools, toolsIntro, base };
}

interface Prior {
  /** The weights by which is told what lies far off. */
  readonly before: readonly number[] | undefined;
  readonly expected: readonly number[];
  readonly freedom: readonly number[];
}

function solveOnce(
  observations: readonly Observation[],
  { before, expected, freedom }: Prior,
): readonly number[] {
  const matrix = raw.map((_, row) => raw.map((__, column): number => (row === column ? 1 : 0)));
  const right = raw.map((): number => 0);
  for (const observation of observations) {
    const input = inputs(observation);
    const deviation = Math.max(3, 0.015 * observation.reported);
    const off = before ? Math.abs(observation.reported - dot(input, before)) / deviation : 0;
    const weight = Math.min(1, 2 / off) / deviation ** 2;
    const scaled = input.map((value, n) => value * (freedom[n] ?? 1));
    const residual = observation.reported - dot(input, expected);
    for (const [row, one] of scaled.entries()) {
      right[row] = (right[row] ?? 0) + weight * one * residual;
      const line = matrix[row] ?? [];
      for (const [column, other] of scaled.entries())
        line[column] = (line[column] ?? 0) + weight * one * other;
    }
  }
  const solution = solve(matrix, right);
  return expected.map((value, n) => value + (solution[n] ?? 0) * (freedom[n] ?? 1));
}

/** Gauss; the matrix is positive definite, so no pivot is nought. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((line, n) => [...line, right[n] ?? 0]);
  for (const [n, pivot] of rows.entries()) {
    for (const [m, line] of rows.entries()) {
      if (m === n) continue;
      const factor = (line[n] ?? 0) / (pivot[n] ?? 1);
      for (let column = n; column < line.length; column += 1) {
        line[column] = (line[column] ?? 0) - factor * (pivot[column] ?? 0);
      }
    }
  }
  return rows.map((line, n) => (line.at(-1) ?? 0) / (line[n] ?? 1));
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, n) => sum + value * (other[n] ?? 0), 0);
}
