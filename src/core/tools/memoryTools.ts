import * as z from 'zod/mini';
import type { Fact } from '../historyLog';
import type { LongTermMemory } from '../memory/longTermMemory';
import { quotePassage } from '../memory/quote';
import { quotesRecalled } from '../memory/quotedRecall';
import { isRecallResult, writeRecallResult, type RecallResult } from '../memory/recallResult';
import { describeMoment } from '../time';
import { ToolError } from '../errors';
import { defineTool, type Tool } from './tool';

export const rememberName = 'remember';
export const recallName = 'recall';
export const forgetName = 'forget';

export interface MemoryToolsOptions {
  readonly memory: LongTermMemory;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** IANA time zone in which dates are told. */
  readonly timeZone: string;
}

const maxFactLength = 2000;
const maxQuoteLength = 400;
const defaultLimit = 8;
const maxLimit = 20;

/** remember, recall and forget, over one workspace's memory. */
export function memoryTools(options: MemoryToolsOptions): readonly Tool[] {
  return [rememberTool(options), recallTool(options), forgetTool(options)];
}

function rememberTool({ memory, clock, newId, timeZone }: MemoryToolsOptions): Tool {
  return defineTool({
    name: rememberName,
    description:
      'Keeps a fact for later conversations. Use it when the user asks to remember something, or tells a lasting ' +
      'fact or preference. Not for what recall has given: that is already kept.',
    schema: z.object({
      text: z
        .string()
        .check(
          z.trim(),
          z.minLength(1),
          z.maxLength(maxFactLength),
          z.describe('One fact, understandable alone.'),
        ),
    }),
    async run({ text }, { sessionId, turnId }) {
      if (isRecallResult(text) || quotesRecalled(text)) {
        throw new ToolError({
          reason: 'bad-arguments',
          message: 'That is what recall gave: it is already kept.',
        });
      }
      const known = (await memory.recallFacts(text, maxLimit)).find((fact) => sameText(fact.text, text));
      if (known) return `Already remembered, on ${when(known.createdAt, timeZone)}: ${known.text}`;
      await memory.remember({
        id: newId(),
        text,
        createdAt: clock().toISOString(),
        source: { sessionId, turnId },
      });
      return `Remembered: ${text}`;
    },
  });
}

function recallTool({ memory, timeZone }: MemoryToolsOptions): Tool {
  return defineTool({
    name: recallName,
    description:
      'Searches all earlier conversations of this workspace and the remembered facts. Returns JSON: facts (id, date, ' +
      'text) and messages (date, session, turn, role, quote), best first. Empty lists mean that nothing was found: ' +
      'try other words.',
    schema: z.object({
      query: z.optional(
        z.string().check(z.maxLength(1000), z.describe('Words to look for. Without them: the newest facts.')),
      ),
      limit: z.optional(z.int().check(z.gte(1), z.lte(maxLimit))),
      role: z.optional(
        z.enum(['user', 'assistant']).check(z.describe('Only what the user, or the assistant, said.')),
      ),
    }),
    async run({ query, limit = defaultLimit, role }, { turnId, signal }) {
      if (query === undefined || query.trim() === '') {
        const newest = await memory.facts({ limit });
        return writeRecallResult({ facts: newest.facts.map((fact) => dated(fact, timeZone)), messages: [] });
      }
      const [facts, hits] = await Promise.all([
        memory.recallFacts(query, limit),
        memory.recall(query, { limit: limit * 2, exceptTurnId: turnId, ...(role && { role }) }),
      ]);
      signal.throwIfAborted();
      // A message found by its tool calls alone has nothing to quote.
      const telling = hits.filter(
        ({ text }) => text.trim() !== '' && !isRecallResult(text) && !quotesRecalled(text),
      );
      const messages = telling.slice(0, limit);
      return writeRecallResult({
        facts: facts.map((fact) => dated(fact, timeZone)),
        messages: messages.map((hit) => ({
          date: when(hit.createdAt, timeZone),
          session: hit.sessionId,
          turn: hit.turnId,
          role: hit.role,
          quote: quotePassage(hit.text, hit.passage, query, maxQuoteLength),
        })),
      });
    },
  });
}

function forgetTool({ memory }: MemoryToolsOptions): Tool {
  return defineTool({
    name: forgetName,
    description:
      'Deletes one remembered fact for good, by the id that recall gave. Only when the user asks for it. What was ' +
      'said in conversations stays.',
    schema: z.object({ id: z.string().check(z.minLength(1), z.maxLength(512)) }),
    async run({ id }) {
      if (await memory.forget(id)) return `Forgotten: ${id}`;
      throw new ToolError({
        reason: 'tool-failed',
        message: `There is no remembered fact with the id "${id}".`,
      });
    },
  });
}

function dated({ id, createdAt, text }: Fact, timeZone: string): RecallResult['facts'][number] {
  return { id, date: when(createdAt, timeZone), text };
}

/** Dates from outside may be anything; an unreadable one is told as it stands. */
function when(createdAt: string, timeZone: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime()) ? createdAt : describeMoment(date, timeZone).short;
}

function sameText(one: string, other: string): boolean {
  return normalize(one) === normalize(other);
}

function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!\s]+$/, '');
}
