import type { Expression } from '../calculator/parseExpression';
import { parseExpression } from '../calculator/parseExpression';
import { withoutRecalled } from '../memory/quotedRecall';
import type { Message, ToolCall } from '../message';
import { calculatorName } from '../tools/calculator';
import { currentTimeName } from '../tools/currentTime';
import { forgetName, listFactsName, recallName, rememberName } from '../tools/memoryTools';

/** What a tool gave for a call. */
export interface CallResult {
  readonly call: ToolCall;
  readonly result: string;
}

/** A request's messages, cut at the prompt that is to be answered. */
export interface Conversation {
  readonly prompt: string;
  readonly earlier: readonly Message[];
  /** The calls made for the prompt so far, with their results. */
  readonly results: readonly CallResult[];
}

export function readConversation(messages: readonly Message[]): Conversation {
  const at = messages.findLastIndex(({ role }) => role === 'user');
  return {
    prompt: withoutRecalled(messages[at]?.content ?? ''),
    earlier: messages.slice(0, Math.max(at, 0)),
    results: resultsOf(messages.slice(at + 1)),
  };
}

export function resultsOf(messages: readonly Message[]): readonly CallResult[] {
  return messages
    .flatMap(({ tool_calls }) => tool_calls ?? [])
    .map((call) => ({
      call,
      result: messages.find(({ tool_call_id }) => tool_call_id === call.id)?.content ?? 'Error: no result.',
    }));
}

/** The result of a tool that failed begins so. */
export function failureOf(result: string): string | undefined {
  return result.startsWith('Error: ') ? result.slice('Error: '.length) : undefined;
}

/** Longer results go on as the calculation that they came from, so that 1/3 times 3 is 1. In characters. */
const maxExactResult = 16;
const maxCarried = 200;

/** The last result of the conversation: the calculator's, or where a model answered without it, the number it gave. */
export function lastResult(earlier: readonly Message[]): Expression | undefined {
  let rest = earlier;
  while (rest.length > 0) {
    const at = Math.max(
      rest.findLastIndex(({ role }) => role === 'user'),
      0,
    );
    const turn = rest.slice(at);
    const found = calculated(turn) ?? stated(turn);
    if (found) return found;
    rest = rest.slice(0, at);
  }
  return undefined;
}

function calculated(turn: readonly Message[]): Expression | undefined {
  const last = resultsOf(turn).findLast(
    ({ call, result }) => call.function.name === calculatorName && failureOf(result) === undefined,
  );
  if (!last) return undefined;
  const { result, call } = last;
  const source = result.length > maxExactResult ? (expressionIn(call) ?? result) : result;
  return readExpression(source.length > maxCarried ? result : source);
}

function expressionIn(call: ToolCall): string | undefined {
  try {
    const args: unknown = JSON.parse(call.function.arguments);
    const isRecord = typeof args === 'object' && args !== null && 'expression' in args;
    return isRecord && typeof args.expression === 'string' ? args.expression : undefined;
  } catch {
    return undefined;
  }
}

/** Only where an answer is short and names one result. */
const maxStated = 300;
/** What these gave is no result, though it may hold a number. */
const telling = new Set([
  calculatorName,
  currentTimeName,
  rememberName,
  recallName,
  listFactsName,
  forgetName,
]);

function stated(turn: readonly Message[]): Expression | undefined {
  const answer = turn.findLast(({ role, content }) => role === 'assistant' && content !== '')?.content ?? '';
  const tells = turn
    .flatMap(({ tool_calls }) => tool_calls ?? [])
    .some((call) => telling.has(call.function.name));
  if (answer === '' || answer.length > maxStated || tells) return undefined;
  const plain = answer.replace(/[*_`$€£]/g, '');
  const numbers = [...plain.matchAll(/-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/g)].map(([text]) =>
    text.replaceAll(',', ''),
  );
  const equal = /(?:=|\bis|\bequals|\bgives|\bmakes)\s*(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\D*$/i.exec(
    plain,
  )?.[1];
  const number = equal?.replaceAll(',', '') ?? (new Set(numbers).size === 1 ? numbers[0] : undefined);
  return number === undefined ? undefined : readExpression(number);
}

function readExpression(text: string): Expression | undefined {
  try {
    return parseExpression(text);
  } catch {
    return undefined;
  }
}
