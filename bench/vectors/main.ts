/**
 * `npm run bench:vectors [-- --json]`: how long a search among 20,000 and 100,000 vectors takes, of 384 and of 1,536
 * dimensions, through the product's own file and search; how many of the ten that are truly nearest it finds; and what they
 * take on disk. The vectors are made up, in clusters and about a common direction, as those of real models are.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepVector } from '../../src/adapters/storage/engine/vectors/keptVectors';
import { nearestMessages } from '../../src/adapters/storage/engine/vectors/nearest';
import { SignCache } from '../../src/adapters/storage/engine/vectors/signCache';
import { VectorFile } from '../../src/adapters/storage/engine/vectors/vectorFile';
import { unitVector } from '../../src/core/embeddingModel';
import { fusion } from '../../src/core/recall/fusion';
import { packVector, signsOf } from '../../src/core/recall/vectors';
import { Figures, printLimits, type Limit } from '../figures';
import { folder } from '../store';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const searches = 30;
/** Of these, so many are compared with what is truly nearest. */
const judged = 10;
/** Of a search among 100,000: what a prompt can spare beside the search by words. Milliseconds of processor time. */
const most = 150;
/** Of the whole run. Minutes. */
const longest = 5;

let seed = 7;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** Near enough to a normal distribution, and quick. */
function gaussian(): number {
  return random() + random() + random() - 1.5;
}

class Cloud {
  readonly #dimensions: number;
  readonly #common: Float32Array;
  readonly #topics: readonly Float32Array[];

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#common = this.#any();
    this.#topics = Array.from({ length: 300 }, () => this.#any());
  }

  #any(): Float32Array {
    return Float32Array.from({ length: this.#dimensions }, gaussian);
  }

  next(): Float32Array {
    const topic = this.#topics[Math.floor(random() * this.#topics.length)] ?? this.#common;
    const own = this.#any();
    return unitVector(own.map((value, index) => value + 0.8 * (topic[index] ?? 0) + 0.6 * (this.#common[index] ?? 0))) ?? own; // prettier-ignore
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

interface Nearest {
  readonly message: number;
  readonly cosine: number;
}

/** The ten that are truly nearest to a question, told as the vectors are made: all of them at once fill some memories. */
class TrulyNearest {
  readonly #question: Float32Array;
  #best: readonly Nearest[] = [];

  constructor(question: Float32Array) {
    this.#question = question;
  }

  look(message: number, vector: Float32Array): void {
    const cosine = dot(this.#question, vector);
    if (this.#best.length === 10 && cosine <= (this.#best[9]?.cosine ?? 0)) return;
    this.#best = [...this.#best, { message, cosine }].sort((a, b) => b.cosine - a.cosine).slice(0, 10);
  }

  shareIn(messages: readonly number[]): number {
    const first = new Set(messages.slice(0, 10));
    return this.#best.filter(({ message }) => first.has(message)).length / 10;
  }
}

/** So many rows go in one transaction, so that the write-ahead log stays small. */
const rowsAtOnce = 2_000;

function fill(file: VectorFile, cloud: Cloud, count: number, judges: readonly TrulyNearest[]): void {
  for (let message = 0; message < count; message += 1) {
    if (message % rowsAtOnce === 0) file.begin();
    const vector = cloud.next();
    for (const judge of judges) judge.look(message, vector);
    const hash = new Uint8Array(32);
    new DataView(hash.buffer).setUint32(0, message);
    const passage = { message, start: 0, end: 1, hash };
    keepVector(file, { model: 1, workspace: 1, passage, vector: packVector(vector), bits: signsOf(vector) });
    if ((message + 1) % rowsAtOnce === 0 || message + 1 === count) file.commit();
  }
  file.checkpoint();
}

function measure(
  count: number,
  dimensions: number,
  figures: Figures,
): { found: number; megabytes: number; loadMs: number } {
  const path = join(folder, `vectors-${count}-${dimensions}.db`);
  const cloud = new Cloud(dimensions);
  const questions = Array.from({ length: searches + 1 }, () => cloud.next());
  const judges = questions.slice(1, judged + 1).map((question) => new TrulyNearest(question));
  const file = new VectorFile(path);
  fill(file, cloud, count, judges);
  const cache = new SignCache(1, 1, dimensions);
  const name = `${count.toLocaleString('en')} of ${dimensions}`;
  let found = 0;
  let loadMs = 0;
  for (const [n, question] of questions.entries()) {
    const meaning = { name: '', baseUrl: '', vector: question, unrelated: -1 };
    const cpu = process.cpuUsage();
    const wall = performance.now();
    const { messages } = nearestMessages(file, [cache], meaning, fusion.compared);
    const spent = process.cpuUsage(cpu);
    const ms = (spent.user + spent.system) / 1_000;
    if (n === 0) {
      loadMs = ms;
      continue;
    }
    figures.add(name, ms);
    figures.add(`${name}, by the clock`, performance.now() - wall);
    found += (judges[n - 1]?.shareIn(messages.map(({ message }) => message)) ?? 0) / judged;
  }
  file.close();
  const megabytes = statSync(path).size / 1e6;
  rmSync(path);
  return { found, megabytes, loadMs };
}

const began = performance.now();
const figures = new Figures();
const limits: Limit[] = [];
const rows: Record<string, unknown> = {};
for (const dimensions of [384, 1_536]) {
  for (const count of [20_000, 100_000]) {
    const name = `${count.toLocaleString('en')} of ${dimensions}`;
    const { found, megabytes, loadMs } = measure(count, dimensions, figures);
    const times = {
      p50: figures.p50(name),
      p95: figures.p95(name),
      wall50: figures.p50(`${name}, by the clock`),
    };
    rows[name] = { ...times, loadMs, found, megabytes };
    limits.push({ what: `${name}: share of the ten truly nearest`, value: found, least: 0.95, unit: '' });
    limits.push({ what: `${name}: a search, processor time, p95`, value: times.p95, most, unit: 'ms' });
  }
}
rmSync(folder, { recursive: true, force: true });
limits.push({
  what: 'all of it, by the clock',
  value: (performance.now() - began) / 60_000,
  most: longest,
  unit: 'min',
});
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else {
  console.table(rows);
  process.exitCode = printLimits(limits) > 0 ? 1 : 0;
}
