import { CalculationError } from '../calculator/calculationError';
import { calculate } from '../calculator/evaluate';
import type { Expression } from '../calculator/parseExpression';
import { printExpression } from '../calculator/printExpression';
import { readRecallResult, type RecallResult } from '../memory/recallResult';
import { beyondMeAnswer, connecting, selfDescription } from './connecting';
import { failureOf, lastResult, type CallResult, type Conversation } from './conversation';
import { matches, pickFound, searchMessages, type Found } from './found';
import type { Intent } from './intent';
import { contentWords } from './words';

export interface AnswerInput {
  readonly conversation: Conversation;
  /** Of the intent's calls, in their order; undefined where the tool was not offered. */
  readonly results: readonly (CallResult | undefined)[];
}

/** The words for one thing that was asked. */
export function answerIntent(intent: Intent, input: AnswerInput): string {
  const first = input.results[0]?.result;
  switch (intent.kind) {
    case 'calculate':
      return calculation(intent.expression, first);
    case 'missing-result':
      return 'There is no earlier result in this conversation to go on with. Tell me the numbers, for example "add 5 and 10".';
    case 'last-result':
      return lastResultAnswer(input.conversation);
    case 'last-prompt':
      return lastPrompt(input.conversation);
    case 'time':
      return time(first);
    case 'remember':
      return remembering(intent.text, first);
    case 'recall':
      return recalled(intent.about, intent.asksWhen, input);
    case 'told':
      return 'Noted, as part of this conversation. To keep it as a fact, say "remember that …".';
    case 'forget':
      return forgetting(intent.about, input);
    case 'forget-all':
      return 'That is for your own hand: **Throughline: Clear Memory…** deletes a session or the whole history of this workspace for good. To let one fact go, tell me which: "forget my …".';
    case 'about':
      return `${selfDescription} Try "add 5 and 10", then "multiply that by 2"; "remember that …", then "what did I say about …?"\n\n${connecting}`;
    case 'connect':
      return connecting;
    case 'thanks':
      return 'You are welcome.';
    case 'other':
      return other(intent.text, input);
  }
}

function calculation(expression: Expression, result: string | undefined): string {
  const shown = printExpression(expression, true);
  const value = result ?? calculateHere(expression);
  const failure = failureOf(value);
  return failure === undefined ? `${shown} = ${value}` : `I could not calculate ${shown}: ${failure}`;
}

/** Where the request offers no calculator. */
function calculateHere(expression: Expression): string {
  try {
    return calculate(printExpression(expression));
  } catch (error) {
    return `Error: ${error instanceof CalculationError ? error.message : 'it has no value.'}`;
  }
}

function lastResultAnswer({ earlier }: Conversation): string {
  const last = lastResult(earlier);
  if (!last) return 'There is no result in this conversation yet.';
  return last.kind === 'number' || last.kind === 'negation'
    ? `The last result was ${printExpression(last)}.`
    : `The last result was ${printExpression(last, true)} = ${calculateHere(last)}.`;
}

function lastPrompt({ earlier }: Conversation): string {
  const last = earlier.findLast(({ role }) => role === 'user')?.content;
  return last === undefined
    ? 'This is the first thing you said in this conversation.'
    : `You said: ${quoted(last)}`;
}

/** The tool's second line is for people. */
function time(result: string | undefined): string {
  if (result === undefined) return 'I have no clock here.';
  const failure = failureOf(result);
  return failure === undefined
    ? `It is ${result.split('\n').at(1) ?? result}.`
    : `I cannot tell that time: ${failure}`;
}

function remembering(text: string, result: string | undefined): string {
  if (text === '') return 'What should I remember? For example: "Remember that the release is on Friday."';
  if (result === undefined)
    return 'I have no memory for facts here, but this conversation holds what you said.';
  const failure = failureOf(result);
  if (failure !== undefined) return `I could not keep that: ${failure}`;
  const known = /^Already remembered, on (.+?): /.exec(result)?.[1];
  const replaced = /\(in place of: (.+?), kept as history\)(?:\n|$)/s.exec(result)?.[1];
  if (replaced !== undefined) {
    return `I will remember: ${quoted(text)}, in place of ${quoted(replaced)}, which is kept as history.`;
  }
  return known === undefined
    ? `I will remember: ${quoted(text)}`
    : `I knew that already, since ${known}: ${quoted(text)}`;
}

