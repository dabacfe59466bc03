import type { StoredTurn } from '../historyLog';
import { answerText, type Message } from '../message';
import type { CompactionRequest, Compactor } from './compactor';
import { callWords, oneLine, resultWords } from './toolWords';

/** On the low side, as a summary must not exceed its tokens. */
const charactersPerToken = 2.5;
/** A turn's line shorter than this says nothing. */
const shortestLine = 60;
/** Nor does less of a tool call. */
const shortestCall = 40;

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
  const share = Math.floor((room - 20) / (hasCalls(turn.messages) ? 3 : 2));
  const tools = toolText(turn.messages, share);
  const parts = [
    sentence(`Asked: ${cut(prompt, share)}`),
    ...(tools === '' ? [] : [sentence(`Used ${cut(tools, share)}`)]),
    answer === '' ? unanswered[turn.status] : sentence(`Answered: ${beginningAndEnd(answer, share)}`),
  ];
  return cut(`- ${parts.join(' ')}`, room);
}

const unanswered: Readonly<Record<StoredTurn['status'], string>> = {
  running: 'Not answered yet.',
  complete: 'Answered without words.',
  stopped: 'Stopped before an answer.',
  failed: 'Failed without an answer.',
};

function hasCalls(messages: readonly Message[]): boolean {
  return messages.some((message) => (message.tool_calls?.length ?? 0) > 0);
}

/** Each call with what it gave, in as many characters each. */
function toolText(messages: readonly Message[], length: number): string {
  const results = new Map(messages.map((message) => [message.tool_call_id, message.content]));
  const calls = messages.flatMap(({ tool_calls: called }) => called ?? []);
  const each = Math.max(shortestCall, Math.floor(length / Math.max(1, calls.length)));
  return calls
    .slice(0, Math.max(1, Math.floor(length / shortestCall)))
    .map((call) => {
      const result = results.get(call.id);
      const what = cut(callWords(call), Math.ceil(each / 2));
      return result === undefined ? what : cut(`${what}, which gave ${resultWords(result)}`, each);
    })
    .join('; ');
}

/** With a full stop, unless it ends otherwise. */
function sentence(text: string): string {
  return /[.!?…。！？]["”’)]?$/.test(text) ? text : `${text}.`;
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
