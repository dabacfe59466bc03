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

export interface Limit {
  readonly what: string;
  readonly value: number;
  readonly most: number;
  readonly unit: string;
}

/** @returns how many limits do not hold */
export function printLimits(limits: readonly Limit[]): number {
  const kept = limits.filter(({ value, most }) => value <= most).length;
  console.log(`\n${'limit'.padEnd(72)}${'measured'.padStart(10)}${'at most'.padStart(10)}`);
  for (const { what, value, most, unit } of limits) {
    const verdict = value <= most ? 'pass' : 'FAIL';
    console.log(
      `${what.padEnd(72)}${`${value.toFixed(2)} ${unit}`.padStart(10)}${`${most} ${unit}`.padStart(10)}  ${verdict}`,
    );
  }
  console.log(`\n${kept} passed, ${limits.length - kept} failed`);
  return limits.length - kept;
}
