/**
 * The export file, `*.throughline.json`: the contract with users' scripts. docs/formats holds the same as a JSON Schema
 * (a test keeps them alike) and says what may change. Within a version fields are only ever added.
 */
import * as z from 'zod/mini';
import { maxIdLength } from './ids';

export const exportFormat = 'throughline-history';
export const exportVersion = 1;

const text = z.string();
export const time = z.iso.datetime({ offset: true });
const count = z.int().check(z.nonnegative());
const id = z.string().check(
  z.minLength(1),
  z.maxLength(maxIdLength),
  // eslint-disable-next-line no-control-regex -- NUL is what is to be kept out: some Nodes cut text at it
  z.regex(/^[^\u0000]*$/),
  z.describe('Unique among its kind within a workspace.'),
);

const origin = z.object({ sessionId: id, turnId: id });

const toolCall = z.object({
  id: text,
  type: z.literal('function'),
  function: z.object({
    name: text,
    arguments: text.check(
      z.describe('The JSON text exactly as the model wrote it; it may be no JSON at all.'),
    ),
  }),
});

const message = z.object({
  id: z.exactOptional(id),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: text,
  name: z.exactOptional(text),
  tool_calls: z.exactOptional(z.array(toolCall)),
  tool_call_id: z.exactOptional(
    text.check(z.describe('Of a tool message: the call of this turn that it answers.')),
  ),
  createdAt: z.exactOptional(time),
});

export const turnShape = {
  id,
  createdAt: time,
  status: z
    .enum(['running', 'complete', 'stopped', 'failed'])
    .check(z.describe('A running turn is imported as stopped.')),
  model: z.exactOptional(text),
  usage: z.exactOptional(
    z.object({ prompt_tokens: count, completion_tokens: count, cached_tokens: z.exactOptional(count) }),
  ),
  pinned: z.exactOptional(z.boolean().check(z.describe('Every request carries this turn.'))),
  error: z.exactOptional(
    z
      .object({ reason: text, message: text })
      .check(z.describe('Why the turn failed: a reason to match on, and the sentence the user was shown.')),
  ),
  messages: z
    .array(message)
    .check(
      z.describe('The prompt first. Results of tool calls follow their call; a call without one gets one.'),
    ),
};

export const sessionShape = {
  id,
  title: text,
  createdAt: time,
  updatedAt: time,
  forkedFrom: z.exactOptional(origin),
};

const summary = z.object({
  id,
  createdAt: time,
  text,
  by: text.check(z.describe('The id of the model that wrote it; "template": made without one.')),
  turnIds: z
    .array(id)
    .check(z.minLength(1), z.describe('The turns of this session that it covers, oldest first.')),
  state: z
    .enum(['active', 'undone'])
    .check(z.describe('Active: requests carry it in place of its turns, once these no longer fit.')),
  edited: z.exactOptional(z.boolean().check(z.describe('Whether the user has changed the text.'))),
  replaces: z.exactOptional(
    z.array(id).check(z.describe('Of one that was made for the turns of several: their ids.')),
  ),
});

const factVersion = {
  text,
  createdAt: time.check(z.describe('Since when the fact says this.')),
  source: z.exactOptional(
    origin.check(z.describe('The turn that it was remembered in; left out where it was by hand.')),
  ),
};

export const factSchema = z.object({
  id,
  ...factVersion,
  history: z.exactOptional(
    z.array(z.object(factVersion)).check(z.describe('What it said before, the newest first.')),
  ),
});

export const exportSchema = z.object({
  format: z.literal(exportFormat),
  version: z.literal(exportVersion),
  exportedAt: time,
  generator: text.check(z.describe('The program that wrote the file.')),
  workspace: z.object({ id: text, name: text }),
  sessions: z.array(
    z.object({
      ...sessionShape,
      turns: z.array(z.object(turnShape)).check(z.describe('Oldest first.')),
      summaries: z.exactOptional(
        z.array(summary).check(z.describe('What requests carry in place of turns, where there is any.')),
      ),
    }),
  ),
  memories: z.array(factSchema).check(z.describe('Facts that the user or the model asked to keep.')),
  checksum: z.exactOptional(
    z
      .string()
      .check(
        z.regex(/^sha256:[0-9a-f]{64}$/),
        z.describe(
          'SHA-256 of the canonical JSON (RFC 8785) of everything else. A file without one is accepted; remove it after editing by hand.',
        ),
      ),
  ),
});

export type ExportFile = z.infer<typeof exportSchema>;
