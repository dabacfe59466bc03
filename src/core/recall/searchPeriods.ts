/** ISO 8601, UTC; `to` is exclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const unitDays: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };
/** Longer ago than any history. */
const mostDays = 36_500;

/**
 * A period as people write it: `2026`, `2026-01`, `2026-01-31`, `today`, `yesterday`; `7d`, `2w`, `3m` and `1y` are so many
 * days, weeks, months or years back, until now. In the local time zone. Undefined for what is none.
 */
export function readPeriod(text: string, now: Date): Period | undefined {
  const today = [now.getFullYear(), now.getMonth(), now.getDate()] as const;
  const [y, m, d] = today;
  if (text === 'today') return period(new Date(y, m, d), new Date(y, m, d + 1));
  if (text === 'yesterday') return period(new Date(y, m, d - 1), new Date(y, m, d));
  const back = /^(\d{1,5})([dwmy])$/.exec(text);
  if (back) {
    const days = Number(back[1]) * (unitDays[back[2] ?? ''] ?? 1);
    return days > mostDays ? undefined : period(new Date(y, m, d - days), new Date(y, m, d + 1));
  }
  const date = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
  return date ? periodOf(date.slice(1).map((part) => part && Number(part))) : undefined;
}

function periodOf([year = 0, month, day]: readonly (number | string | undefined)[]): Period | undefined {
  const [y, m] = [Number(year), Number(month ?? 1) - 1];
  if (y < 1970 || m < 0 || m > 11) return undefined;
  if (month === undefined) return period(new Date(y, 0, 1), new Date(y + 1, 0, 1));
  if (day === undefined) return period(new Date(y, m, 1), new Date(y, m + 1, 1));
  const from = new Date(y, m, Number(day));
  const isDay = from.getMonth() === m && from.getDate() === Number(day);
  return isDay ? period(from, new Date(y, m, Number(day) + 1)) : undefined;
}

function period(from: Date, to: Date): Period {
  return { from: from.toISOString(), to: to.toISOString() };
}
