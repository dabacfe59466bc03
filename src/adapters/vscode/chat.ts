import type { Forgetting } from '../../core/forgetting/forgetting';
import type { HistoryFile } from '../../core/historyFile';
import type { HistoryLog } from '../../core/historyLog';
import type { Facts } from '../../core/memory/facts';
import type { LongTermMemory } from '../../core/memory/longTermMemory';
import type { RecallMarks } from '../../core/memory/recallMarks';
import { isStored, type MemoryStrategy } from '../../core/memory/memoryStrategy';
import type { Session } from '../../core/session';
import type { Sessions } from '../../core/sessions';

/** All that belongs to one history: where it is kept, and the sessions and tools that live on it. */
export interface Chat {
  /** Whether it is on disk. */
  readonly stored: boolean;
  readonly log: HistoryLog;
  readonly memory: LongTermMemory;
  /** What is muted, or always kept, when a prompt recalls. */
  readonly marks: RecallMarks;
  readonly forgetting: Forgetting;
  readonly facts: Facts;
  readonly file: HistoryFile;
  readonly sessions: Sessions;
}

/** The chat of the memory strategy in force. All faces ask it, so that switching strategies switches them all. */
export class CurrentChat {
  readonly #build: (strategy: MemoryStrategy) => Promise<Chat>;
  readonly #listeners = new Set<(session: Session) => void>();
  #unfollow: () => void = () => undefined;
  #strategy: MemoryStrategy;
  #chat: Promise<Chat> | undefined;

  constructor(strategy: MemoryStrategy, build: (strategy: MemoryStrategy) => Promise<Chat>) {
    this.#strategy = strategy;
    this.#build = build;
  }

  get strategy(): MemoryStrategy {
    return this.#strategy;
  }

  /** Built when first asked for; after a failure, asked for again. */
  get(): Promise<Chat> {
    this.#chat ??= this.#open(this.#strategy).catch((error: unknown) => {
      this.#chat = undefined;
      throw error;
    });
    return this.#chat;
  }

  async activeSession(): Promise<Session> {
    return (await this.get()).sessions.active();
  }

  /**
   * @returns the chat that was, still open, and the new one; undefined where it stays the same: what is stored is one
   * history, whether or not it is recalled
   */
  async switchTo(strategy: MemoryStrategy): Promise<{ before: Chat | undefined; now: Chat } | undefined> {
    if (strategy === this.#strategy) return undefined;
    if (isStored(strategy) && isStored(this.#strategy)) {
      this.#strategy = strategy;
      return undefined;
    }
    // At once, so that who asks from now on gets the new one.
    const replaced = this.#chat;
    this.#strategy = strategy;
    this.#chat = undefined;
    const now = await this.get();
    return { before: await replaced?.catch(() => undefined), now };
  }

  /** Called when another session becomes the active one, or its title changes. */
  onActiveSession(listener: (session: Session) => void): void {
    this.#listeners.add(listener);
  }

  async dispose(): Promise<void> {
    const chat = await this.#chat?.catch(() => undefined);
    await chat?.sessions.dispose();
    await chat?.log.close();
  }

  async #open(strategy: MemoryStrategy): Promise<Chat> {
    const chat = await this.#build(strategy);
    chat.sessions.onActiveChange((session) => this.#follow(session));
    this.#follow(await chat.sessions.active());
    return chat;
  }

  #follow(session: Session): void {
    this.#unfollow();
    const tell = (): void => this.#listeners.forEach((listener) => listener(session));
    this.#unfollow = session.onEvent(({ type }) => {
      if (type === 'session-change') tell();
    });
    tell();
  }
}
