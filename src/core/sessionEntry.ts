import { InputError } from './errors';
import type { Turn } from './message';
import type { TrimPlan } from './memory/trimPlan';
import type { HistoryLog, NewSession, SessionSummary } from './historyLog';

export const newSessionTitle = 'New session';

export interface SessionEntryOptions {
  readonly log: HistoryLog;
  readonly clock: () => Date;
  /** Title, length or trim is another now. */
  readonly changed: () => void;
}

/** A session as the log has it, or will have it: it is created there with its first prompt. */
export class SessionEntry {
  readonly id: string;
  readonly #options: SessionEntryOptions;
  #summary: SessionSummary | undefined;
  #title: string;

  constructor(id: string, options: SessionEntryOptions, summary?: SessionSummary) {
    this.id = id;
    this.#options = options;
    this.#summary = summary;
    this.#title = summary?.title ?? newSessionTitle;
  }

  /** As last read; undefined before the first prompt. */
  get summary(): SessionSummary | undefined {
    return this.#summary;
  }

  get title(): string {
    return this.#title;
  }

  /** Makes sure that the log has the session, and opens with it. */
  async create(): Promise<SessionSummary> {
    const { log, clock } = this.#options;
    if (!this.#summary) {
      const session: NewSession = { id: this.id, title: this.#title, createdAt: clock().toISOString() };
      this.#summary = await log.createSession(session);
      await log.setActiveSession(this.id);
    }
    return this.#summary;
  }

  /** Reads it again. @returns false if the log does not have it any more */
  async refresh(): Promise<boolean> {
    const known = this.#summary !== undefined;
    const summary = await this.#options.log.session(this.id);
    if (!summary && !known) return true;
    this.#summary = summary;
    this.#title = summary?.title ?? newSessionTitle;
    this.#options.changed();
    return summary !== undefined;
  }

  /** A turn has got its place, and the session a name if it had none. */
  async grown(updatedAt: string, prompt: string): Promise<void> {
    const before = await this.create();
    this.#summary = { ...before, length: before.length + 1, updatedAt };
    if (before.length === 0 && before.title === newSessionTitle) {
      await this.rename(titleOf(prompt)).catch(() => undefined);
    }
  }

  async rename(title: string): Promise<void> {
    await this.create();
    this.#adopt(await this.#options.log.renameSession(this.id, title));
  }

  /** Undoable. Changes nothing where nothing is trimmed yet that was not. */
  async trim({ contextStart, contextKept }: TrimPlan): Promise<void> {
    if (!this.#summary || (contextStart === 0 && this.#summary.contextStart === 0)) return;
    this.#adopt(await this.#options.log.trim(this.id, contextStart, contextKept));
  }

  /** @throws InputError `nothing-to-undo` */
  async undoTrim(): Promise<void> {
    if (!this.#summary?.trims) throw new InputError({ reason: 'nothing-to-undo' });
    this.#adopt(await this.#options.log.undoTrim(this.id));
  }

  #adopt(summary: SessionSummary): void {
    this.#summary = summary;
    this.#title = summary.title;
    this.#options.changed();
  }
}

/** The title that a turn's prompt would give. */
export function titleFrom({ messages }: Pick<Turn, 'messages'>): string | undefined {
  const prompt = messages.find(({ role }) => role === 'user');
  return prompt && titleOf(prompt.content);
}

/** The prompt's first line, at most 60 characters, cut at a word. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ') ?? '';
  if (line.length <= 60) return line;
  const cut = line.slice(0, 59);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 30))}…`;
}
