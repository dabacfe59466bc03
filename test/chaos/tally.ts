import type { MochaResult } from '../host/mochaRun.ts';

/** What a section found: each claim counts once, however often it was checked. */
export class Tally {
  readonly #claims = new Map<string, { checks: number; failures: number }>();
  readonly #failures: string[] = [];
  readonly #quiet: boolean;

  /** @param options `quiet`: failures are expected, and not told */
  constructor({ quiet = false } = {}) {
    this.#quiet = quiet;
  }

  check(claim: string, holds: boolean, detail: () => string): void {
    const known = this.#claims.get(claim) ?? { checks: 0, failures: 0 };
    this.#claims.set(claim, known);
    known.checks += 1;
    if (holds) return;
    known.failures += 1;
    if (known.failures > 5) return;
    const failure = `${claim}: ${detail()}`;
    this.#failures.push(failure);
    if (!this.#quiet) console.error(`  ✘ ${failure}`);
  }

  /** How often the claim did not hold. */
  failuresOf(claim: string): number {
    return this.#claims.get(claim)?.failures ?? 0;
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  /** Prints each claim with how often it was checked. */
  finish(): MochaResult {
    let failed = 0;
    for (const [claim, { checks, failures }] of this.#claims) {
      if (failures > 0) failed += 1;
      const count = failures > 0 ? `${failures} of ${checks} failed` : `${checks} checked`;
      console.log(`  ${failures > 0 ? '✘' : '✔'} ${claim} (${count})`);
    }
    const passed = this.#claims.size - failed;
    return { passed, failed, skipped: 0, failures: this.#failures };
  }
}
