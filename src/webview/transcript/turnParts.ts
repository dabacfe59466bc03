import type { ViewTurn } from '../../protocol/chat';

export type ToolStatus = 'running' | 'done' | 'failed' | 'stopped';

export interface ToolPart {
  readonly type: 'tool';
  readonly key: string;
  readonly name: string;
  /** As the model wrote them; undefined where no call is known (an imported result). */
  readonly arguments: string | undefined;
  readonly result: string | undefined;
  readonly status: ToolStatus;
}

/** What a turn looks like, top to bottom. */
export type TurnPart =
  | { readonly type: 'prompt'; readonly key: string; readonly text: string }
  | { readonly type: 'reasoning'; readonly key: string; readonly text: string; readonly running: boolean }
  | { readonly type: 'text'; readonly key: string; readonly text: string; readonly streaming: boolean }
  | { readonly type: 'waiting'; readonly key: string }
  | ToolPart;

/** `reasoning` by message index. */
export function turnParts(turn: ViewTurn, reasoning: Readonly<Record<number, string>> = {}): TurnPart[] {
  const { messages } = turn;
  const running = turn.status === 'running';
  const { results, answers } = resultsOf(messages);
  const parts: TurnPart[] = [];
  const think = (index: number): void => {
    const text = reasoning[index];
    if (!text?.trim()) return;
    const open = running && index >= messages.length - 1 && !messages[index]?.content;
    parts.push({ type: 'reasoning', key: `reasoning-${index}`, text, running: open });
  };

  messages.forEach((message, index) => {
    think(index);
    const last = index === messages.length - 1;
    const { role, content } = message;
    if (role === 'user') parts.push({ type: 'prompt', key: `prompt-${index}`, text: content });
    if (role === 'assistant' && content.trim() !== '') {
      const streaming = running && last && !message.tool_calls?.length;
      parts.push({ type: 'text', key: `text-${index}`, text: content, streaming });
    }
    if (role === 'tool' && !answers.has(message)) {
      const name = message.name ?? 'tool';
      const result = toolResult(content, running);
      parts.push({ type: 'tool', key: `tool-${index}`, name, arguments: undefined, ...result });
    }
    message.tool_calls?.forEach((call, at) => {
      const result = toolResult(results.get(call)?.content, running);
      const { name, arguments: args } = call.function;
      parts.push({ type: 'tool', key: `tool-${index}-${at}`, name, arguments: args, ...result });
    });
  });
  think(messages.length);
  if (running && isQuiet(parts.at(-1))) parts.push({ type: 'waiting', key: 'waiting' });
  return parts;
}

type Message = ViewTurn['messages'][number];

/** Each result goes to the last call of its id that has none: imported turns may use an id again. */
function resultsOf(messages: readonly Message[]): {
  readonly results: ReadonlyMap<object, Message>;
  readonly answers: ReadonlySet<Message>;
} {
  const open = new Map<string | undefined, object[]>();
  const results = new Map<object, Message>();
  const answers = new Set<Message>();
  for (const message of messages) {
    for (const call of message.tool_calls?.toReversed() ?? []) {
      const sameId = open.get(call.id) ?? [];
      sameId.push(call);
      open.set(call.id, sameId);
    }
    const call = message.role === 'tool' ? open.get(message.tool_call_id)?.pop() : undefined;
    if (!call) continue;
    results.set(call, message);
    answers.add(message);
  }
  return { results, answers };
}

/** Nothing on screen moves: the model has been asked and has not begun to answer. */
const isQuiet = (part: TurnPart | undefined): boolean =>
  part?.type !== 'text' &&
  !(part?.type === 'tool' && part.status === 'running') &&
  !(part?.type === 'reasoning' && part.running);

/** The tool registry gives the model a failure as a result that begins so. */
const failure = /^Error: /;

function toolResult(result: string | undefined, running: boolean): Pick<ToolPart, 'result' | 'status'> {
  if (result === undefined) return { result, status: running ? 'running' : 'stopped' };
  return { result, status: failure.test(result) ? 'failed' : 'done' };
}

/** All that the assistant wrote, as markdown. */
export function writtenText(turn: ViewTurn): string {
  return turn.messages
    .filter(({ role, content }) => role === 'assistant' && content.trim() !== '')
    .map(({ content }) => content.trim())
    .join('\n\n');
}

export const promptText = (turn: ViewTurn): string =>
  turn.messages.find(({ role }) => role === 'user')?.content ?? '';
