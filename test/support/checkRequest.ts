import type { ModelRequest } from '../../src/core/chatModel';
import type { Message } from '../../src/core/message';

/**
 * What a strict server refuses: a system message anywhere but first, a tool's result that does not directly follow its
 * call, a call without its result, an assistant that says and calls nothing, an end that asks for nothing.
 * @returns a sentence for each fault
 */
export function faultsOf({ messages }: ModelRequest): readonly string[] {
  const faults: string[] = [];
  let open = new Set<string>();
  messages.forEach((message, place) => {
    const fault = (text: string): void => void faults.push(`message ${place} (${message.role}): ${text}`);
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id ?? '')) fault('answers no call of the message before it');
      return;
    }
    if (open.size > 0) fault(`comes before the results of ${[...open].join(', ')}`);
    open = callsOf(message, fault);
    if (message.role === 'system' && place > 0) fault('is not first');
    if (message.role === 'assistant' && message.content === '' && open.size === 0) fault('is empty');
  });
  if (open.size > 0) faults.push(`no result for ${[...open].join(', ')}`);
  const last = messages.at(-1)?.role;
  if (last !== 'user' && last !== 'tool') faults.push(`ends with ${last ?? 'nothing'}`);
  return faults;
}

function callsOf({ role, tool_calls: calls = [] }: Message, fault: (text: string) => void): Set<string> {
  const ids = new Set(calls.map(({ id }) => id));
  if (calls.length > 0 && role !== 'assistant') fault('calls tools');
  if (ids.size < calls.length) fault('gives one id to two calls');
  return ids;
}
