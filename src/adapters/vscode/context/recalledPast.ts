import type { SentItem } from '../../../core/context/sentContext';
import type { Fact } from '../../../core/memory/fact';
import type { HistoryLog } from '../../../core/historyLog';
import { messageIn } from '../../../core/memory/recallMarks';
import type { RecalledSource } from '../../../core/memory/recalled';

export interface RecalledReading {
  readonly log: Pick<HistoryLog, 'turn'>;
  /** Undefined where it is not there any more. */
  readonly fact: (factId: string) => Promise<Fact | undefined>;
}

/** What a request recalled, as it is stored now. */
export interface RecalledNow {
  readonly text: string;
  /** The fact says something else by now. */
  readonly isEdited: boolean;
}

/** Of each that is still there. */
export async function recalledNow(
  items: readonly SentItem[],
  { log, fact }: RecalledReading,
): Promise<ReadonlyMap<RecalledSource, RecalledNow>> {
  const sources = items.flatMap(({ recalled }) => recalled ?? []);
  const found = await Promise.all(
    sources.map(async (source) => [source, await textOf(source, log, fact).catch(() => undefined)] as const),
  );
  return new Map(found.flatMap(([source, text]) => (text ? [[source, text] as const] : [])));
}

async function textOf(
  source: RecalledSource,
  log: RecalledReading['log'],
  fact: RecalledReading['fact'],
): Promise<RecalledNow | undefined> {
  if ('factId' in source) {
    const stored = await fact(source.factId);
    return stored && { text: stored.text, isEdited: stored.createdAt !== source.createdAt };
  }
  const turn = await log.turn(source.turnId);
  const message = turn && messageIn(turn, source.messageId);
  const { start, end } = source.passage;
  return message && { text: message.content.slice(start, end), isEdited: false };
}
