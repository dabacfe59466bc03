import type { ModelRequest, ToolDefinition } from '../chatModel';
import type { StoredTurn } from '../historyLog';
import type { DemotionReason, MemoryPolicy } from '../memory/memoryPolicy';
import type { Recalled } from '../memory/recalled';
import type { Summary } from '../memory/summary';
import type { Message } from '../message';
import type { TokenCounter } from '../tokenCounter';
import type { RecallInput } from './recalledItems';

/** Where an item of a request comes from. */
export type ContextSource =
  'instructions' | 'environment' | 'tools' | 'summary' | 'pin' | 'window' | 'recalled' | 'prompt';

/** One thing that the next request carries, or leaves out, and why. */
export interface ContextItem {
  readonly source: ContextSource;
  readonly turnId?: string;
  readonly summaryId?: string;
  /** Of a summary: whether it is sent, and if not, why. */
  readonly summaryPart?: 'sent' | 'ready' | 'replaced' | 'left-out';
  /** Of what is recalled. */
  readonly recalled?: Recalled;
  readonly tokens: number;
  readonly included: boolean;
  /** A sentence for the user. */
  readonly reason: string;
  /** Why a policy, or the user, left the turn out: a reason to match on. */
  readonly leftOut?: DemotionReason;
  /** As they are sent; cut ones among them end in a mark. Empty for tools, and for turns that were not read. */
  readonly messages: readonly Message[];
  /** How many turns it stands for, where that is more than one. */
  readonly turns?: number;
  /** How many of its messages are sent cut. */
  readonly cut?: number;
}

/** Exactly what the next request sends, item by item. Tokens are estimates. */
export interface Context {
  readonly items: readonly ContextItem[];
  readonly request: ModelRequest;
  readonly tokens: number;
  readonly maxTokens: number;
  /** Of `maxTokens`, what is kept free for the answer. */
  readonly reserve: number;
  /** What the request may cost, as estimated: less than the rest by how far estimates may be off. */
  readonly budget: number;
  /** Of the budget, what recall may take where a prompt recalls: the window then has so much less. */
  readonly recallLimit?: number;
  /** Position of the first turn in the window, which the next request begins with too if it can. */
  readonly start?: number;
}

/** A text of the system message. */
export interface Instruction {
  /** Of the user's making, or a fact about where the conversation takes place. */
  readonly source: 'instructions' | 'environment';
  readonly text: string;
  readonly reason: string;
}

export interface ContextInput {
  readonly counter: TokenCounter;
  readonly policy: MemoryPolicy;
  /** Sent as one system message, in this order. */
  readonly instructions: readonly Instruction[];
  readonly tools: readonly ToolDefinition[];
  /** Ended turns of the session, oldest first: at least all that could fit. */
  readonly turns: readonly StoredTurn[];
  /** Turns of the session before these, which were not read as they cannot fit. */
  readonly unread?: number;
  /** Pinned turns before these. */
  readonly pins?: readonly StoredTurn[];
  /** All of the session's, whatever their state, in the order of the turns that they cover. */
  readonly summaries?: readonly Summary[];
  /** Turns before this position are trimmed, but for those at `contextKept`. */
  readonly contextStart: number;
  readonly contextKept?: readonly number[] | undefined;
  readonly recall?: RecallInput | undefined;
  /** See PolicyInput. */
  readonly start?: number | undefined;
  readonly wide?: boolean;
  /** The running turn: the prompt, and what it has led to so far. Empty before anything is typed. */
  readonly current: readonly Message[];
  readonly maxTokens: number;
  /** A budget divided by it holds though estimates are too low: 1 where they are exact. */
  readonly margin?: number;
}
