/** What the driver tells the process it is about to kill, and what that process says while it lives: a line each. */
import type { SessionDump, StoredTurn, TurnOutcome } from '../../../src/core/historyLog';
import type { LiveTurn } from '../../../src/core/liveTurn';
import type { Message } from '../../../src/core/message';

/** Moments of a window's life in which it is killed. */
export const phases = ['streaming', 'tool', 'commit', 'acknowledged', 'mirror', 'recovery'] as const;
export type Phase = (typeof phases)[number];

/** The process kills itself with SIGKILL so long after the phase has begun: no closer moment can be had from outside. */
export interface KillOrder {
  readonly phase: Phase;
  /** At the so-manieth time that the phase begins, from 1. */
  readonly nth: number;
  readonly delayMs: number;
}

export type Records = Readonly<Record<string, unknown>>;

export interface VictimOptions {
  readonly databasePath: string;
  readonly workerPath: string;
  /** What the workspace is known by. */
  readonly alias: string;
  readonly owner: string;
  /** Its clock goes ahead of the machine's by so much. */
  readonly clockOffsetMs: number;
  /** globalState, as the window holds it. */
  readonly records: Records;
  /** Acknowledges before the commit: what this whole run exists to find. */
  readonly mutant: boolean;
  readonly kill?: KillOrder;
}

/** How the model answers: step by step, each with text and then perhaps tool calls. */
export interface AnswerPlan {
  readonly steps: readonly {
    readonly pieces: readonly string[];
    readonly pieceMs: number;
    /** How long each tool call takes. */
    readonly toolMs: readonly number[];
  }[];
}

export type VictimCommand =
  | { readonly type: 'prompt'; readonly turnId: string; readonly sessionId?: string; readonly wait?: boolean }
  | { readonly type: 'history' }
  | { readonly type: 'new-session' }
  | { readonly type: 'delete-session'; readonly sessionId: string }
  /** Moves the clock on, and recovers what has died by it. */
  | { readonly type: 'recover'; readonly advanceMs: number }
  | { readonly type: 'terminate-worker' }
  | { readonly type: 'flush-records' }
  | { readonly type: 'close' };

export interface PromptCommand {
  readonly text: string;
  readonly plan: AnswerPlan;
}

export type VictimLine =
  | { readonly id: number; readonly command: VictimCommand & Partial<PromptCommand> }
  | { readonly memento: Records; readonly serial: number };

export interface HistoryReply {
  readonly workspaceId: string;
  readonly sessions: readonly (Omit<SessionDump, 'turns'> & { readonly length: number })[];
  readonly turns: readonly StoredTurn[];
  readonly corrupt: readonly string[];
}

/** Storage kept the host's thread so long, in milliseconds. */
export interface Block {
  /** By the clock: what else the machine did meanwhile is in it. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly what: string;
}

export type VictimEvent =
  | { readonly type: 'ready'; readonly workspaceId: string; readonly recovered: readonly string[] }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly reason: string; readonly message: string }
  | { readonly type: 'phase'; readonly phase: Phase; readonly state: 'begin' | 'end' }
  | { readonly type: 'begun'; readonly turnId: string; readonly sessionId: string }
  | { readonly type: 'saved'; readonly turnId: string; readonly messages: readonly Message[] }
  | { readonly type: 'finishing'; readonly turnId: string; readonly outcome: TurnOutcome }
  /** As a face would show it: this is the acknowledgement where it is saved. */
  | { readonly type: 'turn-end'; readonly turn: LiveTurn }
  | { readonly type: 'asked-model'; readonly turnId: string }
  | { readonly type: 'memento'; readonly all: Records; readonly serial: number }
  | { readonly type: 'report'; readonly message: string }
  | { readonly type: 'unhandled'; readonly message: string }
  | ({ readonly type: 'block' } & Block);
