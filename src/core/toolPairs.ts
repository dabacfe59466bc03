import { interruptedResult } from './agentLoop';
import type { Message, ToolCall } from './message';

export interface PairedMessages {
  /** The same array where nothing had to change. */
  readonly messages: readonly Message[];
  /** Tool messages that answer no call, by their place in the messages given. */
  readonly orphans: readonly number[];
}

/**
 * Makes a tool call and its results one: results follow their call directly, and a call without a result gets an
 * "interrupted" one. Ids are matched call by call, as some servers use the same ids again in each step.
 */
export function pairToolCalls(messages: readonly Message[]): PairedMessages {
  const results = claimResults(messages);
  const claimed = new Set([...results.values()].flat());
  const paired: Message[] = [];
  const orphans: number[] = [];
  messages.forEach((message, index) => {
    if (claimed.has(message)) return;
    paired.push(message);
    if (message.role === 'tool') orphans.push(index);
    paired.push(...(results.get(message) ?? []));
    for (const call of unanswered(message, results)) paired.push(interrupted(call, message));
  });
  const unchanged =
    paired.length === messages.length && paired.every((message, index) => message === messages[index]);
  return { messages: unchanged ? messages : paired, orphans };
}

/** Calls take the results that follow them directly; what is left then takes results from further on. */
function claimResults(messages: readonly Message[]): Map<Message, Message[]> {
  const results = new Map<Message, Message[]>();
  const claimed = new Set<Message>();
  const claim = (caller: Message, candidate: Message): void => {
    if (claimed.has(candidate)) return;
    const call = unanswered(caller, results).find(({ id }) => id === candidate.tool_call_id);
    if (!call) return;
    claimed.add(candidate);
    results.set(caller, [...(results.get(caller) ?? []), candidate]);
  };
  const callers = [...messages.entries()].filter(([, message]) => message.role === 'assistant');
  for (const [index, caller] of callers) {
    for (let next = index + 1; messages[next]?.role === 'tool'; next += 1) {
      claim(caller, messages[next] ?? caller);
    }
  }
  const loose = [...messages.entries()].filter(([, m]) => m.role === 'tool' && !claimed.has(m));
  for (const [index, caller] of callers) {
    for (const [place, later] of loose) if (place > index) claim(caller, later);
  }
  return results;
}

function unanswered(caller: Message, results: ReadonlyMap<Message, readonly Message[]>): readonly ToolCall[] {
  const answered = new Set(results.get(caller)?.map((result) => result.tool_call_id));
  return (caller.tool_calls ?? []).filter((call) => !answered.has(call.id));
}

function interrupted(call: ToolCall, caller: Message): Message {
  return {
    role: 'tool',
    content: interruptedResult,
    name: call.function.name,
    tool_call_id: call.id,
    ...(caller.createdAt !== undefined && { createdAt: caller.createdAt }),
  };
}
