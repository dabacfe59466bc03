import type { HostMessage, ViewTranscriptMessage, ViewTurn } from '../protocol/chat';
import { reduceContextTurns, reduceMeter, withoutContext } from './reduceContext';
import type { Notice, ViewModel } from './viewModel';

const noticesShown = 3;

/** What the view shows after `message`. Pure; never throws, also where the host speaks of a turn not shown here. */
export function reduceHostMessage(model: ViewModel, message: HostMessage): ViewModel {
  switch (message.type) {
    case 'snapshot':
      return reduceSnapshot(model, message);
    case 'turn-change':
      return reduceTurnChange(model, message.turn);
    case 'text-delta':
      return changeTurn(model, message.turnId, (turn) => appendText(turn, message.index, message.text));
    case 'reasoning-delta':
      return appendReasoning(model, message.turnId, message.text);
    case 'message':
      return changeTurn(model, message.turnId, (turn) => putMessage(turn, message.index, message.message));
    case 'turn-rejected': {
      const { type: _type, n: _n, ...rejection } = message;
      return { ...withoutQueued(withoutPending(model, [rejection.turnId]), rejection.turnId), rejection };
    }
    case 'prompts-return':
      return { ...model, returned: message.prompts };
    case 'page':
      return reducePage(model, message);
    case 'notice':
      return reduceNotice(model, message);
    case 'turn-reveal':
      return { ...model, reveal: message.turnId };
    case 'composer-focus':
      return { ...model, focusRequests: model.focusRequests + 1 };
    case 'draft-sent':
      return { ...model, sentElsewhere: { sessionId: message.sessionId, text: message.text } };
    case 'context-meter':
      return reduceMeter(model, message.reading);
    case 'context-turns':
      return reduceContextTurns(model, message);
    case 'receipt-change':
      return { ...model, receipts: { ...model.receipts, [message.turnId]: message.receipt ?? 'missing' } };
    case 'compaction-change':
      return model.state ? { ...model, state: { ...model.state, compaction: message.compaction } } : model;
  }
}

/**
 * A prompt still on its way stays while its session is shown: the host may not have read it yet. Older pages stay, so
 * that what the user reads does not vanish, and are read again.
 */
function reduceSnapshot(model: ViewModel, { state }: Extract<HostMessage, { type: 'snapshot' }>): ViewModel {
  const before = model.state?.session.id === state.session.id ? model.state : undefined;
  const shown = before?.turns ?? [];
  const older = shown.slice(
    0,
    Math.max(
      0,
      shown.findIndex(({ id }) => id === state.turns[0]?.id),
    ),
  );
  const kept = state.more ? older : [];
  const turns = [...kept, ...state.turns.map((turn) => withNote(turn, shown))];
  const ids = new Set(turns.map(({ id }) => id));
  return {
    ...withoutPending(model, [...ids]),
    ...(before || !model.state ? {} : { pending: [], rejection: undefined, returned: [], ...withoutContext }),
    state: { ...state, turns, more: before && kept.length > 0 ? before.more : state.more },
    reasoning: Object.fromEntries(Object.entries(model.reasoning).filter(([id]) => ids.has(id))),
    loadingBefore: undefined,
    staleBefore: kept.length > 0 ? state.turns[0]?.id : undefined,
  };
}

/** What was told once is still to be read. */
function withNote(turn: ViewTurn, shown: readonly ViewTurn[]): ViewTurn {
  const masked = turn.masked ?? shown.find(({ id }) => id === turn.id)?.masked;
  return masked === undefined ? turn : { ...turn, masked };
}

/** A turn that is not shown yet is a new one, and goes last. */
function reduceTurnChange(model: ViewModel, turn: ViewTurn): ViewModel {
  if (!model.state) return model;
  const known = model.state.turns.some(({ id }) => id === turn.id);
  const turns = known
    ? model.state.turns.map((shown) => (shown.id === turn.id ? turn : shown))
    : [...model.state.turns, turn];
  return { ...withoutPending(model, [turn.id]), state: { ...model.state, turns } };
}

