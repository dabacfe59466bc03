import type { HistoryCounts, HistoryDump } from '../../core/historyLog';

export function countsOf({ sessions, facts }: HistoryDump): HistoryCounts {
  const turns = sessions.flatMap((session) => session.turns);
  const messages = turns.reduce((sum, turn) => sum + turn.messages.length, 0);
  return { sessions: sessions.length, turns: turns.length, messages, facts: facts.length };
}
