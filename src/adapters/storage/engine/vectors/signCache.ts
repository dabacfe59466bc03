import type { Highest, SignScorer } from '../../../../core/recall/vectors';
import { signBytes } from '../../../../core/recall/vectors';
import { bytesOf, integerOf } from '../database';
import type { VectorFile } from './vectorFile';

const pageRows = 4_096;
/** Of one model's and workspace's: half a million vectors of 1,000 dimensions. What is beyond is read each time. */
const mostBytes = 64_000_000;

interface Page {
  readonly keys: Float64Array;
  readonly bits: Uint8Array;
  readonly rows: number;
}

/** The signs of a workspace's vectors by one model, read once and then only what is new: keys grow, and none comes twice. */
export class SignCache {
  readonly #model: number;
  readonly #workspace: number;
  readonly #bytes: number;
  readonly #pages: Page[] = [];
  #last = 0;

  constructor(model: number, workspace: number, dimensions: number) {
    this.#model = model;
    this.#workspace = workspace;
    this.#bytes = signBytes(dimensions);
  }

  /** How many are held; some of them may be deleted by now. */
  get rows(): number {
    return this.#pages.reduce((total, { rows }) => total + rows, 0);
  }

  /** Looks at all there are. */
  addTo(highest: Highest, scorer: SignScorer, file: VectorFile): void {
    this.#readNew(file);
    for (const page of this.#pages) addPage(page, highest, scorer);
    for (let last = this.#last; ;) {
      const page = this.#readPage(file, last);
      if (!page) return;
      addPage(page, highest, scorer);
      last = page.keys[page.rows - 1] ?? Infinity;
    }
  }

  #readNew(file: VectorFile): void {
    while (this.rows * this.#bytes < mostBytes) {
      const page = this.#readPage(file, this.#last);
      if (!page) return;
      this.#last = page.keys[page.rows - 1] ?? this.#last;
      this.#append(page);
    }
  }

  /** Vectors come a few at a time: small pages become one. */
  #append(page: Page): void {
    const before = this.#pages.at(-1);
    if (!before || before.rows + page.rows > pageRows) {
      this.#pages.push(page);
      return;
    }
    const rows = before.rows + page.rows;
    const keys = new Float64Array(rows);
    keys.set(before.keys);
    keys.set(page.keys, before.rows);
    const bits = new Uint8Array(rows * this.#bytes);
    bits.set(before.bits);
    bits.set(page.bits, before.bits.length);
    this.#pages[this.#pages.length - 1] = { keys, bits, rows };
  }

  #readPage(file: VectorFile, after: number): Page | undefined {
    const found = file.all(
      'SELECT key, bits FROM signs WHERE model = ? AND workspace = ? AND key > ? ORDER BY key LIMIT ?',
      this.#model,
      this.#workspace,
      after,
      pageRows,
    );
    if (found.length === 0) return undefined;
    const keys = new Float64Array(found.length);
    const bits = new Uint8Array(found.length * this.#bytes);
    found.forEach((row, index) => {
      keys[index] = integerOf(row, 'key');
      bits.set(bytesOf(row, 'bits').subarray(0, this.#bytes), index * this.#bytes);
    });
    return { keys, bits, rows: found.length };
  }
}

function addPage({ keys, bits, rows }: Page, highest: Highest, scorer: SignScorer): void {
  for (let row = 0; row < rows; row += 1) {
    highest.add(keys[row] ?? 0, scorer.score(bits, row * scorer.bytes));
  }
}
