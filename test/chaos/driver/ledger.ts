import type { TurnOutcome } from '../../../src/core/historyLog';
import type { LiveTurn } from '../../../src/core/liveTurn';
import type { Message } from '../../../src/core/message';
import type { Block, VictimEvent } from '../victim/protocol';

/** What is known of a turn from outside of the process that runs it. */
export interface KnownTurn {
  readonly id: string;
  sessionId?: string;
  /** Its place was reserved. */
  begun: boolean;
  /** The model was asked. */
  asked: boolean;
  /** The last progress that was acknowledged as saved. */
  saved?: readonly Message[];
  /** What its commit was given, whether or not that was acknowledged. */
  finishing?: TurnOutcome;
  /** Shown as done, and saved. */
  acknowledged?: LiveTurn;
  /** A delete that was asked for may have taken it. */
  mayBeDeleted?: boolean;
}

const noBlock: Block = { wallMs: 0, cpuMs: 0, what: 'none' };

/** The driver's record of what was promised: outside of what is killed. */
export class Ledger {
  readonly turns = new Map<string, KnownTurn>();
  readonly deletedSessions = new Set<string>();
  readonly unhandled: string[] = [];
  readonly reports: string[] = [];
  /** By the clock, and on the CPU. */
  readonly longest = { wall: noBlock, cpu: noBlock };

  turn(id: string): KnownTurn {
    const turn = this.turns.get(id) ?? { id, begun: false, asked: false };
    this.turns.set(id, turn);
    return turn;
  }

  get acknowledged(): readonly LiveTurn[] {
    return [...this.turns.values()].flatMap(({ acknowledged }) => (acknowledged ? [acknowledged] : []));
  }

  note(event: VictimEvent): void {
    switch (event.type) {
      case 'begun':
        Object.assign(this.turn(event.turnId), { begun: true, sessionId: event.sessionId });
        break;
      case 'saved':
        this.turn(event.turnId).saved = event.messages;
        break;
      case 'finishing':
        this.turn(event.turnId).finishing = event.outcome;
        break;
      case 'asked-model':
        this.turn(event.turnId).asked = true;
        break;
      case 'turn-end':
        if (event.turn.saved) this.turn(event.turn.id).acknowledged = event.turn;
        break;
      case 'report':
        this.reports.push(event.message);
        break;
      case 'unhandled':
        this.unhandled.push(event.message);
        break;
      case 'block':
        if (event.wallMs > this.longest.wall.wallMs) this.longest.wall = event;
        if (event.cpuMs > this.longest.cpu.cpuMs) this.longest.cpu = event;
        break;
      case 'ready':
      case 'reply':
      case 'failure':
      case 'phase':
      case 'memento':
        break;
    }
  }
}
