/**
 * The export file, `*.throughline.json`: the contract with users' scripts, described in docs/formats. Within a version
 * fields are only ever added, so a field that is not known is left out and told, never an error.
 */
import * as z from 'zod/mini';

export const exportFormat = 'throughline-history';
export const exportVersion = 1;

const text = z.string();
/** Any text of 1 to 512 characters without NUL. */
const id = z.string().check(z.minLength(1), z.maxLength(512), z.regex(/^[^\0]*$/));
export const time = z.iso.datetime({ offset: true });
const count = z.int().check(z.nonnegative());

const origin = z.object({ sessionId: id, turnId: id });

const toolCall = z.object({
  id: text,
  type: z.literal('function'),
  function: z.object({ name: text, arguments: text }),
});

const message = z.object({
  id: z.exactOptional(id),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: text,
  name: z.exactOptional(text),
  tool_calls: z.exactOptional(z.array(toolCall)),
  tool_call_id: z.exactOptional(text),
  createdAt: z.exactOptional(time),
});

/** As in an export and in a workspace record. */
export const turnShape = {
  id,
  createdAt: time,
  status: z.enum(['running', 'complete', 'stopped', 'failed']),
  model: z.exactOptional(text),
  usage: z.exactOptional(
    z.object({ prompt_tokens: count, completion_tokens: count, cached_tokens: z.exactOptional(count) }),
  ),
  pinned: z.exactOptional(z.boolean()),
  error: z.exactOptional(z.object({ reason: text, message: text })),
  messages: z.array(message),
};

export const sessionShape = {
  id,
  title: text,
  createdAt: time,
  updatedAt: time,
  forkedFrom: z.exactOptional(origin),
};

export const factSchema = z.object({ id, text, createdAt: time, source: z.exactOptional(origin) });

export const exportSchema = z.object({
  format: z.literal(exportFormat),
  version: z.literal(exportVersion),
  exportedAt: time,
  generator: text,
  workspace: z.object({ id: text, name: text }),
  sessions: z.array(z.object({ ...sessionShape, turns: z.array(z.object(turnShape)) })),
  memories: z.array(factSchema),
  checksum: z.exactOptional(z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/))),
});

export type ExportFile = z.infer<typeof exportSchema>;
