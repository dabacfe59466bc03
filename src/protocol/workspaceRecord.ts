/** A workspace's history as globalState keeps it, bounded: what brings it back where the log is lost. */
import * as z from 'zod/mini';
import { factSchema, sessionShape, time, turnShape } from './export';

export const recordFormat = 1;

const place = z.int().check(z.nonnegative());
const ids = z.array(z.string());

export const workspaceRecordSchema = z.object({
  format: z.literal(recordFormat),
  workspaceId: z.string(),
  /** The log that this was read from, and its sequence then. */
  logId: z.string(),
  sequence: place,
  savedAt: time,
  aliases: ids,
  activeSessionId: z.exactOptional(z.string()),
  /** Ids of what was deleted for good, the last deleted first. */
  tombstones: z.object({ session: ids, turn: ids, fact: ids }),
  /** The most recently updated first. */
  sessions: z.array(z.object({ ...sessionShape, length: place, contextStart: place })),
  /** Newest first. */
  facts: z.array(factSchema),
  /** Ids of pinned turns. */
  pins: ids,
  turns: z.array(z.object({ ...turnShape, sessionId: z.string(), position: place })),
  /** Whether all of the workspace's history is in here. */
  complete: z.boolean(),
  /** SHA-256 of the canonical JSON (RFC 8785) of everything above, in hex. */
  checksum: z.string(),
});

export type WorkspaceRecord = z.infer<typeof workspaceRecordSchema>;
