export interface Moment {
  /** ISO 8601 in the time zone, with its offset: `2026-05-12T14:03:09+02:00`. */
  readonly iso: string;
  /** `Tuesday, 12 May 2026, 14:03:09 in Europe/Berlin (UTC+02:00)` */
  readonly words: string;
  /** `12 May 2026` */
  readonly day: string;
  /** `12 May 2026, 14:03` */
  readonly short: string;
}

/** @throws RangeError where the time zone is none, or the date is invalid */
export function describeMoment(date: Date, timeZone: string): Moment {
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const offset = get('timeZoneName').replace('GMT', '') || '+00:00';
  const time = `${get('hour')}:${get('minute')}`;
  const day = `${get('day')} ${get('month')} ${get('year')}`;
  const month = String(monthNumber(date, timeZone)).padStart(2, '0');
  const isoDay = `${get('year')}-${month}-${get('day').padStart(2, '0')}`;
  return {
    iso: `${isoDay}T${time}:${get('second')}${offset}`,
    words: `${get('weekday')}, ${day}, ${time}:${get('second')} in ${timeZone} (UTC${offset})`,
    day,
    short: `${day}, ${time}`,
  };
}

/** Of a stored time. Dates from outside may be anything; an unreadable one is told as it stands. */
export function tellDate(createdAt: string, timeZone: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime()) ? createdAt : describeMoment(date, timeZone).short;
}

function monthNumber(date: Date, timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, month: 'numeric' }).format(date));
}
