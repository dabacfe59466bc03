import type { HistoryCounts } from '../../../core/historyLog';

/** Such as "1 turn" or "1,204 turns". */
export function countOf(count: number, thing: string, things = `${thing}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? thing : things}`;
}

/** Such as "2 sessions with 14 turns, and 1 remembered fact". */
export function historyWords({ sessions, turns, facts }: Omit<HistoryCounts, 'messages'>): string {
  const parts = [
    ...(sessions > 0 || turns > 0 ? [`${countOf(sessions, 'session')} with ${countOf(turns, 'turn')}`] : []),
    ...(facts > 0 ? [countOf(facts, 'remembered fact')] : []),
  ];
  return parts.join(', and ') || 'nothing';
}
