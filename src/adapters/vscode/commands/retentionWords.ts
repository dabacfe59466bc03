import type { RetentionLimits, RetentionReport } from '../../../core/retention';
import { countOf } from './countWords';

/** Such as "older than 30 days, or beyond 100 MB". */
export function limitWords({ days = 0, megabytes = 0 }: RetentionLimits): string {
  const parts = [
    ...(days > 0 ? [`older than ${countOf(days, 'day')}`] : []),
    ...(megabytes > 0 ? [`beyond ${megabytes} MB in all`] : []),
  ];
  return parts.join(', or ') || 'no limit';
}

/** Such as "214 turns and 12 sessions, from 3 Jan 2026 to 2 Mar 2026, about 4.2 MB". */
export function retentionWords({ turns, sessions, bytes, oldest, newest }: RetentionReport): string {
  const what = [countOf(turns, 'turn'), ...(sessions > 0 ? [countOf(sessions, 'session')] : [])].join(
    ' and ',
  );
  const from = oldest === undefined ? '' : dateOf(oldest);
  const to = newest === undefined ? '' : dateOf(newest);
  const when = from === to ? `of ${from}` : `from ${from} to ${to}`;
  return turns === 0 ? 'no turns' : `${what}, ${when}, about ${sizeOf(bytes)}`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function dateOf(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
}
