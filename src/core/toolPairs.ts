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
 * "interrupted" one. Ids are matched call by call, as some servers use the same ids again in each step; within one
 * message each call gets an id of its own. Its time grows with the messages and calls alone.
 */
export function pairToolCalls(messages: readonly Message[]): PairedMessages {
  const callers = new Map<Message, Caller>();
  for (const message of messages) {
    if (message.role === 'assistant' && message.tool_calls?.length) callers.set(message, new Caller(message));
  }
  const claimed = claimResults(messages, callers);
  const paired: Message[] = [];
  const orphans: number[] = [];
  messages.forEach((message, index) => {
    if (claimed.has(message)) return;
    const caller = callers.get(message);
    if (message.role === 'tool') orphans.push(index);
    paired.push(...(caller ? caller.withResults() : [message]));
  });
  const unchanged =
    paired.length === messages.length && paired.every((message, index) => message === messages[index]);
  return { messages: unchanged ? messages : paired, orphans };
}

/** An assistant message with calls, and the results found for them. */
class Caller {
  readonly #given: readonly ToolCall[];
  readonly #message: Message;
  #open: Map<string, ToolCall[]> | undefined;
  readonly #results: { readonly place: number; readonly message: Message }[] = [];

  constructor(message: Message) {
    this.#given = message.tool_calls ?? [];
    const distinct = withDistinctIds(this.#given);
    this.#message = distinct === this.#given ? message : { ...message, tool_calls: distinct };
  }

  get openIds(): readonly string[] {
    return [...this.#openCalls().keys()];
  }

  /** Takes the result for the first call of its id that has none. @returns whether there was one */
  claim(result: Message, place: number): boolean {
    const open = this.#openCalls();
    const sameId = open.get(result.tool_call_id ?? '');
    const call = sameId?.pop();
    if (!sameId || !call) return false;
    if (sameId.length === 0) open.delete(result.tool_call_id ?? '');
    const message = result.tool_call_id === call.id ? result : { ...result, tool_call_id: call.id };
    this.#results.push({ place, message });
    return true;
  }

  withResults(): readonly Message[] {
    const results = this.#results.sort((a, b) => a.place - b.place).map(({ message }) => message);
    const unanswered = this.#unanswered().map((call) => interrupted(call, this.#message));
    return [this.#message, ...results, ...unanswered];
  }

  #unanswered(): readonly ToolCall[] {
    const calls = this.#message.tool_calls ?? [];
    if (!this.#open) return calls;
    if (this.#open.size === 0) return [];
    const open = new Set([...this.#open.values()].flat());
    return calls.filter((call) => open.has(call));
  }

  /** Calls without a result, by the id they came with; the first is last. */
  #openCalls(): Map<string, ToolCall[]> {
    if (this.#open) return this.#open;
    const open = new Map<string, ToolCall[]>();
    const calls = this.#message.tool_calls ?? [];
    for (let index = calls.length - 1; index >= 0; index -= 1) {
      const [given, call] = [this.#given[index], calls[index]];
      if (!given || !call) continue;
      const sameId = open.get(given.id);
      if (sameId) sameId.push(call);
      else open.set(given.id, [call]);
    }
    this.#open = open;
    return open;
  }
}

/** Calls take the results that follow them directly; what is left then takes results from further on. */
function claimResults(
  messages: readonly Message[],
  callers: ReadonlyMap<Message, Caller>,
): ReadonlySet<Message> {
  const claimed = new Set<Message>();
  let near: Caller | undefined;
  messages.forEach((message, place) => {
    if (message.role !== 'tool') near = callers.get(message);
    else if (!claimed.has(message) && near?.claim(message, place)) claimed.add(message);
  });
  const loose = new Map<string, { readonly message: Message; readonly place: number }[]>();
  for (let place = messages.length - 1; place >= 0; place -= 1) {
    const message = messages[place];
    if (message?.role !== 'tool' || claimed.has(message)) continue;
    const id = message.tool_call_id ?? '';
    const sameId = loose.get(id) ?? [];
    sameId.push({ message, place });
    loose.set(id, sameId);
  }
  if (loose.size === 0) return claimed;
  messages.forEach((message, index) => {
    const caller = callers.get(message);
    for (const id of caller?.openIds ?? []) {
      // The earliest is last.
      const results = loose.get(id) ?? [];
      for (let next = results.at(-1); next; next = results.at(-1)) {
        const isLater = next.place > index;
        if (isLater && !claimed.has(next.message) && !caller?.claim(next.message, next.place)) break;
        if (isLater) claimed.add(next.message);
        results.pop();
      }
    }
  });
  return claimed;
}

/** The same array where they are. */
function withDistinctIds(calls: readonly ToolCall[]): readonly ToolCall[] {
  if (calls.length < 2) return calls;
  const taken = new Set(calls.map(({ id }) => id));
  if (taken.size === calls.length) return calls;
  const met = new Set<string>();
  let n = calls.length;
  return calls.map((call) => {
    if (!met.has(call.id)) {
      met.add(call.id);
      return call;
    }
    while (taken.has(`${call.id}-${n}`)) n += 1;
    const id = `${call.id}-${n}`;
    taken.add(id);
    return { ...call, id };
  });
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
