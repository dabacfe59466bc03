import { writeSync } from 'node:fs';
import type { KillOrder, Phase, VictimEvent } from './protocol';

/** Says it at once: what was said before a kill is heard after it. */
export function say(event: VictimEvent): void {
  const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The driver is slower than we are.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

/** Announces phases, and ends the process in the one it was told to. */
export class Phases {
  readonly #kill: KillOrder | undefined;
  #begun = 0;

  constructor(kill: KillOrder | undefined) {
    this.#kill = kill;
  }

  /** Runs `work` as the phase. The kill comes while it is under way. */
  async during<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    this.begin(phase);
    try {
      const result = work();
      this.#due(phase);
      return await result;
    } finally {
      this.end(phase);
    }
  }

  begin(phase: Phase): void {
    say({ type: 'phase', phase, state: 'begin' });
  }

  end(phase: Phase): void {
    say({ type: 'phase', phase, state: 'end' });
  }

  /** A moment without length. */
  at(phase: Phase): void {
    this.begin(phase);
    this.#due(phase);
  }

  #due(phase: Phase): void {
    const kill = this.#kill;
    if (kill?.phase !== phase) return;
    this.#begun += 1;
    if (this.#begun !== kill.nth) return;
    // Waits turning where the phase lasts a few milliseconds: the worker goes on meanwhile, as it would.
    if (kill.delayMs > 20) setTimeout(die, kill.delayMs);
    else {
      const until = performance.now() + kill.delayMs;
      while (performance.now() < until);
      die();
    }
  }
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
