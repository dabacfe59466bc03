import type { HistoryLog } from '../../../core/historyLog';
import type { Summary } from '../../../core/memory/summary';
import { promptLine } from '../promptLine';
import { countOf } from '../commands/countWords';

/** How a turn begins, and when that was. */
export interface TurnStart {
  readonly prompt: string;
  readonly createdAt: string;
}

/** Of what a summary tells: its first turn, and its last, where that is another and was asked for. */
export interface SummaryLabel extends TurnStart {
  readonly last?: TurnStart;
}

export interface LabelOptions {
  /** So many of the newest are told by their turns. */
  readonly most?: number;
  /** By the first and the last, rather than by the first alone. */
  readonly both?: boolean;
}

const mostRead = 50;

/** Tells summaries apart by the turns that they cover. Of each no more than its first and last turn is read, and once. */
export class SummaryLabels {
  readonly #log: () => Promise<Pick<HistoryLog, 'turn'>>;
  readonly #starts = new Map<string, TurnStart>();

  constructor(log: () => Promise<Pick<HistoryLog, 'turn'>>) {
    this.#log = log;
  }

  /** By summary id; none of those whose turn cannot be read. */
  async of(
    summaries: readonly Summary[],
    { most = mostRead, both = false }: LabelOptions = {},
  ): Promise<ReadonlyMap<string, SummaryLabel>> {
    const endsOf = ({ turnIds }: Summary): readonly (string | undefined)[] =>
      both ? [turnIds[0], turnIds.at(-1)] : [turnIds[0]];
    const isUnknown = (id: string | undefined): id is string => id !== undefined && !this.#starts.has(id);
    const unread = summaries.filter((summary) => endsOf(summary).some(isUnknown)).slice(-most);
    const ids = new Set(unread.flatMap(endsOf).filter(isUnknown));
    const log = await this.#log();
    await Promise.all([...ids].map((id) => this.#read(log, id)));
    return new Map(
      summaries.flatMap(({ id, turnIds }) => {
        const first = this.#starts.get(turnIds[0] ?? '');
        const last = turnIds.length > 1 ? this.#starts.get(turnIds.at(-1) ?? '') : undefined;
        return first ? [[id, { ...first, ...(last && { last }) }] as const] : [];
      }),
    );
  }

  async #read(log: Pick<HistoryLog, 'turn'>, id: string): Promise<void> {
    const turn = await log.turn(id).catch(() => undefined);
    if (turn) this.#starts.set(id, { prompt: promptLine(turn), createdAt: turn.createdAt });
  }
}

export function summaryTitle(turns: number, label: SummaryLabel | undefined): string {
  if (!label) return `Summary of ${countOf(turns, 'turn')}`;
  return turns === 1
    ? `Summary of “${label.prompt}”`
    : `Summary of ${countOf(turns, 'turn')}, from “${label.prompt}” on`;
}
