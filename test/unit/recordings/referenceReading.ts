import type { Exchange } from '../../support/recordings';

/** What an answer holds, read from its recorded body in the plainest way, apart from the product's own reader. */
export interface ReferenceReading {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly finish: string | undefined;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | undefined;
}

interface Delta {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly function: { readonly name?: string; readonly arguments?: string };
  }[];
}

interface Chunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: Delta;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: ReferenceReading['usage'] | null;
}

export function readReference({ response }: Exchange): ReferenceReading {
  const chunks = response.body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)) as Chunk);
  const choices = chunks.flatMap((chunk) => chunk.choices).filter(({ index }) => index === 0);
  const deltas = choices.map(({ delta }) => delta);
  const pieces = deltas.flatMap((delta) => delta.tool_calls ?? []);
  const count = Math.max(-1, ...pieces.map(({ index }) => index)) + 1;
  return {
    text: deltas.map((delta) => delta.content ?? '').join(''),
    reasoning: deltas.map((delta) => delta.reasoning_content ?? delta.reasoning ?? '').join(''),
    calls: Array.from({ length: count }, (_, index) => {
      const own = pieces.filter((piece) => piece.index === index).map((piece) => piece.function);
      return {
        name: own.map(({ name }) => name ?? '').join(''),
        arguments: own.map(({ arguments: args }) => args ?? '').join(''),
      };
    }),
    finish:
      choices.map(({ finish_reason }) => finish_reason).findLast((reason) => reason !== null) ?? undefined,
    usage:
      chunks.map(({ usage }) => usage).findLast((usage) => usage !== null && usage !== undefined) ??
      undefined,
  };
}
