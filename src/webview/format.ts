import type { ViewTurn } from '../protocol/chat';
import { usageWords } from '../protocol/usage';

const count = new Intl.NumberFormat();

export const formatCount = (value: number): string => count.format(value);

/** The time of day, with the date where it is not today's. Empty for what is no date. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const today = date.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = today
    ? {}
    : {
        month: 'short',
        day: 'numeric',
        ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
      };
  return new Intl.DateTimeFormat(undefined, { ...day, hour: 'numeric', minute: '2-digit' }).format(date);
}

/** As `formatTime`, with the day named today, too. */
export function formatDayAndTime(iso: string, now: Date = new Date()): string {
  const time = formatTime(iso, now);
  return time !== '' && new Date(iso).toDateString() === now.toDateString() ? `today ${time}` : time;
}

/** The time of day today, else the date alone. Empty for what is no date. */
export function formatDay(iso: string, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  if (date.toDateString() === now.toDateString()) return formatTime(iso, now);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', ...year }).format(date);
}

export function formatFullTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' }).format(date);
}

/** Tokens that went in and came out, those read from the provider's cache told apart. */
export function formatUsage(usage: NonNullable<ViewTurn['usage']>): {
  readonly short: string;
  readonly full: string;
} {
  const { prompt_tokens: sent, completion_tokens: written, cached_tokens: cached = 0 } = usage;
  const of = cached > 0 ? `, ${formatCount(cached)} of them cached` : '';
  return {
    short: usageWords(usage),
    full: `Tokens: ${formatCount(sent)} sent${of}; ${formatCount(written)} written`,
  };
}
