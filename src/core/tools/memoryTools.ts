import * as z from 'zod/mini';
import type { Fact } from '../memory/fact';
import { Facts } from '../memory/facts';
import type { LongTermMemory } from '../memory/longTermMemory';
import { quotePassage } from '../memory/quote';
import { quotesRecalled } from '../memory/quotedRecall';
import { writeRecallResult, type RecallResult } from '../memory/recallResult';
import { tellDate } from '../time';
import { forgetTool, listFactsTool, rememberTool } from './factTools';
import { defineTool, type Tool } from './tool';

export { forgetName, listFactsName, rememberName } from './factTools';
export const recallName = 'recall';

export interface MemoryToolsOptions {
  readonly memory: LongTermMemory;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** IANA time zone in which dates are told. */
  readonly timeZone: string;
}

const maxQuoteLength = 400;
const defaultLimit = 8;
const maxLimit = 20;

/** remember, recall, list_facts and forget, over one workspace's memory. */
export function memoryTools(options: MemoryToolsOptions): readonly Tool[] {
  const ofFacts = { facts: new Facts(options), timeZone: options.timeZone };
  return [rememberTool(ofFacts), recallTool(options), listFactsTool(ofFacts), forgetTool(ofFacts)];
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
        memory.recall(query, {
          limit: limit * 2,
          ...(turnId !== undefined && { exceptTurnId: turnId }),
          ...(role && { role }),
        }),
      ]);
      signal.throwIfAborted();
      // A message found by its tool calls alone has nothing to quote.
      const telling = hits.filter(({ text }) => text.trim() !== '' && !quotesRecalled(text));
      const messages = telling.slice(0, limit);
      return writeRecallResult({
        facts: facts.map((fact) => dated(fact, timeZone)),
        messages: messages.map((hit) => ({
          date: tellDate(hit.createdAt, timeZone),
          session: hit.sessionId,
          turn: hit.turnId,
          role: hit.role,
          quote: quotePassage(hit.text, hit.passage, query, maxQuoteLength),
        })),
      });
    },
  });
}

function dated({ id, createdAt, text }: Fact, timeZone: string): RecallResult['facts'][number] {
  return { id, date: tellDate(createdAt, timeZone), text };
}
