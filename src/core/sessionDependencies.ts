import type { ChatModel, ModelRequest } from './chatModel';
import type { Instruction } from './context/context';
import type { HistoryLog } from './historyLog';
import type { CompactionSettings } from './memory/compaction';
import type { Compactor } from './memory/compactor';
import type { Recaller, RecallSettings } from './memory/recaller';
import type { MemoryPolicy } from './memory/memoryPolicy';
import type { TurnError, Usage } from './message';
import type { Masking } from './secrets/masking';
import type { TokenCounter } from './tokenCounter';
import type { ToolRegistry } from './tools/toolRegistry';

export interface SessionDependencies {
  readonly log: HistoryLog;
  /** What finds the past that fits a prompt; left out where nothing is recalled. */
  readonly recaller?: Recaller;
  /** What of a turn outlives it is without secrets. */
  readonly masking: Masking;
  readonly tools: ToolRegistry;
  /** The model that answers where a prompt names none. */
  readonly model: () => Promise<ChatModel>;
  /** What summarises turns: the model that answers, or the template. */
  readonly compactor: () => Promise<Compactor>;
  readonly settings: () => SessionSettings;
  /** Resolves once what the settings tell of has been read: no request is made before. Never rejects. */
  readonly settingsRead?: () => Promise<void>;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Who runs the turns: one id per extension host. */
  readonly owner: string;
  /** The words for an error that ends a turn. */
  readonly describe: (error: unknown) => TurnError;
  /** Told what each request was reported to cost. */
  readonly onUsage?: (model: ChatModel, request: ModelRequest, usage: Usage) => void;
}

export interface SessionSettings {
  readonly maxTokens: number;
  readonly stepLimit: number;
  readonly instructions: readonly Instruction[];
  /** Which turns a request carries; another object where another is chosen. */
  readonly policy: MemoryPolicy;
  /** Of the model that answers. */
  readonly counter: TokenCounter;
  /** See `Calibration.margin`; 1 where it is left out. */
  readonly margin?: number;
  /** What a whole request costs, in tokens, where that is known better than by its parts. */
  readonly estimate?: (request: ModelRequest) => number;
  readonly compaction: CompactionSettings;
  /** What each prompt recalls; left out where it recalls nothing. */
  readonly recall?: RecallSettings;
  /** The longest prompt that is accepted, in characters. */
  readonly maxPromptLength: number;
}

export interface SendOptions {
  /** Minted by the sender, so that sending twice is one turn. */
  readonly turnId?: string;
  readonly model?: ChatModel;
  readonly signal?: AbortSignal;
  /** Where the session has moved on or is running in another window: waits and goes on, rather than refusing. */
  readonly wait?: boolean;
  /** What `inspect` returned: its very bytes are the first request. Refused as `stale` where the session has moved on. */
  readonly contextId?: string;
}
