import { HistoryError } from './errors';
import type { HistoryCounts, SessionSummary } from './historyLog';
import type { LiveTurn } from './liveTurn';
import type { Message } from './message';
import { Session } from './session';
import type { SessionDependencies } from './sessionDependencies';
import { newSessionTitle } from './sessionEntry';
import { leaseMs } from './turnPlace';
import { turnsFromHistory } from './turnsFromHistory';
import { isOutage } from './unsavedTurns';

/** Told of each session that is used from now on, and of what was deleted: one session, or all. */
export interface SessionFollower {
  follow(session: Session): void;
  forget(sessionId?: string): void;
}

/**
 * The sessions of one history: one Session object each, shared by all faces, and which of them is the active one.
 */
export class Sessions {
  readonly #deps: SessionDependencies;
  readonly #open = new Map<string, Session>();
  readonly #listeners = new Set<(session: Session) => void>();
  readonly #unsubscribe: () => void;
  readonly #follower: SessionFollower | undefined;
  #active: Promise<Session> | undefined;
  #recovery: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SessionDependencies, follower?: SessionFollower) {
    this.#deps = deps;
    this.#follower = follower;
    this.#unsubscribe = deps.log.onChange(({ sessionId, own }) => {
      if (own) return;
      this.#recoverLater();
      void this.#refresh(sessionId).catch(() => undefined);
    });
  }

  /** The session that prompts go to: the one last made active here or in an earlier window, else a new one. */
  active(): Promise<Session> {
    this.#active ??= this.#findActive().catch((error: unknown) => {
      this.#active = undefined;
      throw error;
    });
    return this.#active;
  }

  /** A turn that an open session has live. */
  liveTurn(turnId: string): ReturnType<Session['liveTurn']> {
    for (const session of this.#open.values()) {
      const live = session.liveTurn(turnId);
      if (live) return live;
    }
    return undefined;
  }

  /** The most recently updated first. */
  list(): Promise<readonly SessionSummary[]> {
    return this.#deps.log.sessions();
  }

  /** @throws HistoryError `not-found` */
  async open(sessionId: string): Promise<Session> {
    const known = this.#open.get(sessionId);
    if (known) return known;
    const summary = await this.#deps.log.session(sessionId);
    if (!summary)
      throw new HistoryError({ reason: 'not-found', message: `There is no session "${sessionId}".` });
    return this.#adopt(sessionId, summary);
  }

  async activate(sessionId: string): Promise<Session> {
    const session = await this.open(sessionId);
    await this.#setActive(session);
    return session;
  }

  /**
   * Gives a session turns that an earlier window could not write.
   * @param left.isNew the session is to be created with its first prompt
   * @returns undefined where the session is gone, and there is no turn for it
   */
  async restore(
    sessionId: string,
    left: { readonly turns: readonly LiveTurn[]; readonly isNew: boolean },
  ): Promise<Session | undefined> {
    const { turns, isNew } = left;
    const summary = await this.#deps.log.session(sessionId);
    if (!summary && turns.length === 0 && !isNew) return undefined;
    const session = this.#adopt(sessionId, summary);
    session.restore(turns);
    const current = await this.active();
    const isEmpty = !current.summary && current.live.length === 0;
    if (isEmpty && session !== current) await this.#setActive(session);
    return session;
  }

  /** A new session, made active. `history` is what it starts from (roles, contents, tool calls as given). */
  async create(
    options: { readonly title?: string; readonly history?: readonly Message[] } = {},
  ): Promise<Session> {
    const { log, newId, clock } = this.#deps;
    const id = newId();
    const createdAt = clock().toISOString();
    const title = options.title ?? newSessionTitle;
    if (options.history && options.history.length > 0) {
      const turns = turnsFromHistory(options.history, newId, clock);
      await log.load(
        { sessions: [{ id, title, createdAt, updatedAt: createdAt, turns }], facts: [] },
        'skip',
      );
    } else await log.createSession({ id, title, createdAt });
    return this.activate(id);
  }

  /** Makes a fresh session active that the log gets to know with its first prompt. An empty one is used again. */
  async startFresh(): Promise<Session> {
    const current = await this.active();
    if ((current.summary?.length ?? 0) === 0 && current.live.length === 0) return current;
    const session = this.#adopt(this.#deps.newId());
    await this.#setActive(session);
    return session;
  }

  /** Deletes a session for good, stopping what runs in it. */
  async delete(sessionId: string): Promise<HistoryCounts> {
    const session = await this.open(sessionId);
    await session.discard();
    const counts = await this.#deps.log.deleteSession(sessionId);
    await this.#drop([sessionId]);
    return counts;
  }

  /**
   * Deletes one ended turn for good.
   * @throws HistoryError `busy` while it is queued or running, `not-found`
   */
  async deleteTurn(turnId: string): Promise<HistoryCounts> {
    if (this.live.some(({ id, status }) => id === turnId && (status === 'queued' || status === 'running'))) {
      throw new HistoryError({ reason: 'busy', message: `The turn ${turnId} is running: stop it first.` });
    }
    const { log } = this.#deps;
    // What is damaged can be deleted, too.
    const turn = await log.turn(turnId).catch(() => undefined);
    const counts = await log.deleteTurn(turnId);
    await this.#refresh(turn?.sessionId);
    return counts;
  }

  /** Deletes all sessions and facts of the workspace for good, stopping what runs. */
  async clear(): Promise<HistoryCounts> {
    await Promise.all([...this.#open.values()].map((session) => session.discard()));
    const counts = await this.#deps.log.clear();
    this.#follower?.forget();
    await this.#drop([...this.#open.keys()]);
    return counts;
  }

  /** After an import: what was read before is read again. */
  async refresh(): Promise<void> {
    await this.#refresh();
  }

  /**
   * Ends turns that nobody runs any more as stopped, now and once more when the leases of today have run out: a window
   * that died a moment ago leaves a turn that still looks alive.
   */
  async recover(): Promise<void> {
    this.#recoverLater();
    const recovered = await this.#deps.log.recover().catch(nothingOnOutage);
    if (recovered.length > 0) await this.#refresh();
  }

  /** The history can be read at last: where nothing was said meanwhile, its session takes the place of the empty one. */
  async reopen(): Promise<void> {
    const current = await this.active();
    await this.#refresh();
    if (current.summary || current.live.length > 0) return;
    this.#active = undefined;
    const next = await this.active();
    for (const listener of this.#listeners) listener(next);
  }

  onActiveChange(listener: (session: Session) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once nothing runs or waits. */
  async settled(): Promise<void> {
    await Promise.all([...this.#open.values()].map((session) => session.settled()));
  }

  /** Of all open sessions. */
  get live(): readonly LiveTurn[] {
    return [...this.#open.values()].flatMap((session) => session.live);
  }

  /** Takes out those of them that wait, or could not be written. */
  drop(turnIds: readonly string[]): void {
    for (const session of this.#open.values())
      if (session.live.some(({ id }) => turnIds.includes(id))) session.drop(turnIds);
  }

  /** How many turns have ended and are not written. */
  get unsaved(): number {
    return this.live.filter(({ saved }) => !saved).length;
  }

  /** Resolves once all that has ended is written. */
  async saved(): Promise<void> {
    await Promise.all([...this.#open.values()].map(allSaved));
  }

  /** Stops what runs, so that it ends as `stopped` with what was shown. */
  async dispose(): Promise<void> {
    this.#unsubscribe();
    clearTimeout(this.#recovery);
    await Promise.allSettled([...this.#open.values()].map((session) => session.close()));
  }

  #recoverLater(): void {
    clearTimeout(this.#recovery);
    this.#recovery = setTimeout(() => {
      void this.#deps.log
        .recover()
        .then((recovered) => (recovered.length > 0 ? this.#refresh() : undefined))
        .catch(() => undefined);
    }, leaseMs + 500);
  }

  async #findActive(): Promise<Session> {
    const { log, newId } = this.#deps;
    const id = await log.activeSession();
    const summary = (id === undefined ? undefined : await log.session(id)) ?? (await log.sessions())[0];
    return summary ? this.#adopt(summary.id, summary) : this.#adopt(newId());
  }

  #adopt(sessionId: string, summary?: SessionSummary): Session {
    const known = this.#open.get(sessionId);
    if (known) return known;
    const session = new Session(sessionId, this.#deps, summary);
    this.#open.set(sessionId, session);
    this.#follower?.follow(session);
    return session;
  }

  async #setActive(session: Session): Promise<void> {
    this.#active = Promise.resolve(session);
    // Not remembered where nothing can be written, but shown all the same.
    if (session.summary) await this.#deps.log.setActiveSession(session.id).catch(nothingOnOutage);
    for (const listener of this.#listeners) listener(session);
  }

  async #drop(sessionIds: readonly string[]): Promise<void> {
    const active = await this.active();
    for (const id of sessionIds) {
      const gone = this.#open.get(id);
      this.#open.delete(id);
      this.#follower?.forget(id);
      await gone?.discard();
    }
    if (!sessionIds.includes(active.id)) return;
    this.#active = undefined;
    const next = await this.active();
    for (const listener of this.#listeners) listener(next);
  }

  async #refresh(sessionId?: string): Promise<void> {
    const open = [...this.#open.values()].filter(
      (session) => sessionId === undefined || session.id === sessionId,
    );
    const gone: string[] = [];
    for (const session of open) {
      if (!(await session.refresh())) gone.push(session.id);
    }
    if (gone.length > 0) await this.#drop(gone);
  }
}

/** What waits until the disk allows it again. */
function nothingOnOutage(error: unknown): readonly never[] {
  if (isOutage(error)) return [];
  throw error;
}

async function allSaved(session: Session): Promise<void> {
  const isSaved = (): boolean => session.live.every(({ saved }) => saved);
  let unfollow = (): void => undefined;
  await new Promise<void>((resolve) => {
    const look = (): void => (isSaved() ? resolve() : undefined);
    unfollow = session.onEvent(look);
    look();
  });
  unfollow();
}
