import type { RecallHit } from '../memory/longTermMemory';
import type { Ranked, RecallMessage } from './rank';

/** What a hit without words calls, which is all that there is to show of it. */
export function calledIn({
  message: { text, extra },
  extraHighlights: highlights,
}: Pick<Ranked<RecallMessage>, 'message' | 'extraHighlights'>): Pick<RecallHit, 'called'> {
  return text.trim() === '' && extra !== '' ? { called: { text: extra, highlights } } : {};
}
