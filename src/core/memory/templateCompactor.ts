import type { StoredTurn } from '../historyLog';
import { answerText, type Message } from '../message';
import type { CompactionRequest, Compactor } from './compactor';

/** On the low side, as a summary must not exceed its tokens. */
const charactersPerToken = 2.5;
/** A turn's line shorter than this says nothing. */
const shortestLine = 60;

/**
 * Summarises without a model: of each turn what was asked, what tools gave, and how the answer begins and ends.
 * Cannot fail. Where there are too many turns for the space, the oldest are only counted.
 */
export const templateCompactor: Compactor = {
  id: 'template',
  compact: ({ turns, maxTokens }: CompactionRequest) => Promise.resolve(summarise(turns, maxTokens)),
};

function summarise(turns: readonly StoredTurn[], maxTokens: number): string {
  const room = Math.max(shortestLine, Math.floor(maxTokens * charactersPerToken));
  const told = turns.slice(-Math.max(1, Math.floor(room / shortestLine)));
  const left = turns.length - told.length;
  const note = left > 0 ? [`(${left} turns before these are not told.)`] : [];
  const lines = told.map((turn) => lineOf(turn, Math.floor(room / told.length) - 1));
  return [...note, ...lines].join('\n');
}

function lineOf(turn: StoredTurn, room: number): string {
  const prompt = oneLine(turn.messages.find(({ role }) => role === 'user')?.content ?? '');
  const answer = oneLine(answerText(turn));
  const tools = toolText(turn.messages);
  const share = Math.floor((room - 20) / (tools === '' ? 2 : 3));
  const parts = [
    `Asked: ${cut(prompt, share)}`,
    ...(tools === '' ? [] : [`Tools: ${cut(tools, share)}`]),
    `Answered: ${answer === '' ? `(${turn.status})` : beginningAndEnd(answer, share)}`,
  ];
  return cut(`- ${parts.join(' | ')}`, room);
}

function toolText(messages: readonly Message[]): string {
  const results = new Map(messages.map((message) => [message.tool_call_id, message.content]));
  const calls = messages.flatMap(({ tool_calls: calls }) => calls ?? []);
  return calls
    .map(({ id, function: { name, arguments: text } }) => {
      const result = oneLine(results.get(id) ?? '');
      return `${oneLine(name)}(${cut(oneLine(text), 40)}) = ${cut(result, 60)}`;
    })
    .join('; ');
}

function oneLine(text: string): string {
  return text.slice(0, 4_000).replace(/\s+/g, ' ').trim();
}

function beginningAndEnd(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.slice(-Math.floor(length / 4));
  return `${cut(text, length - end.length - 1)} ${end.slice(end.indexOf(' ') + 1)}`;
}

/** At most `length` characters, whole words where that leaves most of them. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const room = Math.max(0, length - 1);
  const space = text.lastIndexOf(' ', room);
  const end = space > room / 2 ? space : room;
  const code = text.charCodeAt(end - 1);
  return `${text.slice(0, code >= 0xd8_00 && code <= 0xdb_ff ? end - 1 : end)}…`;
}
