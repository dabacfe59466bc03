import { InputError } from './errors';
import { messageId, type Message, type Turn } from './message';
import { pairToolCalls } from './toolPairs';

/**
 * Cuts a given history into turns, each beginning with a user's message (what comes before the first one is a turn of
 * its own). A tool call without a result gets an "interrupted" one.
 * @throws InputError `invalid-argument` for a tool result that answers no call of its turn
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
    const { messages, orphans } = pairToolCalls(group);
    if (orphans.length > 0) {
      const answered = messages[orphans[0] ?? 0]?.tool_call_id ?? '';
      throw new InputError({
        reason: 'invalid-argument',
        message: `No tool call "${answered}" precedes its result.`,
      });
    }
    return {
      id,
      createdAt,
      status: 'complete',
      messages: messages.map((message, index) => ({ createdAt, ...message, id: messageId(id, index) })),
    };
  });
}
