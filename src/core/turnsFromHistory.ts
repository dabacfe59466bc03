import { interruptedResult } from './agentLoop';
import { InputError } from './errors';
import { messageId, unansweredToolCalls, type Message, type Turn } from './message';

/**
 * Cuts a given history into turns, each beginning with a user's message (what comes before the first one is a turn of
 * its own). A tool call without a result gets an "interrupted" one.
 * @throws InputError `invalid-argument` for a tool result whose call is not in its turn
 */
export function turnsFromHistory(
  history: readonly Message[],
  newId: () => string,
  clock: () => Date,
): readonly Turn[] {
  const groups: Message[][] = [];
  for (const message of history) {
    const group = groups.at(-1);
    if (!group || message.role === 'user') groups.push([message]);
    else group.push(message);
  }
  return groups.map((group): Turn => {
    const id = newId();
    const createdAt = group[0]?.createdAt ?? clock().toISOString();
    const closed = closeToolCalls(group);
    return {
      id,
      createdAt,
      status: 'complete',
      messages: closed.map((message, index) => ({ createdAt, ...message, id: messageId(id, index) })),
    };
  });
}

function closeToolCalls(group: readonly Message[]): readonly Message[] {
  const calls = new Set(group.flatMap((message) => message.tool_calls ?? []).map((call) => call.id));
  for (const { role, tool_call_id: id } of group) {
    if (role !== 'tool' || (id !== undefined && calls.has(id))) continue;
    throw new InputError({
      reason: 'invalid-argument',
      message: `No tool call "${id ?? ''}" precedes its result.`,
    });
  }
  const open = new Set(unansweredToolCalls(group).map((call) => call.id));
  return group.flatMap((message): Message[] => {
    const unanswered = (message.tool_calls ?? []).filter((call) => open.has(call.id));
    return [
      message,
      ...unanswered.map((call): Message => ({
        role: 'tool',
        content: interruptedResult,
        tool_call_id: call.id,
        name: call.function.name,
      })),
    ];
  });
}
