import type { Message, ToolCall, Usage } from './message';

/** What the model is told of a tool. `parameters` is a JSON Schema of type object. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
}

export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'other';

/**
 * A stream is any number of deltas and calls and then exactly one `finish`, its last part.
 * A tool call is given whole, once its arguments have all arrived.
 */
export type ModelPart =
  | { readonly type: 'text-delta'; readonly text: string }
  /** What a reasoning model thinks aloud: shown while it runs, never stored, never sent back later. */
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly usage?: Usage;
      /** The model's name as the server reports it. */
      readonly model?: string;
    };

/** More tool calls in one answer are a runaway's. */
export const maxCallsInAnswer = 500;

/** Port to a language model. Adapters: OpenAI-compatible, VS Code's language models, built in. */
export interface ChatModel {
  /** Stored with the turn, for example `gpt-4.1-mini`. */
  readonly id: string;
  /** Shown to the user. */
  readonly label: string;
  /** The most tokens that a prompt may have, where the provider tells. */
  readonly maxInputTokens?: number;
  /**
   * Streams one answer. Rejects with ModelError (never a provider's own error); with an AbortError once
   * `signal` is aborted. An answer that ends before its finish is `stream-ended`: what had arrived was yielded.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;
}
