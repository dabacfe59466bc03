import type { ModelAnswer } from './modelServer';

export interface AnswerOptions {
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly model?: string;
  readonly finish?: string;
}

export interface ScriptedCall {
  readonly id?: string;
  readonly name: string;
  readonly arguments: unknown;
}

/** One server-sent event. */
export function event(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

/** A chunk of a chat completion, with `delta` as its first choice's. */
export function chunk(delta: unknown, finish: string | null = null, model = 'scripted'): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return event({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model, choices });
}

export const done = event('[DONE]');

/** A whole stream of text, a few characters an event. */
export function textAnswer(text: string, { usage, model, finish = 'stop' }: AnswerOptions = {}): ModelAnswer {
  const pieces = text.match(/[^]{1,4}/gu) ?? [];
  return {
    body: [
      chunk({ role: 'assistant', content: '' }, null, model),
      ...pieces.map((content) => chunk({ content }, null, model)),
      chunk({}, finish, model),
      ...usageEvents(usage),
      done,
    ],
  };
}

/** A stream of tool calls, their arguments in small pieces. */
export function toolCallAnswer(calls: readonly ScriptedCall[], options: AnswerOptions = {}): ModelAnswer {
  const deltas = calls.flatMap(({ id, name, arguments: args }, index) => {
    const text = typeof args === 'string' ? args : JSON.stringify(args);
    const first = { index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: '' } };
    const rest = (text.match(/[^]{1,5}/gu) ?? []).map((piece) => ({ index, function: { arguments: piece } }));
    return [first, ...rest].map((call) => chunk({ tool_calls: [call] }, null, options.model));
  });
  return {
    body: [
      ...deltas,
      chunk({}, options.finish ?? 'tool_calls', options.model),
      ...usageEvents(options.usage),
      done,
    ],
  };
}

/** An error as OpenAI reports it. */
export function failure(
  status: number,
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
): ModelAnswer {
  const body = JSON.stringify({ error });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Waits for `gate` between the pieces before and after it. */
export async function* held(
  before: readonly string[],
  gate: Promise<unknown>,
  after: readonly string[],
): AsyncGenerator<string> {
  yield* before;
  await gate;
  yield* after;
}

/** One byte after another, so that no character and no event arrives whole. */
export async function* dripped(text: string, milliseconds = 0): AsyncGenerator<Uint8Array> {
  for (const byte of new TextEncoder().encode(text)) {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    yield Uint8Array.of(byte);
  }
}

function usageEvents(usage: AnswerOptions['usage']): readonly string[] {
  if (!usage) return [];
  return [
    event({ choices: [], usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } }),
  ];
}
