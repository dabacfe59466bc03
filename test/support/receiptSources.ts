import type { HistoryLog } from '../../src/core/historyLog';
import { noRecallMarks } from '../../src/core/memory/recallMarks';
import type { ReceiptSources } from '../../src/core/memory/recallReceipt';

/** Of a history without facts and marks. */
export function plainSources(log: HistoryLog): ReceiptSources {
  return { log, memory: { fact: () => Promise.resolve(undefined) }, marks: noRecallMarks };
}
