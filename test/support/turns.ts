import type { StoredTurn } from '../../src/core/historyLog';
import type { Message } from '../../src/core/message';

/** A turn with a prompt and an answer; where there is a result, with the tool call that it answers. */
export function exchange(
  position: number,
  { prompt = `p${position}`, answer = `a${position}`, result }: Exchange = {},
): StoredTurn {
  const messages: Message[] = [{ role: 'user', content: prompt }];
  if (result !== undefined) messages.push(...callWith(`c${position}`, result));
  messages.push({ role: 'assistant', content: answer });
  return {
    id: `t${position}`,
    sessionId: 's',
    position,
    createdAt: '2026-01-01T00:00:00.000Z',
    status: 'complete',
    messages,
  };
}

interface Exchange {
  readonly prompt?: string;
  readonly answer?: string;
  readonly result?: string;
}

/** A tool call and its result. */
export function callWith(id: string, result: string): readonly [Message, Message] {
  const call = { id, type: 'function' as const, function: { name: 'read', arguments: '{"path":"a.ts"}' } };
  return [
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', name: 'read', content: result, tool_call_id: id },
  ];
}
