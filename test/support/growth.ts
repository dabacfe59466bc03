import assert from 'node:assert/strict';

export interface Costs<Input> {
  /** Makes an input of this size. Not measured. */
  readonly input: (size: number) => Input;
  /** What is measured, threads and garbage included; awaited where it is a promise. */
  readonly work: (input: Input) => unknown;
  /** Large enough that the input is what costs. The other measurement is of `times` as much. */
  readonly size: number;
  readonly times?: number;
  readonly patience?: number;
}

/** Shorter ones are measured over several runs. In microseconds. */
const shortest = 3_000;
const rounds = 3;
/** Where it does not hold yet, rounds go on for so long: what else the machine does can only add to a cost. In ms. */
const usualPatience = 2_000;
/** How often the proportional cost is still taken to be in proportion: caches, garbage and a busy machine. */
const margin = 3;
const usualTimes = 8;

/** The cost is in proportion to the input, or less. One by its square is `times` as much, and fails. */
export async function assertLinear<Input>(costs: Costs<Input>): Promise<void> {
  await assertGrowth(costs, margin * (costs.times ?? usualTimes));
}

/** The cost does not depend on the input's size. One in proportion to it fails. */
export async function assertBounded<Input>(costs: Costs<Input>): Promise<void> {
  await assertGrowth(costs, margin);
}

/** The one costs no more than a share of the other, both on the same machine and within the same moment. */
export async function assertCheaper(
  one: () => unknown,
  other: () => unknown,
  share: number,
  patience?: number,
): Promise<void> {
  const [less, more] = await leastOf(one, other, (least, most) => least <= share * most, patience);
  assert.ok(less <= share * more, `${inMs(less)} is more than ${share} of ${inMs(more)}`);
}

async function assertGrowth<Input>(costs: Costs<Input>, atMost: number): Promise<void> {
  const { input, work, size, times = usualTimes } = costs;
  const [some, more] = [input(size), input(size * times)];
  const [few, many] = await leastOf(
    () => work(some),
    () => work(more),
    (least, most) => most <= atMost * least,
    costs.patience,
  );
  const growth = `${times} times ${size}: ${(many / few).toFixed(1)} times the cost (${inMs(few)}, ${inMs(many)})`;
  assert.ok(many <= atMost * few, `${growth}, at most ${atMost}`);
}

/** The least of several measurements that alternate, so that neither the machine nor what else it does matters. */
async function leastOf(
  one: () => unknown,
  other: () => unknown,
  holds: (one: number, other: number) => boolean,
  patience = usualPatience,
): Promise<readonly [number, number]> {
  let [first, second] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const started = performance.now();
  const goesOn = (): boolean => !holds(first, second) && performance.now() - started < patience;
  await processorTime(one);
  for (let round = 0; round < rounds || goesOn(); round += 1) {
    first = Math.min(first, await processorTime(one));
    second = Math.min(second, await processorTime(other));
  }
  return [first, second];
}

/** Of one run, in microseconds. */
async function processorTime(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let runs = 1; ; runs += 1) {
    const result = run();
    if (result instanceof Promise) await result;
    const { user, system } = process.cpuUsage(before);
    if (user + system >= shortest) return (user + system) / runs;
  }
}

function inMs(microseconds: number): string {
  return `${(microseconds / 1_000).toFixed(2)} ms`;
}