function recalled(about: string, asksWhen: boolean, input: AnswerInput): string {
  const words = contentWords(about);
  const found = find(words, input);
  if (typeof found === 'string') return `I could not search: ${found}`;
  if (found.length === 0) {
    return words.length === 0
      ? 'Nothing is remembered yet. Tell me: "Remember that …"'
      : `I found nothing about ${quoted(words.join(' '))} in what was said before.`;
  }
  if (words.length === 0) return `This is what I remember:\n\n${found.map(quoteLine).join('\n')}`;
  const start = asksWhen && found[0]?.date ? `On ${found[0].date}. ` : '';
  return `${start}${found.length === 1 && found[0] ? sentenceOf(found[0]) : `I found this:\n\n${found.map(quoteLine).join('\n')}`}`;
}

/** What was said before about these words, or why it cannot be told. */
function find(words: readonly string[], { results, conversation }: AnswerInput): readonly Found[] | string {
  const result = results[0]?.result;
  if (result === undefined) return searchMessages(conversation.earlier, words);
  const read = readRecallResult(result);
  return read ? pickFound(read, words) : (failureOf(result) ?? 'the search gave nothing readable.');
}

function sentenceOf(found: Found): string {
  const source = sourceOf(found);
  if (found.isFact) return `You asked me to remember${source}: ${quoted(found.text)}`;
  return `${found.role === 'user' ? 'You said' : 'I said'}${source}: ${quoted(found.text)}`;
}

function quoteLine(found: Found): string {
  return `- ${sentenceOf(found)}`;
}

function sourceOf({ date, turn }: Found): string {
  const parts = [date, turn === '' ? '' : `turn ${turn.slice(0, 8)}`].filter((part) => part !== '');
  return parts.length === 0 ? ' earlier in this conversation' : ` (${parts.join(', ')})`;
}

/** Facts that hold every word of what is to be forgotten; the very same text alone, where there is one. */
export function forgettable(found: RecallResult, about: string): RecallResult['facts'] {
  const words = contentWords(about);
  const fitting = found.facts.filter(({ text }) => matches(text, words) === words.length);
  const same = fitting.filter(({ text }) => contentWords(text).length === words.length);
  return same.length === 1 ? same : fitting;
}

function forgetting(about: string, { results }: AnswerInput): string {
  const [search, deletion] = results;
  if (about === '') return 'What should I forget? For example: "Forget my old address."';
  if (!search) return 'I have no memory for facts here, so there is nothing to forget.';
  const failure = failureOf(search.result) ?? (deletion && failureOf(deletion.result));
  if (failure !== undefined) return `I could not do that: ${failure}`;
  const facts = forgettable(readRecallResult(search.result) ?? { facts: [], messages: [] }, about);
  if (deletion) {
    return `Forgotten for good: ${quoted(facts[0]?.text ?? about)}. What you said in conversations stays in the history until you delete the turn or clear the memory.`;
  }
  if (facts.length === 0) return `I remember no fact about ${quoted(about)}.`;
  return `More than one fact fits. Which one?\n\n${facts.map(({ text }) => `- ${quoted(text)}`).join('\n')}`;
}

function other(text: string, input: AnswerInput): string {
  const words = contentWords(text).filter((word) => /\p{L}{3}/u.test(word));
  const all = words.length === 0 ? [] : find(words, input);
  // One common word is no reason to quote: half of them should fit, or all of a few.
  const enough = Math.min(words.length, Math.max(2, Math.ceil(words.length / 2)));
  const found = typeof all === 'string' ? all : all.filter((one) => matches(one.text, words) >= enough);
  // What was told on purpose, and all of what is asked for in the user's own words, is the answer.
  const answering =
    typeof found === 'string'
      ? []
      : found.filter(
          ({ isFact, role, text: told }) =>
            isFact || (role === 'user' && matches(told, words) === words.length),
        );
  if (answering.length === 1 && answering[0]) return sentenceOf(answering[0]);
  if (answering.length > 1) return `I found this:\n\n${answering.map(quoteLine).join('\n')}`;
  const memory =
    typeof found === 'string' || found.length === 0
      ? ''
      : `This was said before, and may help:\n\n${found.map(quoteLine).join('\n')}\n\n`;
  const answers = input.conversation.earlier.filter(({ role }) => role === 'assistant');
  return memory + beyondMeAnswer(answers.map(({ content }) => content));
}

/** On one line, so that it stays one quotation in markdown. */
function quoted(text: string): string {
  return `“${text.replace(/\s+/g, ' ').trim()}”`;
}
