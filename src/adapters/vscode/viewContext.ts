import { reasonOf } from '../../core/errors';
import type { Session } from '../../core/session';
import type { HostMessageBody, ViewCompaction } from '../../protocol/chat';
import type { ContextMeter, Measured } from './contextMeter';
import { turnMarks } from './turnMarks';

export interface ViewContextOptions {
  readonly meter: ContextMeter;
  readonly send: (message: HostMessageBody) => void;
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
}

/** What one view is told of the content of requests, and what it does about it. */
export class ViewContext {
  readonly #options: ViewContextOptions;
  readonly #unsubscribe: () => void;
  /** The marks as last sent. */
  #marks = '';
  #isAsked = false;

  constructor(options: ViewContextOptions) {
    this.#options = options;
    this.#unsubscribe = options.meter.onChange((measured) => this.#tell(measured));
  }

  /** After a snapshot: all of it again. */
  showAnew(session: Session): void {
    this.#marks = '';
    const { measured } = this.#options.meter;
    if (measured?.reading.sessionId === session.id) this.#tell(measured);
  }

  measure(draft: string): void {
    this.#options.meter.draft(draft);
  }

  /** Its outcome is the session's state. */
  async compact(session: Session): Promise<void> {
    this.#isAsked = true;
    await session.compaction.run().catch(() => undefined);
  }

  /**
   * How a summary of the session is coming along.
   * @param active ids of the summaries that requests carry; a summary that was undone is told no more
   */
  compactionOf({ compaction: { state } }: Session, active?: ReadonlySet<string>): ViewCompaction {
    switch (state.status) {
      case 'idle':
        return { status: 'idle' };
      case 'running':
        return { status: 'running', turns: state.turns, done: state.done };
      case 'done': {
        const { summary, note } = state;
        if (active && !active.has(summary.id)) return { status: 'idle' };
        const turns = summary.turnIds.length;
        return { status: 'done', summaryId: summary.id, turns, ...(note !== undefined && { note }) };
      }
      case 'failed': {
        // One that starts by itself says nothing where there is nothing to do.
        if (reasonOf(state.error) === 'nothing-to-compact' && !this.#isAsked) return { status: 'idle' };
        return { status: 'failed', message: this.#options.describe(state.error).message };
      }
    }
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #tell(measured: Measured | undefined): void {
    if (!measured) return;
    const { send } = this.#options;
    send({ type: 'context-meter', reading: measured.reading });
    const marks = turnMarks(measured);
    const text = JSON.stringify(marks);
    if (text === this.#marks) return;
    this.#marks = text;
    send(marks);
  }
}
