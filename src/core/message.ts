/**
 * What a model sees, and how a conversation is cut into turns.
 * Field names are OpenAI's (https://platform.openai.com/docs/api-reference/chat), on the wire and in exports.
 */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  /** `arguments` is the JSON text exactly as the model wrote it; it may be no JSON at all. */
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface Message {
  /** Unique within a workspace's history; `messageId(turnId, index)` unless imported with one. */
  readonly id?: string;
  readonly role: Role;
  readonly content: string;
  readonly name?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
  /** ISO 8601, UTC. */
  readonly createdAt?: string;
}

export type TurnStatus = 'running' | 'complete' | 'stopped' | 'failed';

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cached_tokens?: number;
}

/** Why a turn failed, or was interrupted: a reason to match on, and the sentence the user was shown. */
export interface TurnError {
  readonly reason: string;
  readonly message: string;
}

/** Of a stopped turn that nobody stopped: its window was closed, reloaded, or died. */
export const interruption: TurnError = {
  reason: 'interrupted',
  message: 'Interrupted: the window closed before the answer was complete.',
};

/** One user prompt and all that it led to. `messages[0]` is the user's prompt. */
export interface Turn {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly status: TurnStatus;
  readonly model?: string;
  readonly usage?: Usage;
  readonly pinned?: boolean;
  readonly error?: TurnError;
  readonly messages: readonly Message[];
}

export function messageId(turnId: string, index: number): string {
  return `${turnId}.${index}`;
}

/** Tool calls of `messages` that no tool message answers, in order. */
export function unansweredToolCalls(messages: readonly Message[]): readonly ToolCall[] {
  const answered = new Set(messages.map((message) => message.tool_call_id));
  return messages.flatMap((message) => message.tool_calls ?? []).filter((call) => !answered.has(call.id));
}

/** Text of the turn's last assistant message that has any; '' if there is none. */
export function answerText(turn: Pick<Turn, 'messages'>): string {
  return (
    turn.messages.findLast((message) => message.role === 'assistant' && message.content !== '')?.content ?? ''
  );
}

/** Whether it failed before any of an answer came: its prompt is then no part of the conversation. */
export function isUnanswered(turn: Pick<Turn, 'messages'> & { readonly status: string }): boolean {
  return turn.status === 'failed' && answerText(turn) === '';
}

/** The names and arguments of the tools that a message calls. */
export function calledText({ tool_calls: calls }: Pick<Message, 'tool_calls'>): string {
  return (calls ?? []).map(({ function: call }) => `${call.name} ${call.arguments}`).join(' ');
}
