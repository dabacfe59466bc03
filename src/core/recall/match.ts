import { ownMatch } from './constants';

/** How much of a full match `count` times a word are, in so many words. */
export function saturated(count: number, words: number): number {
  if (count === 0) return 0;
  const { saturation, lengthShare, length } = ownMatch;
  return count / (count + saturation * (1 - lengthShare + (lengthShare * words) / length));
}

/** Makes each value at least that share of the other's. */
export function raise(target: Float64Array, values: Float64Array, share: number): void {
  for (let index = 0; index < target.length; index += 1) {
    const value = (values[index] ?? 0) * share;
    if (value > (target[index] ?? 0)) target[index] = value;
  }
}
