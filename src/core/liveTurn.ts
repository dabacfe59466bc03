import type { CompactionState } from './memory/compaction';
import type { SecretKind } from './secrets/secretMark';
import type { Message, Turn, TurnError, TurnStatus } from './message';

/** A turn as a face shows it: it may still wait for its place, and it may not have reached the disk. */
export interface LiveTurn extends Omit<Turn, 'status'> {
  readonly sessionId: string;
  readonly status: TurnStatus | 'queued';
  /** How many passages and facts its first request recalled, once it has been made. */
  readonly recalled?: number;
  /** False for an ended turn whose commit has not succeeded yet: shown as not saved, never as done. */
  readonly saved: boolean;
  /** Of an ended turn: what was masked in it, each as often as it was. Told once, and not stored. */
  readonly masked?: readonly SecretKind[];
  /** Why it has not. */
  readonly outage?: TurnError;
  /** Who began it in the log, where that was another window than this. */
  readonly begunBy?: string;
}

/** What a Session tells its faces, in order. A face that joins late asks for the turns first. */
export type SessionEvent =
  /** Queued, begun or ended: the whole turn as it now stands. */
  | { readonly type: 'turn-change'; readonly turn: LiveTurn }
  /** Text appended to the message at `index` of the turn (an assistant message, created if not there). */
  | { readonly type: 'text-delta'; readonly turnId: string; readonly index: number; readonly text: string }
  /** The model thinks aloud. Not kept. */
  | { readonly type: 'reasoning-delta'; readonly turnId: string; readonly text: string }
  /** The message at `index` of the turn is complete: an assistant's with its tool calls, or a tool's result. */
  | { readonly type: 'message'; readonly turnId: string; readonly index: number; readonly message: Message }
  /** How full the window is, or how a summary is coming along. */
  | { readonly type: 'compaction-change'; readonly state: CompactionState }
  /** What requests cost has been counted, where it was estimated before. */
  | { readonly type: 'tokens-counted' }
  /** Title, length or trim changed, or another window wrote: read the session again. */
  | { readonly type: 'session-change'; readonly sessionId: string };
