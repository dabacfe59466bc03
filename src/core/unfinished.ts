import type { LiveTurn } from './liveTurn';
import type { Session } from './session';
import type { SessionFollower, Sessions } from './sessions';
import { isOutage } from './unsavedTurns';

/** A prompt that waits behind a running turn. */
export interface WaitingPrompt {
  readonly turnId: string;
  readonly text: string;
}

/** What of a session would be gone with the window, as the log does not have it. */
export interface Unfinished {
  readonly sessionId: string;
  /** The log did not have the session yet: where it lacks it now, it was not deleted. */
  readonly isNew: boolean;
  /** In order. */
  readonly prompts: readonly WaitingPrompt[];
  /** Ended, and not written. In order. */
  readonly turns: readonly LiveTurn[];
}

/** Port to where it is kept: outside of the log, as that may be what cannot be written. */
export interface UnfinishedStore {
  /** What fits no schema is left out. */
  read(): readonly Unfinished[];
  /** Takes the place of what is kept of the session; nothing unfinished is nothing kept. Never rejects. */
  write(unfinished: Unfinished): Promise<void>;
}

export interface UnfinishedKeeperOptions {
  readonly store: UnfinishedStore;
  /** Who runs the turns of this window. */
  readonly owner: string;
  /** All but prompts queued behind others are kept with this delay, in milliseconds: most are done by then. */
  readonly delayMs?: number;
}

/**
 * Keeps what a window has accepted and not stored, so that it outlives the window: what waited is returned as a draft,
 * as nobody knows whether it is still wanted; what was answered is written as soon as that works.
 */
export class UnfinishedKeeper implements SessionFollower {
  readonly #options: UnfinishedKeeperOptions;
  readonly #followed = new Map<Session, () => void>();
  readonly #left = new Map<string, Unfinished>();
  readonly #written = new Map<string, string>();
  readonly #due = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: UnfinishedKeeperOptions) {
    this.#options = options;
    for (const unfinished of options.store.read()) {
      this.#left.set(unfinished.sessionId, unfinished);
      this.#written.set(unfinished.sessionId, JSON.stringify(unfinished));
    }
  }

  /** From now on what is unfinished in the session is kept. */
  follow(session: Session): void {
    const unfollow = session.onEvent((event) => {
      if (event.type !== 'turn-change' && event.type !== 'session-change') return;
      this.#changed(session.id);
      // Behind another it waits for long; alone, it is begun in a moment.
      const waits = event.type === 'turn-change' && event.turn.status === 'queued';
      if (waits && session.live.length > 1) void this.#write();
    });
    this.#followed.set(session, unfollow);
  }

  /** Gives what earlier windows could not write to their sessions, and forgets what was deleted or stored since. */
  async restore(sessions: Sessions): Promise<void> {
    for (const { sessionId, isNew, turns } of [...this.#left.values()]) {
      const session = await sessions.restore(sessionId, { turns, isNew });
      const left = this.#left.get(sessionId);
      if (!left) continue;
      const prompts: WaitingPrompt[] = [];
      for (const prompt of session ? left.prompts : []) {
        if ((await session?.promptOf(prompt.turnId)) === undefined) prompts.push(prompt);
      }
      // Deleted, or dropped, meanwhile.
      if (this.#left.get(sessionId) !== left) continue;
      if (prompts.length > 0) this.#left.set(sessionId, { ...left, prompts, turns: [] });
      else this.#left.delete(sessionId);
      this.#changed(sessionId);
    }
  }

  /** The prompts that an earlier window left waiting, until they are dropped. */
  returned(sessionId: string): readonly WaitingPrompt[] {
    return this.#left.get(sessionId)?.prompts ?? [];
  }

  /** They were sent after all, or are not wanted any more. */
  dropReturned(sessionId: string, turnIds: readonly string[]): void {
    const left = this.#left.get(sessionId);
    if (!left) return;
    const prompts = left.prompts.filter(({ turnId }) => !turnIds.includes(turnId));
    this.#left.set(sessionId, { ...left, prompts });
    this.#due.add(sessionId);
    void this.#write();
  }

  /** What earlier windows left, as far as no session has taken it over. */
  left(): readonly Unfinished[] {
    return [...this.#left.values()];
  }

  /** These are forgotten. Resolves once nothing that is kept holds them. */
  async drop(turnIds: readonly string[]): Promise<void> {
    for (const [sessionId, left] of this.#left) {
      const prompts = left.prompts.filter(({ turnId }) => !turnIds.includes(turnId));
      const turns = left.turns.filter(({ id }) => !turnIds.includes(id));
      this.#left.set(sessionId, { ...left, prompts, turns });
      this.#due.add(sessionId);
    }
    for (const { id } of this.#followed.keys()) this.#due.add(id);
    await this.#write();
  }

  /** The session, or all of them, was deleted for good: what waited in it is not wanted any more. */
  forget(sessionId?: string): void {
    for (const id of sessionId === undefined ? [...this.#left.keys()] : [sessionId]) {
      this.#left.delete(id);
      this.#due.add(id);
    }
    void this.#write();
  }

  /** Keeps what there is now, and follows no longer: what is stopped because the window closes is still unfinished. */
  async close(): Promise<void> {
    for (const [session, unfollow] of this.#followed) {
      unfollow();
      this.#due.add(session.id);
    }
    await this.#write();
  }

  #changed(sessionId: string): void {
    this.#due.add(sessionId);
    this.#timer ??= setTimeout(() => void this.#write(), this.#options.delayMs ?? 300);
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = [...this.#due];
    this.#due.clear();
    const writing = due.map(async (sessionId) => {
      const unfinished = this.#unfinished(sessionId);
      const text = JSON.stringify(unfinished);
      if (isNothing(unfinished) ? !this.#written.has(sessionId) : this.#written.get(sessionId) === text)
        return;
      if (isNothing(unfinished)) this.#written.delete(sessionId);
      else this.#written.set(sessionId, text);
      await this.#options.store.write(unfinished);
    });
    await Promise.all(writing);
  }

  #unfinished(sessionId: string): Unfinished {
    const left = this.#left.get(sessionId);
    // Of more than one history, where another strategy was chosen before all was written.
    const followed = [...this.#followed.keys()].filter(({ id }) => id === sessionId);
    const live = followed.flatMap((session) => session.live);
    const waiting = live
      .filter(({ status }) => status === 'queued')
      .map(({ id, messages }) => ({ turnId: id, text: messages[0]?.content ?? '' }));
    const unsaved = live
      .filter((turn) => !turn.saved && isOutage(turn.outage))
      .map((turn) => ({ ...turn, begunBy: turn.begunBy ?? this.#options.owner }));
    const isNew = followed.length > 0 ? followed.every(({ summary }) => !summary) : (left?.isNew ?? false);
    return {
      sessionId,
      isNew,
      prompts: [...(left?.prompts ?? []), ...waiting],
      turns: [...(left?.turns ?? []).filter(({ id }) => !live.some((turn) => turn.id === id)), ...unsaved],
    };
  }
}

function isNothing({ prompts, turns }: Unfinished): boolean {
  return prompts.length + turns.length === 0;
}
