/** Measured values by name, in the order in which they came. */
export class Figures {
  readonly #series = new Map<string, number[]>();

  add(name: string, value: number): void {
    const series = this.#series.get(name);
    if (series) series.push(value);
    else this.#series.set(name, [value]);
  }

  async timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.add(name, performance.now() - start);
    return result;
  }

  p50(name: string): number {
    return this.#at(name, 0.5);
  }

  p95(name: string): number {
    return this.#at(name, 0.95);
  }

  get names(): readonly string[] {
    return [...this.#series.keys()];
  }

  #at(name: string, share: number): number {
    const sorted = [...(this.#series.get(name) ?? [])].sort((a, b) => a - b);
    return sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  }
}

interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** What a measured value must be at most, or at least. */
export type Limit = Measured & ({ readonly most: number } | { readonly least: number });

/** @returns how many limits do not hold */
export function printLimits(limits: readonly Limit[]): number {
  const isKept = (limit: Limit): boolean =>
    'most' in limit ? limit.value <= limit.most : limit.value >= limit.least;
  const kept = limits.filter(isKept).length;
  console.log(`\n${'limit'.padEnd(72)}${'measured'.padStart(10)}${'limit'.padStart(18)}`);
  for (const limit of limits) {
    const { what, value, unit } = limit;
    const bound = 'most' in limit ? `at most ${limit.most} ${unit}` : `at least ${limit.least} ${unit}`;
    console.log(
      `${what.padEnd(72)}${`${value.toFixed(unit === '' ? 3 : 2)} ${unit}`.padStart(10)}${bound.padStart(18)}  ${isKept(limit) ? 'pass' : 'FAIL'}`,
    );
  }
  console.log(`\n${kept} passed, ${limits.length - kept} failed`);
  return limits.length - kept;
}
