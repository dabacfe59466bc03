import type { HistoryLog, StoredTurn } from './historyLog';

const pageSize = 50;

/**
 * The newest turns of a session, as many as a request could carry, kept between prompts: building a request reads no
 * more of the log than its window, however long the session is.
 */
export class SessionWindow {
  readonly #sessionId: string;
  readonly #log: HistoryLog;
  readonly #cost: (turn: StoredTurn) => number;
  #turns: readonly StoredTurn[] | undefined;
  #budget = 0;

  constructor(sessionId: string, log: HistoryLog, cost: (turn: StoredTurn) => number) {
    this.#sessionId = sessionId;
    this.#log = log;
    this.#cost = cost;
  }

  /** Ended turns, oldest first, reaching back until they cost `budget` tokens together. */
  async read(budget: number): Promise<readonly StoredTurn[]> {
    if (!this.#turns || budget > this.#budget) this.#turns = await this.#load(budget);
    this.#budget = budget;
    return this.#turns;
  }

  /** Appends a turn that has just ended, letting go of what no request can reach any more. */
  add(turn: StoredTurn, budget: number): void {
    if (!this.#turns) return;
    const turns = [...this.#turns, turn];
    // Twice the budget before letting go, so that it is rare.
    if (this.#sum(turns) > 2 * budget + this.#cost(turn)) {
      let kept = 0;
      let from = turns.length;
      while (from > 0 && kept <= budget) kept += this.#cost(turns[(from -= 1)] ?? turn);
      this.#turns = turns.slice(from);
    } else this.#turns = turns;
  }

  forget(): void {
    this.#turns = undefined;
  }

  async #load(budget: number): Promise<readonly StoredTurn[]> {
    let turns: readonly StoredTurn[] = [];
    for (let more = true; more && this.#sum(turns) <= budget;) {
      const before = turns[0]?.position;
      const page = await this.#log.turns(this.#sessionId, {
        limit: pageSize,
        ...(before !== undefined && { before }),
      });
      turns = [...page.turns, ...turns];
      more = page.more && page.turns.length > 0;
    }
    return turns.filter((turn) => turn.status !== 'running');
  }

  #sum(turns: readonly StoredTurn[]): number {
    return turns.reduce((total, turn) => total + this.#cost(turn), 0);
  }
}
