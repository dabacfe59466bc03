import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import type { ModelRequest } from '../../src/core/chatModel';
import { requestBudget } from '../../src/core/context/budget';
import type { CompactionSettings } from '../../src/core/memory/compaction';
import type { MemoryPolicy, Selection } from '../../src/core/memory/memoryPolicy';
import { tokenBudget } from '../../src/core/memory/tokenBudget';
import type { Message } from '../../src/core/message';
import { estimatingTokenCounter } from '../../src/core/tokenCounter';
import { faultsOf } from '../../test/support/checkRequest';
import { setUpSessions } from '../../test/support/sessionSetup';
import { lookUpTool, PlannedModel, plannedTurns } from './conversation';

const counter = estimatingTokenCounter();

/** What a window that slides with each turn does: the newest turns that fit, whatever was sent before. */
const sliding: MemoryPolicy = {
  select({ turns, budget, cost }): Selection {
    let spent = 0;
    const first = turns.findLastIndex((turn) => (spent += cost(turn)) > budget) + 1;
    return {
      kept: turns.slice(first),
      demoted: turns.slice(0, first).map((turn) => ({ turn, reason: 'over-budget' })),
    };
  },
};

export interface ConversationFigures {
  readonly name: string;
  readonly requests: number;
  readonly overBudget: number;
  readonly refusedByChecker: number;
  readonly promptTokens: number;
  /** Of the prompt tokens of each turn's first request, the share in a prefix of the turn before's. */
  readonly sharedPrefix: number;
  readonly medianTurnTokens: number;
  readonly summaries: number;
}

export interface ConversationKind {
  readonly name: string;
  readonly maxTokens: number;
  readonly policy: MemoryPolicy;
  readonly compaction: CompactionSettings;
}

const off: CompactionSettings = { automatic: false, threshold: 0.8 };

export const kinds = (maxTokens: number, threshold: number): readonly ConversationKind[] => [
  { name: 'ours', maxTokens, policy: tokenBudget, compaction: { automatic: true, threshold } },
  { name: 'ours, without summaries', maxTokens, policy: tokenBudget, compaction: off },
  { name: 'a window that slides each turn', maxTokens, policy: sliding, compaction: off },
  { name: 'full history', maxTokens: 10_000_000, policy: tokenBudget, compaction: off },
];

/** Holds the conversation through a real session, loop and context builder. */
export async function holdConversation(
  { name, maxTokens, policy, compaction }: ConversationKind,
  { turns: count, seed, window }: { readonly turns: number; readonly seed: number; readonly window: number },
): Promise<ConversationFigures> {
  const turns = plannedTurns(count, seed);
  const model = new PlannedModel(turns);
  const log = new MemoryHistoryLog();
  const settings = { maxTokens, policy, compaction, counter };
  const { sessions } = setUpSessions(model, { log, tools: [lookUpTool], settings });
  const session = await sessions.active();
  for (const { prompt } of turns) {
    const { status, error } = await session.send(prompt);
    if (status !== 'complete') throw new Error(`A turn ended ${status}: ${error?.message ?? ''}`);
    await session.compaction.settled();
  }
  const stored = await log.turns(session.id, { limit: count });
  const sizes = stored.turns.map((turn) => tokensOf(turn.messages)).sort((a, b) => a - b);
  const budget = requestBudget(Math.max(window, maxTokens));
  return {
    name,
    requests: model.requests.length,
    overBudget: model.requests.filter((request) => costOf(request) > budget).length,
    refusedByChecker: model.requests.filter((request) => faultsOf(request).length > 0).length,
    promptTokens: model.openings.reduce((total, request) => total + costOf(request), 0),
    sharedPrefix: sharedPrefix(model.openings),
    medianTurnTokens: sizes[Math.floor(sizes.length / 2)] ?? 0,
    summaries: (await session.requests.summaries()).length,
  };
}

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((total, message) => total + counter.message(message), 0);
}

function costOf({ messages, tools }: ModelRequest): number {
  return tokensOf(messages) + counter.tools(tools);
}

/** As providers cache: tools and messages, byte by byte as they are sent, up to the first difference. */
function sharedPrefix(openings: readonly ModelRequest[]): number {
  let shared = 0;
  let total = 0;
  openings.forEach((request, n) => {
    const before = openings[n - 1];
    total += costOf(request);
    if (!before) return;
    const same = request.messages.findIndex(
      (message, place) => wireOf(message) !== wireOf(before.messages[place]),
    );
    const prefix = same === -1 ? request.messages : request.messages.slice(0, same);
    shared += tokensOf(prefix) + counter.tools(request.tools);
  });
  return shared / total;
}

function wireOf(message: Message | undefined): string {
  if (!message) return '';
  const { role, content, tool_calls: calls, tool_call_id: id } = message;
  return JSON.stringify([role, content, calls, id]);
}
