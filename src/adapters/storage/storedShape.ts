import type { Fact, FactVersion } from '../../core/memory/fact';
import type { Summary } from '../../core/memory/summary';
import type { Message, ToolCall, Turn, Usage } from '../../core/message';

/**
 * What a log keeps of what it is given: the known fields in one fixed order, so that equal content is equal text, and
 * only well-formed text. A lone surrogate is half a character (a stream cut in two); UTF-8 and RFC 8785 have no form
 * for it, so it becomes U+FFFD.
 */
export function storedText(text: string): string {
  return text.toWellFormed();
}

export function storedMessage(message: Message): Message {
  const { id, role, content, name, tool_calls: calls, tool_call_id: callId, createdAt } = message;
  return {
    ...(id !== undefined && { id: storedText(id) }),
    role,
    content: storedText(content),
    ...(name !== undefined && { name: storedText(name) }),
    ...(calls !== undefined && { tool_calls: calls.map(storedCall) }),
    ...(callId !== undefined && { tool_call_id: storedText(callId) }),
    ...(createdAt !== undefined && { createdAt: storedText(createdAt) }),
  };
}

function storedCall({ id, function: { name, arguments: text } }: ToolCall): ToolCall {
  return {
    id: storedText(id),
    type: 'function',
    function: { name: storedText(name), arguments: storedText(text) },
  };
}

/** A turn without its messages. */
export type TurnHeader = Omit<Turn, 'messages'>;

export function storedHeader({ id, createdAt, status, model, usage, pinned, error }: TurnHeader): TurnHeader {
  return {
    id: storedText(id),
    createdAt: storedText(createdAt),
    status,
    ...(model !== undefined && { model: storedText(model) }),
    ...(usage !== undefined && { usage: storedUsage(usage) }),
    ...(pinned === true && { pinned }),
    ...(error !== undefined && {
      error: { reason: storedText(error.reason), message: storedText(error.message) },
    }),
  };
}

function storedUsage(usage: Usage): Usage {
  const { prompt_tokens, completion_tokens, cached_tokens } = usage;
  return { prompt_tokens, completion_tokens, ...(cached_tokens !== undefined && { cached_tokens }) };
}

export function storedTurn(turn: Turn): Turn {
  return { ...storedHeader(turn), messages: turn.messages.map(storedMessage) };
}

type Origin = { readonly sessionId: string; readonly turnId: string };

export function storedOrigin({ sessionId, turnId }: Origin): Origin {
  return { sessionId: storedText(sessionId), turnId: storedText(turnId) };
}

export function storedFact({ id, history = [], ...version }: Fact): Fact {
  return {
    id: storedText(id),
    ...storedVersion(version),
    ...(history.length > 0 && { history: history.map(storedVersion) }),
  };
}

function storedVersion({ text, createdAt, source }: FactVersion): FactVersion {
  return {
    text: storedText(text),
    createdAt: storedText(createdAt),
    ...(source !== undefined && { source: storedOrigin(source) }),
  };
}

export function storedSummary(summary: Summary): Summary {
  const { id, sessionId, createdAt, text, by, turnIds, from, to, state, edited, replaces = [] } = summary;
  return {
    id: storedText(id),
    sessionId: storedText(sessionId),
    createdAt: storedText(createdAt),
    text: storedText(text),
    by: storedText(by),
    turnIds: turnIds.map(storedText),
    from,
    to,
    state,
    ...(edited === true && { edited }),
    ...(replaces.length > 0 && { replaces: replaces.map(storedText) }),
  };
}

export interface SessionHeader {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly forkedFrom?: Origin;
}

export function storedSession({ id, title, createdAt, forkedFrom }: SessionHeader): SessionHeader {
  return {
    id: storedText(id),
    title: storedText(title),
    createdAt: storedText(createdAt),
    ...(forkedFrom !== undefined && { forkedFrom: storedOrigin(forkedFrom) }),
  };
}
