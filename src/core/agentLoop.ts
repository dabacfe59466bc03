import { maxCallsInAnswer, type ChatModel, type ModelRequest } from './chatModel';
import { ModelError, isAbort } from './errors';
import { messageId, unansweredToolCalls, type Message, type ToolCall, type Usage } from './message';
import { addUsage } from './tokens/usage';
import type { ToolContext } from './tools/tool';
import type { ToolRegistry } from './tools/toolRegistry';

/** What the loop tells while it runs. `index` counts the turn's messages, the prompt being 0. */
export type LoopEvent =
  | { readonly type: 'text-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'message'; readonly index: number; readonly message: Message };

export interface LoopOptions {
  readonly model: ChatModel;
  readonly tools: ToolRegistry;
  readonly turnId: string;
  readonly sessionId: string;
  readonly prompt: Message;
  /** How many model requests the turn may make. */
  readonly stepLimit: number;
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  /** Makes the next request from the turn's messages so far, the prompt first. */
  readonly request: (current: readonly Message[]) => ModelRequest | Promise<ModelRequest>;
  readonly emit: (event: LoopEvent) => void;
  /** What of the past the requests so far were given beside the conversation, for tools: see ToolContext. */
  readonly given?: () => readonly string[];
  /** Told of each request whose answer came with usage. */
  readonly onUsage?: (request: ModelRequest, usage: Usage) => void;
}

export interface LoopOutcome {
  readonly status: 'complete' | 'stopped' | 'failed';
  /** The turn's messages, the prompt first. Every tool call has its result, whatever happened. */
  readonly messages: readonly Message[];
  /** The sum over all requests that reported it. */
  readonly usage?: Usage;
  readonly model?: string;
  /** Of a failed turn: what was thrown. */
  readonly error?: unknown;
}

/** More tool calls are a runaway's. */
const maxCallsInTurn = 2_000;
/** The longest text of one answer, in characters: far more than any model writes. */
const maxAnswerLength = 4_000_000;

export const interruptedResult = 'Error: interrupted before the tool had finished.';

/** Prompt to final answer: streams the model, runs its tool calls, feeds the results back. Never throws. */
export async function runAgentLoop(options: LoopOptions): Promise<LoopOutcome> {
  const loop = new AgentLoop(options);
  try {
    await loop.run();
    return loop.outcome('complete');
  } catch (error) {
    const stopped = options.signal.aborted || isAbort(error);
    loop.closeToolCalls();
    return stopped ? loop.outcome('stopped') : { ...loop.outcome('failed'), error };
  }
}

class AgentLoop {
  readonly #options: LoopOptions;
  readonly #messages: Message[];
  readonly #callIds = new Set<string>();
  #usage: Usage | undefined;
  #model: string | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#messages = [options.prompt];
  }

  outcome(status: LoopOutcome['status']): LoopOutcome {
    return {
      status,
      messages: [...this.#messages],
      ...(this.#usage && { usage: this.#usage }),
      ...(this.#model !== undefined && { model: this.#model }),
    };
  }

  async run(): Promise<void> {
    for (let step = 0; step < this.#options.stepLimit; step += 1) {
      const calls = await this.#askModel();
      if (calls.length === 0) return;
      for (const call of calls) {
        // Tools may work without a pause: between two of them others get their turn, a stop among them.
        await new Promise((resolve) => setTimeout(resolve, 0));
        await this.#callTool(call);
      }
    }
    const message = `The turn used its ${this.#options.stepLimit} model requests without a final answer.`;
    throw new ModelError({ reason: 'step-limit', message });
  }

  /** Gives each call that has no result an "interrupted" one: a call and its result are never apart. */
  closeToolCalls(): void {
    for (const call of unansweredToolCalls(this.#messages)) this.#add(this.#result(call, interruptedResult));
  }

  /** One model request. What had arrived when it breaks off is kept. @returns the calls to run */
  async #askModel(): Promise<readonly ToolCall[]> {
    const { model, signal, request, emit } = this.#options;
    const index = this.#messages.length;
    const calls: ToolCall[] = [];
    let text = '';
    let finish: string | undefined;
    try {
      signal.throwIfAborted();
      const sent = await untilAborted(Promise.resolve(request(this.#messages)), signal);
      for await (const part of abortable(model.stream(sent, signal), signal)) {
        switch (part.type) {
          case 'text-delta':
            text += part.text;
            if (text.length > maxAnswerLength) throw endless();
            emit({ type: 'text-delta', index, text: part.text });
            break;
          case 'reasoning-delta':
            emit(part);
            break;
          case 'tool-call':
            this.#checkNumber(calls);
            calls.push(this.#distinct(part.call));
            break;
          case 'finish':
            finish = part.reason;
            this.#usage = addUsage(this.#usage, part.usage);
            if (part.usage) this.#options.onUsage?.(sent, part.usage);
            if (part.model !== undefined) this.#model = part.model;
        }
      }
      if (finish === undefined) throw new ModelError({ reason: 'stream-ended' });
    } finally {
      if (text !== '' || calls.length > 0) {
        this.#add({
          ...this.#stamp(),
          role: 'assistant',
          content: text,
          ...(calls.length > 0 && { tool_calls: calls }),
        });
      }
    }
    if (text === '' && calls.length === 0) {
      throw new ModelError({ reason: finish === 'content-filter' ? 'content-filtered' : 'empty-answer' });
    }
    return calls;
  }

  async #callTool(call: ToolCall): Promise<void> {
    const { tools, signal, sessionId, turnId, given } = this.#options;
    signal.throwIfAborted();
    const context: ToolContext = {
      sessionId,
      turnId,
      signal,
      turn: () => [...this.#messages],
      ...(given && { given }),
    };
    const { content } = await untilAborted(tools.call(call, context), signal);
    this.#add(this.#result(call, content));
  }

  /** Of too many calls none is kept: what could be done with them? */
  #checkNumber(calls: ToolCall[]): void {
    if (calls.length < maxCallsInAnswer && this.#callIds.size < maxCallsInTurn) return;
    const message =
      calls.length < maxCallsInAnswer
        ? `More than ${maxCallsInTurn} tool calls in one turn.`
        : `More than ${maxCallsInAnswer} tool calls in one answer.`;
    calls.length = 0;
    throw new ModelError({ reason: 'too-many-calls', message });
  }

  /** Some servers repeat call ids, from step to step or in one answer; a result must name one call only. */
  #distinct(call: ToolCall): ToolCall {
    const taken = this.#callIds;
    let { id } = call;
    if (id === '' || taken.has(id)) {
      let n = taken.size;
      while (taken.has(`${call.id || 'call'}-${n}`)) n += 1;
      id = `${call.id || 'call'}-${n}`;
    }
    taken.add(id);
    return id === call.id ? call : { ...call, id };
  }

  #result(call: ToolCall, content: string): Message {
    return { ...this.#stamp(), role: 'tool', content, tool_call_id: call.id, name: call.function.name };
  }

  #stamp(): Pick<Message, 'id' | 'createdAt'> {
    return {
      id: messageId(this.#options.turnId, this.#messages.length),
      createdAt: this.#options.clock().toISOString(),
    };
  }

  #add(message: Message): void {
    this.#messages.push(message);
    this.#options.emit({ type: 'message', index: this.#messages.length - 1, message });
  }
}

function endless(): ModelError {
  return new ModelError({ reason: 'stream-garbled', message: 'The answer does not end.' });
}

/** A model that does not heed its signal must not hold up a stop either. */
async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let done = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      done = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!done) void iterator.return?.().catch(() => undefined);
  }
}

/** A tool that does not heed its signal must not hold up a stop. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () =>
      reject(signal.reason instanceof Error ? signal.reason : new DOMException('Stopped', 'AbortError'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
