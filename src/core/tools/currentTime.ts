import * as z from 'zod/mini';
import { ToolError } from '../errors';
import { describeMoment } from '../time';
import { defineTool, type Tool } from './tool';

export const currentTimeName = 'current_time';

export interface CurrentTimeOptions {
  readonly clock: () => Date;
  /** The user's IANA time zone, for example `Europe/Berlin`. */
  readonly timeZone: string;
}

/** The result has two lines: ISO 8601 with offset, and the same in words with the time zone. */
export function currentTimeTool({ clock, timeZone }: CurrentTimeOptions): Tool {
  return defineTool({
    name: currentTimeName,
    description: `The current date, time and time zone. Without a timeZone: the user's own, ${timeZone}.`,
    schema: z.object({
      timeZone: z.optional(
        z.string().check(z.maxLength(100), z.describe('IANA time zone, for example "Asia/Tokyo".')),
      ),
    }),
    run(args) {
      const zone =
        args.timeZone === undefined || args.timeZone.trim() === '' ? timeZone : args.timeZone.trim();
      try {
        const { iso, words } = describeMoment(clock(), zone);
        return `${iso}\n${words}`;
      } catch (cause) {
        const message = `"${zone}" is not an IANA time zone. Examples: Europe/Berlin, America/New_York, Asia/Tokyo, UTC.`;
        throw new ToolError({ reason: 'bad-arguments', message, cause });
      }
    },
  });
}
