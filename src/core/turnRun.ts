import { runAgentLoop, type LoopEvent, type LoopOutcome } from './agentLoop';
import type { ChatModel, ModelRequest } from './chatModel';
import type { Context } from './context/context';
import { recalledIn, type SentContext } from './context/sentContext';
import { HistoryError, reasonOf } from './errors';
import type { TurnOutcome } from './historyLog';
import type { LiveTurn } from './liveTurn';
import { interruption, messageId, type Message, type TurnError, type Usage } from './message';
import { ProgressSaver } from './progressSaver';
import type { Masking } from './secrets/masking';
import type { SessionSettings } from './sessionDependencies';
import type { ToolRegistry } from './tools/toolRegistry';
import type { TurnPlace } from './turnPlace';

export interface TurnRunOptions {
  /** Where the turn is saved as it goes, and committed. */
  readonly place: TurnPlace;
  readonly leaseMs: number;
  readonly masking: Masking;
  readonly tools: ToolRegistry;
  readonly model: () => Promise<ChatModel>;
  readonly settings: () => SessionSettings;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly describe: (error: unknown) => TurnError;
  readonly onUsage?: (model: ChatModel, request: ModelRequest, usage: Usage) => void;
  readonly context: (current: readonly Message[], settings: SessionSettings) => Promise<Context>;
  /** What the requests made so far carry. */
  readonly sent: () => SentContext | undefined;
  /** Tells the turn as it now stands: whole, or what the event adds to it. */
  readonly emit: (turn: LiveTurn, event?: LoopEvent) => void;
}

/** At most one save a second while the answer comes in. */
const progressMs = 1_000;

/**
 * Runs a turn whose place is reserved, saving as it goes, and commits it. Never throws: the turn ends complete,
 * stopped or failed, and `saved` tells whether its commit is on disk. The model sees the turn as it is; what is left of
 * it once it has ended is without secrets.
 */
export async function runTurn(reserved: LiveTurn, options: TurnRunOptions): Promise<LiveTurn> {
  const { place, leaseMs, emit, describe, masking } = options;
  let turn: LiveTurn = { ...reserved, status: 'running' };
  emit(turn);
  const saver = new ProgressSaver(() => turn.messages, {
    save: (messages) => place.progress({ messages, leaseMs }),
    changedMs: progressMs,
    idleMs: leaseMs / 3,
  });
  const outcome = await runLoop(turn, options, (event) => {
    const told = { ...turn, ...recalledIn(options.sent()) };
    // What was recalled is known before the answer begins.
    if (told.recalled !== turn.recalled) emit(told);
    turn = withEvent(told, event);
    emit(turn, event);
    saver.changed();
  });
  await saver.stop();
  const { status, error, usage, model } = outcome;
  const context = options.sent();
  const ended = {
    status,
    messages: outcome.messages,
    ...(usage && { usage }),
    ...(model !== undefined && { model }),
    ...(status === 'failed' && { error: describe(error) }),
    ...(status === 'stopped' && isClosing(options.signal) && { error: interruption }),
  };
  turn = { ...turn, ...ended, ...recalledIn(context) };
  try {
    const unfinished = status !== 'complete';
    const { value: messages, kinds } = await masking.messages(outcome.messages, { unfinished });
    turn = { ...turn, messages, ...(kinds.length > 0 && { masked: kinds }) };
    const stored: TurnOutcome = { ...ended, messages, ...(context && { context }) };
    await place.finish(stored);
  } catch (cause) {
    turn = { ...turn, outage: { ...describe(cause), reason: reasonOf(cause) }, saved: false };
  }
  emit(turn);
  return turn;
}

const closing = 'The window closed.';

/** Aborts a turn that nobody stops: its window closes. */
export function windowClosed(): DOMException {
  return new DOMException(closing, 'AbortError');
}

function isClosing({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.message === closing;
}

async function runLoop(
  turn: LiveTurn,
  { model, settings, context, onUsage, ...options }: TurnRunOptions,
  emit: (event: LoopEvent) => void,
): Promise<LoopOutcome> {
  try {
    const [prompt] = turn.messages;
    if (!prompt) throw new HistoryError({ reason: 'corrupt' });
    const chosen = await model();
    const now = settings();
    let given: readonly string[] = [];
    const outcome = await runAgentLoop({
      ...options,
      model: chosen,
      turnId: turn.id,
      sessionId: turn.sessionId,
      prompt,
      stepLimit: now.stepLimit,
      request: async (current) => {
        const made = await context(current, now);
        given = made.items.flatMap(({ included, recalled }) => (included && recalled ? [recalled.text] : []));
        return made.request;
      },
      given: () => given,
      emit,
      ...(onUsage && { onUsage: (request, usage) => onUsage(chosen, request, usage) }),
    });
    return { model: chosen.id, ...outcome };
  } catch (error) {
    return { status: 'failed', messages: turn.messages, error };
  }
}

function withEvent(turn: LiveTurn, event: LoopEvent): LiveTurn {
  if (event.type === 'reasoning-delta') return turn;
  const messages = [...turn.messages];
  if (event.type === 'message') messages[event.index] = event.message;
  else {
    const content = (messages[event.index]?.content ?? '') + event.text;
    messages[event.index] = { id: messageId(turn.id, event.index), role: 'assistant', content };
  }
  return { ...turn, messages };
}
