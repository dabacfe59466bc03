import type { HistoryLog } from '../../../core/historyLog';
import type { Summary } from '../../../core/memory/summary';
import { promptLine } from '../promptLine';
import { countOf } from '../commands/countWords';

/** Of what a summary tells: how its first turn begins, and when that was. */
export interface SummaryLabel {
  readonly prompt: string;
  readonly createdAt: string;
}

/** So many of the newest are told by their first turn. */
const mostRead = 50;

/** Tells summaries apart by the turns that they cover. Of each no more than its first turn is read, and once. */
export class SummaryLabels {
  readonly #log: () => Promise<Pick<HistoryLog, 'turn'>>;
  readonly #known = new Map<string, SummaryLabel>();

  constructor(log: () => Promise<Pick<HistoryLog, 'turn'>>) {
    this.#log = log;
  }

  /** By summary id; none of those whose turn cannot be read. */
  async of(summaries: readonly Summary[]): Promise<ReadonlyMap<string, SummaryLabel>> {
    const log = await this.#log();
    const unknown = summaries.filter(({ id }) => !this.#known.has(id)).slice(-mostRead);
    await Promise.all(
      unknown.map(async ({ id, turnIds: [first = ''] }) => {
        const turn = await log.turn(first).catch(() => undefined);
        if (turn) this.#known.set(id, { prompt: promptLine(turn), createdAt: turn.createdAt });
      }),
    );
    return new Map(
      summaries.flatMap(({ id }) => {
        const label = this.#known.get(id);
        return label ? [[id, label] as const] : [];
      }),
    );
  }
}

export function summaryTitle(turns: number, label: SummaryLabel | undefined): string {
  if (!label) return `Summary of ${countOf(turns, 'turn')}`;
  return turns === 1
    ? `Summary of “${label.prompt}”`
    : `Summary of ${countOf(turns, 'turn')}, from “${label.prompt}” on`;
}
