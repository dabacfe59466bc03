import * as z from 'zod/mini';
import { HistoryError, InputError, ToolError } from '../errors';
import { isQuotingResult, quotedTexts, repeatsQuoted } from '../memory/echo';
import type { FactVersion } from '../memory/fact';
import { maxFactLength, type Facts, type Remembered } from '../memory/facts';
import type { ListedFact } from '../memory/longTermMemory';
import { tellDate } from '../time';
import { defineTool, type Tool, type ToolContext } from './tool';

export const rememberName = 'remember';
export const forgetName = 'forget';
export const listFactsName = 'list_facts';

export interface FactToolsOptions {
  readonly facts: Facts;
  /** IANA time zone in which dates are told. */
  readonly timeZone: string;
}

const maxLimit = 50;
const defaultLimit = 20;
const factId = z.string().check(z.minLength(1), z.maxLength(512));

export function rememberTool({ facts, timeZone }: FactToolsOptions): Tool {
  return defineTool({
    name: rememberName,
    description:
      'Keeps a fact for later conversations. Use it when the user asks to remember something, or tells a lasting ' +
      'fact or preference. Where it takes the place of a fact that no longer holds, give the id of that one as ' +
      'replaces: it is kept as history. Never for what recall or list_facts gave, nor for quotations: these are kept already.',
    schema: z.object({
      text: z
        .string()
        .check(
          z.trim(),
          z.minLength(1),
          z.maxLength(maxFactLength),
          z.describe('One fact, understandable alone.'),
        ),
      replaces: z.optional(factId.check(z.describe('Id of the fact that this one takes the place of.'))),
    }),
    async run({ text, replaces }, context) {
      refuseRepetition(text, context);
      const { sessionId, turnId } = context;
      const source = sessionId === undefined || turnId === undefined ? undefined : { sessionId, turnId };
      const options = { ...(source && { source }), ...(replaces !== undefined && { replaces }) };
      try {
        return rememberedText(await facts.remember(text, options), timeZone);
      } catch (error) {
        throw toolError(error, replaces);
      }
    },
  });
}

/** What was recalled in this turn is stored where it was said: a copy would outlive it, and be recalled twice. */
function refuseRepetition(text: string, { turn, given }: ToolContext): void {
  const messages = turn?.() ?? [];
  const quoted = [...quotedTexts(messages), ...(given?.() ?? [])];
  if (!isQuotingResult(text) && !repeatsQuoted(text, quoted, messages[0]?.content ?? '')) return;
  throw new ToolError({
    reason: 'bad-arguments',
    message:
      'That was recalled in this turn, so it is kept already. Remember only what the user says in this turn.',
  });
}

function rememberedText({ outcome, fact, replaced, similar }: Remembered, timeZone: string): string {
  if (outcome === 'known')
    return `Already remembered, on ${tellDate(fact.createdAt, timeZone)}: ${fact.text}`;
  const instead = replaced ? ` (in place of: ${replaced.text}, kept as history)` : '';
  const near = similar.map(({ id, text }) => `\n- ${id}: ${text}`);
  const hint =
    near.length > 0
      ? `\nFacts about the like; if one no longer holds, remember this again with its id as replaces:${near.join('')}`
      : '';
  return `Remembered: ${fact.text}${instead}${hint}`;
}

export function forgetTool({ facts }: FactToolsOptions): Tool {
  return defineTool({
    name: forgetName,
    description:
      'Deletes one remembered fact with its earlier texts for good, by the id that recall or list_facts gave. Only ' +
      'when the user asks for it. What was said in conversations stays.',
    schema: z.object({ id: factId }),
    async run({ id }) {
      if (await facts.forget(id)) return `Forgotten: ${id}`;
      throw noFact(id);
    },
  });
}

export function listFactsTool({ facts, timeZone }: FactToolsOptions): Tool {
  return defineTool({
    name: listFactsName,
    description:
      'Lists the remembered facts, those first that were told last, as JSON: facts (id, date, text, and the session ' +
      'and turn it was told in) and whether there are more. With an id: that fact, and as history what it said before.',
    schema: z.object({
      limit: z.optional(z.int().check(z.gte(1), z.lte(maxLimit))),
      before: z.optional(factId.check(z.describe('Goes on after the fact with this id.'))),
      id: z.optional(factId.check(z.describe('Only this fact, with its history.'))),
    }),
    async run({ limit = defaultLimit, before, id }) {
      if (id !== undefined) {
        const fact = await facts.fact(id);
        if (!fact) throw noFact(id);
        return JSON.stringify({ facts: [listed(fact, timeZone)], more: false });
      }
      try {
        const page = await facts.list({ limit, ...(before !== undefined && { before }) });
        return JSON.stringify({ facts: page.facts.map((fact) => listed(fact, timeZone)), more: page.more });
      } catch (error) {
        throw toolError(error, before);
      }
    },
  });
}

function listed({ id, history, sourceDeleted, ...version }: ListedFact, timeZone: string): object {
  return {
    id,
    ...told(version, timeZone),
    ...(sourceDeleted && { sourceDeleted }),
    ...(history && { history: history.map((earlier) => told(earlier, timeZone)) }),
  };
}

function told({ text, createdAt, source }: FactVersion, timeZone: string): object {
  return {
    date: tellDate(createdAt, timeZone),
    text,
    ...(source && { session: source.sessionId, turn: source.turnId }),
  };
}

function toolError(error: unknown, id: string | undefined): unknown {
  if (error instanceof InputError) return new ToolError({ reason: 'bad-arguments', message: error.message });
  const isUnknown = error instanceof HistoryError && error.reason === 'not-found' && id !== undefined;
  return isUnknown ? noFact(id) : error;
}

function noFact(id: string): ToolError {
  return new ToolError({
    reason: 'tool-failed',
    message: `There is no remembered fact with the id "${id}".`,
  });
}
