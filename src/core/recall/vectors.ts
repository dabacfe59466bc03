/**
 * Vectors of length 1 as they are kept and compared. Kept: a byte a dimension, on a scale of the vector's own, which is a
 * quarter of the bytes of floats and changes a cosine by less than .005. Compared first: by the sign of each dimension,
 * a bit each, so that those of a whole workspace fit into memory; the nearest by that are compared by what is kept.
 */

/** A scale as a 32-bit float, then a signed byte a dimension. */
const scaleBytes = 4;

export function packVector(vector: Float32Array): Uint8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest === 0 ? 1 : largest / 127;
  const packed = new Uint8Array(scaleBytes + vector.length);
  new DataView(packed.buffer).setFloat32(0, scale, true);
  const values = new Int8Array(packed.buffer, scaleBytes);
  vector.forEach((value, index) => (values[index] = Math.round(value / scale)));
  return packed;
}

/** The cosine between the two; undefined where these are not as many dimensions. */
export function cosineWith(query: Float32Array, packed: Uint8Array): number | undefined {
  if (packed.length !== scaleBytes + query.length) return undefined;
  const scale = new DataView(packed.buffer, packed.byteOffset).getFloat32(0, true);
  const values = new Int8Array(packed.buffer, packed.byteOffset + scaleBytes, query.length);
  let sum = 0;
  for (let index = 0; index < query.length; index += 1) sum += (query[index] ?? 0) * (values[index] ?? 0);
  return sum * scale;
}

export function signBytes(dimensions: number): number {
  return Math.ceil(dimensions / 8);
}

/** A bit a dimension, the lowest first: 1 where it is positive. */
export function signsOf(vector: Float32Array): Uint8Array {
  const signs = new Uint8Array(signBytes(vector.length));
  vector.forEach((value, index) => {
    if (value > 0) signs[index >> 3] = (signs[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return signs;
}

/** How near signs are to a query, in any unit: the query's own size in each dimension counts. */
export class SignScorer {
  readonly bytes: number;
  /** For each byte of signs and each of its values, what it adds. */
  readonly #adds: Float32Array;

  constructor(query: Float32Array) {
    this.bytes = signBytes(query.length);
    this.#adds = new Float32Array(this.bytes * 256);
    for (let byte = 0; byte < this.bytes; byte += 1) {
      const of = (bit: number): number => query[byte * 8 + bit] ?? 0;
      let none = 0;
      for (let bit = 0; bit < 8; bit += 1) none -= of(bit);
      this.#adds[byte * 256] = none;
      for (let value = 1; value < 256; value += 1) {
        const lowest = value & -value;
        const without = this.#adds[byte * 256 + value - lowest] ?? 0;
        this.#adds[byte * 256 + value] = without + 2 * of(31 - Math.clz32(lowest));
      }
    }
  }

  /** Of the signs that begin at `offset`. */
  score(signs: Uint8Array, offset: number): number {
    let sum = 0;
    for (let byte = 0; byte < this.bytes; byte += 1) {
      sum += this.#adds[byte * 256 + (signs[offset + byte] ?? 0)] ?? 0;
    }
    return sum;
  }
}

/** The keys with the highest scores, of any number. */
export class Highest {
  readonly #scores: Float64Array;
  readonly #keys: Float64Array;
  #size = 0;

  constructor(count: number) {
    this.#scores = new Float64Array(count);
    this.#keys = new Float64Array(count);
  }

  add(key: number, score: number): void {
    if (this.#size < this.#scores.length) {
      this.#up(this.#size, key, score);
      this.#size += 1;
    } else if (score > (this.#scores[0] ?? Infinity)) this.#down(key, score);
  }

  /** In no order. */
  get keys(): readonly number[] {
    return [...this.#keys.subarray(0, this.#size)];
  }

  /** A heap: each is no higher than the two below it, so the first is the lowest. */
  #up(from: number, key: number, score: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const scoreAbove = this.#scores[above] ?? 0;
      if (scoreAbove <= score) break;
      this.#put(at, this.#keys[above] ?? 0, scoreAbove);
      at = above;
    }
    this.#put(at, key, score);
  }

  #down(key: number, score: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && (this.#scores[below + 1] ?? 0) < (this.#scores[below] ?? 0)) below += 1;
      const scoreBelow = this.#scores[below] ?? 0;
      if (scoreBelow >= score) break;
      this.#put(at, this.#keys[below] ?? 0, scoreBelow);
      at = below;
    }
    this.#put(at, key, score);
  }

  #put(at: number, key: number, score: number): void {
    this.#keys[at] = key;
    this.#scores[at] = score;
  }
}