/** Takes the place of what was shown before the turn `before`; what was shown before the page is stale in turn. */
function reducePage(model: ViewModel, page: Extract<HostMessage, { type: 'page' }>): ViewModel {
  if (!model.state) return model;
  const { turns, more } = model.state;
  const at = turns.findIndex(({ id }) => id === page.before);
  const expected = page.before === model.loadingBefore || page.before === model.staleBefore;
  if (at === -1 || !expected) return model;
  const later = turns.slice(at);
  const shown = new Set(later.map(({ id }) => id));
  const paged = page.turns.filter(({ id }) => !shown.has(id));
  const first = paged[0]?.id;
  const kept = page.more
    ? turns.slice(
        0,
        Math.max(
          0,
          turns.findIndex(({ id }) => id === first),
        ),
      )
    : [];
  return {
    ...model,
    state: {
      ...model.state,
      turns: [...kept, ...paged, ...later],
      more: kept.length > 0 ? more : page.more,
    },
    loadingBefore: undefined,
    staleBefore: kept.length > 0 ? first : undefined,
  };
}

/** The same again is shown once, and the oldest go. */
export function reduceNotice(model: ViewModel, notice: Omit<Notice, 'id'>): ViewModel {
  const others = model.notices.filter(({ message }) => message !== notice.message);
  const id = Math.max(0, ...model.notices.map((shown) => shown.id)) + 1;
  const added = { id, level: notice.level, message: notice.message };
  return { ...model, notices: [...others, added].slice(-noticesShown) };
}

function changeTurn(model: ViewModel, turnId: string, change: (turn: ViewTurn) => ViewTurn): ViewModel {
  if (!model.state) return model;
  const at = model.state.turns.findIndex(({ id }) => id === turnId);
  const turn = model.state.turns[at];
  if (!turn) return model;
  const changed = change(turn);
  return changed === turn
    ? model
    : { ...model, state: { ...model.state, turns: model.state.turns.with(at, changed) } };
}

function appendText(turn: ViewTurn, index: number, text: string): ViewTurn {
  const shown = turn.messages[index];
  if (shown && shown.role !== 'assistant') return turn;
  return putMessage(turn, index, shown ? { ...shown, content: shown.content + text } : assistant(text));
}

function putMessage(turn: ViewTurn, index: number, message: ViewTranscriptMessage): ViewTurn {
  if (index > turn.messages.length) return turn;
  const messages =
    index === turn.messages.length ? [...turn.messages, message] : turn.messages.with(index, message);
  return { ...turn, messages };
}

const assistant = (content: string): ViewTranscriptMessage => ({ role: 'assistant', content });

/** Belongs to the message that is being written: the last one if it is an answer still open, else the next. */
function appendReasoning(model: ViewModel, turnId: string, text: string): ViewModel {
  const messages = model.state?.turns.find(({ id }) => id === turnId)?.messages;
  if (!messages) return model;
  const last = messages.at(-1);
  const open = last?.role === 'assistant' && !last.tool_calls?.length;
  const index = open ? messages.length - 1 : messages.length;
  const ofTurn = model.reasoning[turnId] ?? {};
  const reasoning = { ...ofTurn, [index]: (ofTurn[index] ?? '') + text };
  return { ...model, reasoning: { ...model.reasoning, [turnId]: reasoning } };
}

/** A refused prompt leaves no turn; one that is stored under its id stays. */
function withoutQueued(model: ViewModel, turnId: string): ViewModel {
  const { state } = model;
  if (!state?.turns.some(({ id, status }) => id === turnId && status === 'queued')) return model;
  return { ...model, state: { ...state, turns: state.turns.filter(({ id }) => id !== turnId) } };
}

function withoutPending(model: ViewModel, ids: readonly string[]): ViewModel {
  return model.pending.some(({ turnId }) => ids.includes(turnId))
    ? { ...model, pending: model.pending.filter(({ turnId }) => !ids.includes(turnId)) }
    : model;
}
