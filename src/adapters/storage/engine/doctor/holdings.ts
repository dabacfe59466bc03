import type { LostTurn, SourceCounts } from '../../../../core/historyDoctor';
import type { Fact } from '../../../../core/historyLog';
import type { Summary } from '../../../../core/memory/summary';
import type { Message } from '../../../../core/message';
import type { HashedText } from '../../../../protocol/hashedContext';
import type { SessionHeader } from '../../storedShape';
import type { TurnBody } from '../bodies';
import type { StoredMark } from '../markRows';
import type { BuriedKind } from '../tombstones';

/** What one source (log, backup, record) is found to hold, all of it verified; by ids, as keys differ between logs. */
export interface Holdings {
  readonly logId: string | undefined;
  readonly sequence: number;
  readonly workspaces: ReadonlyMap<string, HeldWorkspace>;
  readonly sessions: readonly HeldSession[];
  readonly turns: readonly HeldTurn[];
  readonly facts: readonly (HeldFact & Placed)[];
  readonly summaries: readonly HeldSummary[];
  readonly texts: readonly HeldText[];
  /** Those that were taken back, too. */
  readonly marks: readonly HeldMark[];
  readonly tombstones: readonly (Placed & { readonly kind: BuriedKind; readonly id: string })[];
  /** Turns that were there, and are not what was written. */
  readonly damaged: readonly LostTurn[];
  /** Summaries that were there, whatever has become of them. */
  readonly summaryIds: readonly { readonly workspaceId: string; readonly id: string }[];
  /** Something was deleted that may still be in copies. */
  readonly scrubDue: boolean;
  readonly whole: WholeTables;
}

/** Whether all that a table held is here, in its last state; false where that cannot be told. */
export interface WholeTables {
  readonly sessions: boolean;
  readonly tombstones: boolean;
}

interface Placed {
  readonly workspaceId: string;
  /** Of the source's log, when it was last changed; a larger one is the newer state. */
  readonly sequence: number;
}

export interface HeldWorkspace {
  readonly activeSession?: string;
  readonly aliases: readonly string[];
}

export interface HeldSession extends Placed {
  readonly header: SessionHeader;
  readonly updatedAt: string;
  readonly contextStart: number;
  readonly undoStarts: readonly number[];
  readonly nextPosition: number;
  /** How many turns it counts; undefined where that cannot be told. */
  readonly length: number | undefined;
  /** The title is lost, and made up. */
  readonly madeUp?: boolean;
}

export interface HeldTurn extends Placed {
  readonly sessionId: string;
  readonly position: number;
  readonly header: TurnBody;
  readonly messages: readonly Message[];
  readonly run: {
    readonly owner: string | null;
    readonly leaseUntil: number | null;
    readonly recovered: number;
  };
}

interface HeldFact {
  readonly fact: Fact;
}

export interface HeldSummary extends Placed {
  readonly summary: Summary;
}

export interface HeldMark extends Placed {
  readonly mark: StoredMark;
}

/** A text of sent contexts. */
export interface HeldText extends HashedText {
  readonly workspaceId: string;
}

export function idOf(workspaceId: string, id: string): string {
  return JSON.stringify([workspaceId, id]);
}

export function countsOf({ sessions, turns, facts }: Holdings): SourceCounts {
  return { sessions: sessions.length, turns: turns.length, facts: facts.length };
}
