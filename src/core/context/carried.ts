import type { StoredTurn } from '../historyLog';
import type { Message } from '../message';

export const cutMark = '\n[… cut to fit the token budget; the whole result is stored]';

/** Characters that a tool result may have in a request for each token that it may cost: on the low side. */
const charactersPerToken = 2;

/** A turn's messages as a request carries them. */
export interface CarriedTurn {
  readonly messages: readonly Message[];
  /** How many of them are cut. */
  readonly cut: number;
}

const known = new WeakMap<object, { readonly limit: number; readonly carried: CarriedTurn }>();

/**
 * The turn's messages as a request carries them: a tool result of more than `resultTokens` is cut, always at the same
 * character, so that each request repeats the bytes of the last. Instructions come from the settings alone: an
 * imported file must not speak with the system's voice.
 */
export function carriedTurn(turn: Pick<StoredTurn, 'messages'>, resultTokens: number): CarriedTurn {
  const limit = resultTokens * charactersPerToken;
  const before = known.get(turn);
  if (before?.limit === limit) return before.carried;
  const carried = carriedMessages(turn.messages, limit);
  known.set(turn, { limit, carried });
  return carried;
}

function carriedMessages(messages: readonly Message[], limit: number): CarriedTurn {
  let cut = 0;
  const sent = messages
    .filter(({ role }) => role !== 'system')
    .map((message) => {
      if (message.role !== 'tool' || message.content.length <= limit + cutMark.length) return message;
      cut += 1;
      return cutMessage(message, limit);
    });
  return { messages: sent, cut };
}

/** The first `length` characters, never half of one, and the mark. */
export function cutMessage(message: Message, length: number): Message {
  const end = Math.max(0, Math.floor(length));
  const code = message.content.charCodeAt(end - 1);
  const isHalf = code >= 0xd8_00 && code <= 0xdb_ff;
  return { ...message, content: message.content.slice(0, isHalf ? end - 1 : end) + cutMark };
}
