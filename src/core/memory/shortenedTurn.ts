import type { StoredTurn } from '../historyLog';
import { answerText, type Message } from '../message';

const mark = ' […] ';
/** Shorter texts say nothing. In characters. */
const shortest = 40;

/**
 * The turn in about so many characters: its longest texts are cut in the middle, with a mark, all to one length. Where
 * that would leave too little of each, only the prompt and the answer are left. For summaries to be made from, not to
 * be sent as a conversation.
 */
export function shortenedTurn(turn: StoredTurn, characters: number): StoredTurn {
  const messages = turn.messages.filter(({ role }) => role !== 'system');
  const lengths = messages.flatMap((message) => textsOf(message).map(({ length }) => length));
  const length = evenLength(lengths, characters);
  if (length >= Math.max(...lengths, 0)) return { ...turn, messages };
  if (length >= shortest) return { ...turn, messages: messages.map((message) => cutTexts(message, length)) };
  const answer = answerText(turn);
  const prompt = messages.find(({ role }) => role === 'user')?.content ?? '';
  const each = evenLength([prompt.length, answer.length], characters);
  return {
    ...turn,
    messages: [
      { role: 'user', content: cutMiddle(prompt, each) },
      ...(answer === '' ? [] : [{ role: 'assistant' as const, content: cutMiddle(answer, each) }]),
    ],
  };
}

/** At most `length` characters, none of them half of one: the beginning and the end. */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = Math.max(0, Math.floor(length) - mark.length);
  const begin = Math.ceil(room / 2);
  return `${text.slice(0, wholeAt(text, begin, -1))}${mark}${text.slice(wholeAt(text, text.length - (room - begin), 1))}`;
}

/** The place itself, or the next in a direction that does not part a surrogate pair. */
function wholeAt(text: string, place: number, step: 1 | -1): number {
  const code = text.charCodeAt(place);
  return code >= 0xdc_00 && code <= 0xdf_ff ? Math.max(0, place + step) : place;
}

/** To what length texts are cut so that they have at most `total` characters together. */
function evenLength(lengths: readonly number[], total: number): number {
  let room = total;
  const sorted = lengths.toSorted((a, b) => a - b);
  for (const [index, length] of sorted.entries()) {
    const share = room / (sorted.length - index);
    if (length > share) return Math.max(0, Math.floor(share));
    room -= length;
  }
  return sorted.at(-1) ?? 0;
}

function textsOf({ content, tool_calls: calls = [] }: Message): readonly string[] {
  return [content, ...calls.map(({ function: { arguments: text } }) => text)];
}

function cutTexts(message: Message, length: number): Message {
  const { content, tool_calls: calls } = message;
  return {
    ...message,
    content: cutMiddle(content, length),
    ...(calls && {
      tool_calls: calls.map((call) => ({
        ...call,
        function: { ...call.function, arguments: cutMiddle(call.function.arguments, length) },
      })),
    }),
  };
}
