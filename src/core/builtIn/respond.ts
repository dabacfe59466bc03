import type { ModelRequest, ToolDefinition } from '../chatModel';
import { printExpression } from '../calculator/printExpression';
import type { ToolCall } from '../message';
import { readRecallResult } from '../memory/recallResult';
import { calculatorName } from '../tools/calculator';
import { currentTimeName } from '../tools/currentTime';
import { forgetName, listFactsName, recallName, rememberName } from '../tools/memoryTools';
import { answerIntent, forgettable } from './answer';
import { lastResult, readConversation, type CallResult, type Conversation } from './conversation';
import { readIntents, type Intent } from './intent';
import { contentWords } from './words';

/** What the built-in model does next: calls tools, or answers. */
export type Step =
  | { readonly kind: 'call'; readonly calls: readonly ToolCall[] }
  | { readonly kind: 'answer'; readonly text: string };

/** A call before it has an id. */
interface Wish {
  readonly name: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Reads nothing but the request. The same request gives the same step. */
export function respond({ messages, tools }: ModelRequest): Step {
  const conversation = readConversation(messages);
  const intents = readIntents(conversation.prompt, lastResult(conversation.earlier));
  const open = intents
    .flatMap((intent) => wishesOf(intent, conversation))
    .filter((wish) => isOffered(wish, tools) && resultOf(wish, conversation) === undefined);
  if (open.length > 0)
    return { kind: 'call', calls: open.map((wish, n) => toCall(wish, messages.length, n)) };
  const answers = intents.map((intent) =>
    answerIntent(intent, {
      conversation,
      results: wishesOf(intent, conversation).map((wish) => resultOf(wish, conversation)),
    }),
  );
  return { kind: 'answer', text: answers.join('\n\n') };
}

/** The calls that an intent needs, as far as they can be told by now. */
function wishesOf(intent: Intent, conversation: Conversation): readonly Wish[] {
  switch (intent.kind) {
    case 'calculate':
      return [{ name: calculatorName, args: { expression: printExpression(intent.expression) } }];
    case 'time':
      return [
        { name: currentTimeName, args: intent.timeZone === undefined ? {} : { timeZone: intent.timeZone } },
      ];
    case 'remember':
      return intent.text === '' ? [] : [{ name: rememberName, args: { text: intent.text } }];
    case 'recall':
      return [recallOf(intent.about)];
    case 'forget': {
      if (intent.about === '') return [];
      const search = recallOf(intent.about);
      const found = readRecallResult(resultOf(search, conversation)?.result ?? '');
      const fact = found && forgettable(found, intent.about);
      return fact?.length === 1 && fact[0]
        ? [search, { name: forgetName, args: { id: fact[0].id } }]
        : [search];
    }
    case 'other':
      return contentWords(intent.text).length === 0 ? [] : [recallOf(intent.text)];
    case 'missing-result':
    case 'last-result':
    case 'last-prompt':
    case 'about':
    case 'connect':
    case 'thanks':
    case 'forget-all':
    case 'told':
      return [];
  }
}

/** Without words, it asks for all facts. */
function recallOf(about: string): Wish {
  const query = contentWords(about).slice(0, 30).join(' ');
  return query === '' ? { name: listFactsName, args: {} } : { name: recallName, args: { query } };
}

function isOffered({ name }: Wish, tools: readonly ToolDefinition[]): boolean {
  return tools.some((tool) => tool.name === name);
}

function resultOf({ name, args }: Wish, { results }: Conversation): CallResult | undefined {
  const text = JSON.stringify(args);
  return results.find(({ call }) => call.function.name === name && call.function.arguments === text);
}

function toCall({ name, args }: Wish, at: number, n: number): ToolCall {
  return { id: `call_${at}_${n}`, type: 'function', function: { name, arguments: JSON.stringify(args) } };
}
