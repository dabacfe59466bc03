import { InputError } from '../errors';
import type { Message } from '../message';
import type { TokenCounter } from '../tokenCounter';
import { carriedTurn, cutMark, cutMessage } from './carried';

export interface FittedTurn {
  readonly messages: readonly Message[];
  readonly tokens: number;
  readonly cut: number;
}

/**
 * The running turn always goes; where it is too much, its tool results are cut, the longest first.
 * @throws InputError `cannot-fit`
 */
export function fitCurrent(
  current: readonly Message[],
  counter: TokenCounter,
  { budget, resultTokens }: { readonly budget: number; readonly resultTokens: number },
): FittedTurn {
  const cost = (messages: readonly Message[]): number =>
    messages.reduce((total, message) => total + counter.message(message), 0);
  const prompt = cost(current.slice(0, 1));
  const room = Math.max(0, budget);
  if (prompt > budget) {
    throw cannotFit(
      `The prompt needs about ${prompt} tokens; ${room} are left for it. Shorten it, or raise "throughline.context.maxTokens".`,
    );
  }
  const { messages } = carriedTurn({ messages: current }, resultTokens);
  const fitted = [...messages];
  let tokens = cost(fitted);
  while (tokens > budget) {
    const long = longestResults(fitted);
    if (long.length === 0) {
      throw cannotFit(
        `This turn's messages need about ${tokens} tokens; ${room} are left for them. Raise "throughline.context.maxTokens".`,
      );
    }
    for (const [index, message] of long) {
      if (tokens <= budget) break;
      const cut = cutMessage(message, (message.content.length - cutMark.length) / 2);
      tokens += counter.message(cut) - counter.message(message);
      fitted[index] = cut;
    }
  }
  return { messages: fitted, tokens, cut: fitted.filter(({ content }) => content.endsWith(cutMark)).length };
}

export function cannotFit(message: string): InputError {
  return new InputError({ reason: 'cannot-fit', message });
}

/** Shorter results are not cut. In characters. */
const shortResult = 200;

/** Tool results more than half as long as the longest, the longest first, with their places. */
function longestResults(messages: readonly Message[]): readonly (readonly [number, Message])[] {
  const results = [...messages.entries()].filter(
    ([, { role, content }]) => role === 'tool' && content.length >= shortResult,
  );
  const most = results.reduce((length, [, { content }]) => Math.max(length, content.length), 0);
  return results
    .filter(([, { content }]) => content.length > most / 2)
    .sort(([, a], [, b]) => b.content.length - a.content.length);
}
