import type { Message } from '../message';
import type { Sessions } from '../sessions';
import type { UnfinishedKeeper } from '../unfinished';

/** A turn that the log does not have: its prompt waits behind another, or it has ended and cannot be written. */
export interface UnfinishedTurn {
  readonly id: string;
  readonly sessionId: string;
  readonly state: 'waiting' | 'unsaved';
  /** ISO 8601; not known of a prompt that an earlier window left. */
  readonly createdAt?: string;
  readonly messages: readonly Message[];
}

/** What forgetting is told of the turns that are in no log. */
export interface UnfinishedTurns {
  list(): readonly UnfinishedTurn[];
  /** For good: resolves once nothing that is kept of this window holds them. What is not there is passed over. */
  remove(turnIds: readonly string[]): Promise<void>;
}

/** Those of this window's sessions, and what is kept of earlier windows. */
export function unfinishedTurns(
  sessions: Pick<Sessions, 'live' | 'drop'>,
  keeper?: Pick<UnfinishedKeeper, 'left' | 'drop'>,
): UnfinishedTurns {
  return {
    list: () => {
      const live = sessions.live.flatMap(({ id, sessionId, status, saved, createdAt, messages }) => {
        if (saved && status !== 'queued') return [];
        const state = status === 'queued' ? ('waiting' as const) : ('unsaved' as const);
        return [{ id, sessionId, state, createdAt, messages }];
      });
      const left = (keeper?.left() ?? []).flatMap(({ sessionId, prompts, turns }) => [
        ...prompts.map(({ turnId, text }) => ({
          id: turnId,
          sessionId,
          state: 'waiting' as const,
          messages: [{ role: 'user' as const, content: text }],
        })),
        ...turns.map(({ id, createdAt, messages }) => ({
          ...{ id, sessionId, createdAt, messages },
          state: 'unsaved' as const,
        })),
      ]);
      return [...new Map([...left, ...live].map((turn) => [turn.id, turn])).values()];
    },
    remove: async (turnIds) => {
      sessions.drop(turnIds);
      await keeper?.drop(turnIds);
    },
  };
}
