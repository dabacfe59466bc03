import type { ChatModel, ModelPart, ModelRequest } from '../../src/core/chatModel';

/** What one request is answered with: parts, an error to throw between them, or a promise to wait for. */
export type ScriptStep = ModelPart | Error | Promise<unknown>;

/** A ChatModel that answers each request with the next script, and records what it was asked. */
export class ScriptedModel implements ChatModel {
  readonly id = 'scripted';
  readonly label = 'Scripted';
  readonly requests: ModelRequest[] = [];
  readonly #scripts: (readonly ScriptStep[])[];

  constructor(...scripts: (readonly ScriptStep[])[]) {
    this.#scripts = scripts;
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelPart> {
    this.requests.push(structuredClone(request));
    const script = this.#scripts.shift() ?? says('(script is over)');
    for (const step of script) {
      if (step instanceof Promise) await step;
      else if (step instanceof Error) throw step;
      else yield step;
    }
  }
}

/** A final answer, in two deltas. */
export function says(text: string): readonly ModelPart[] {
  const half = Math.ceil(text.length / 2);
  return [
    { type: 'text-delta', text: text.slice(0, half) },
    { type: 'text-delta', text: text.slice(half) },
    { type: 'finish', reason: 'stop', usage: { prompt_tokens: 10, completion_tokens: 2 } },
  ];
}

export function calls(...list: (readonly [name: string, args: string, id?: string])[]): readonly ModelPart[] {
  return [
    ...list.map(([name, args, id], index): ModelPart => ({
      type: 'tool-call',
      call: { id: id ?? `call_${index}`, type: 'function', function: { name, arguments: args } },
    })),
    {
      type: 'finish',
      reason: 'tool-calls',
      usage: { prompt_tokens: 7, completion_tokens: 3, cached_tokens: 1 },
    },
  ];
}
