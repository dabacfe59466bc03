import { HistoryError } from '../errors';
import type { HistoryLog, StoredTurn } from '../historyLog';
import type { LiveTurn } from '../liveTurn';
import type { Recaller } from '../memory/recaller';
import { originalsOf } from '../memory/originals';
import type { Summary } from '../memory/summary';
import type { Message, Usage } from '../message';
import { standInPlan, trimPlan, type TrimChoice } from '../memory/trimPlan';
import type { SessionSettings } from '../sessionDependencies';
import type { SessionEntry } from '../sessionEntry';
import type { Context } from './context';
import { keptRecall, recallFor } from './requestRecall';
import { carriedTurns, requestChange, type RequestChange } from './requestChange';
import type { SentContext } from './sentContext';
import { noParts, type BuildOptions, type ContextParts, type SessionContext } from './sessionContext';

export interface SessionRequestsOptions {
  readonly log: HistoryLog;
  readonly recaller?: Recaller;
  readonly settings: () => SessionSettings;
  readonly settingsRead?: () => Promise<void>;
  readonly newId: () => string;
  readonly entry: SessionEntry;
  readonly context: SessionContext;
  /** These turns and, after them, those that could not be written yet. */
  readonly unsaved: (turns: readonly StoredTurn[]) => readonly StoredTurn[];
  /** Resolves once nothing runs. */
  readonly settled: () => Promise<void>;
  /** Reads the session again. */
  readonly refresh: () => Promise<unknown>;
}

/** What the next request would carry, and the id by which it can be sent. */
export interface InspectedContext extends Context {
  readonly contextId: string;
}

/** Which trim it is: what it leaves, and how many can be undone with it. */
export interface TrimInForce {
  readonly mark: string;
  readonly trims: number;
}

interface Inspected {
  readonly prompt: string;
  readonly context: Context;
  /** What it was made of. */
  readonly parts: ContextParts;
}

/** So many of the contexts last inspected can still be sent. */
const keptContexts = 8;

/** What a session's requests carry, and have carried; and what the user does about it: pins, trims, summaries. */
export class SessionRequests {
  readonly id: string;
  readonly #options: SessionRequestsOptions;
  readonly #inspected = new Map<string, Inspected>();

  constructor(sessionId: string, options: SessionRequestsOptions) {
    this.id = sessionId;
    this.#options = options;
  }

  /**
   * Exactly what sending `prompt` now would make of the first request. Stores nothing.
   * @param instead of what the settings say
   * @throws InputError `cannot-fit`
   */
  async inspect(prompt: string, instead: Partial<SessionSettings> = {}): Promise<InspectedContext> {
    const { settled, settings, settingsRead, newId } = this.#options;
    await settled();
    await settingsRead?.();
    const chosen = { ...settings(), ...instead };
    const parts = await this.#read(chosen.maxTokens);
    const built = await this.#first(prompt, parts, chosen);
    const contextId = newId();
    this.#inspected.set(contextId, { prompt, context: built, parts });
    for (const id of [...this.#inspected.keys()].slice(0, -keptContexts)) this.#inspected.delete(id);
    return { ...built, contextId };
  }

  /** What was inspected, to be sent as it is. @throws HistoryError `stale` where prompt or session is another by now */
  async inspectedAs({ messages }: LiveTurn, contextId: string | undefined): Promise<Context | undefined> {
    if (contextId === undefined) return undefined;
    const inspected = this.#inspected.get(contextId);
    const isSame =
      inspected?.prompt === messages[0]?.content &&
      inspected?.parts.session.length === (this.#options.entry.summary?.length ?? 0) &&
      isStillThere(inspected, await this.#read(inspected.context.maxTokens)) &&
      (await this.#isStillRecalled(inspected));
    if (isSame) return inspected.context;
    const message = 'The session or the prompt has changed since this context was made: inspect it again.';
    throw new HistoryError({ reason: 'stale', message });
  }

  /** Like `inspect`, but cannot be sent. @throws InputError `cannot-fit` */
  async preview(prompt: string): Promise<Context> {
    return this.#first(prompt, await this.parts(), this.#options.settings());
  }

  /** The first request of a turn, with what it recalls. */
  async #first(prompt: string, parts: ContextParts, settings: SessionSettings): Promise<Context> {
    const { context, recaller } = this.#options;
    const current = currentOf(prompt);
    const recall = await recallFor(current[0], { context, recaller, parts, settings });
    return context.build(parts, current, settings, { recall });
  }

  async #isStillRecalled({ context: { items } }: Inspected): Promise<boolean> {
    const recalled = items.flatMap((item) => (item.included && item.recalled ? [item.recalled] : []));
    return recalled.length === 0 || (await this.#options.recaller?.isStillThere(recalled)) === true;
  }

  /** What the requests of an ended turn carried; undefined where that is not known. */
  sentContext(turnId: string): Promise<SentContext | undefined> {
    return this.#options.log.sentContext(turnId);
  }

  /** What the next request would be made of. */
  async parts(): Promise<ContextParts> {
    await this.#options.settingsRead?.();
    return this.#read();
  }

  /** @param maxTokens of the request, where it is not what the settings say */
  async #read(maxTokens?: number): Promise<ContextParts> {
    const { context, entry, unsaved, settings, recaller } = this.#options;
    const { recall } = settings();
    const [parts, kept] = await Promise.all([
      context.read(entry.summary, maxTokens),
      (recall && recaller?.kept(recall)) ?? noParts.kept,
    ]);
    return { ...parts, turns: unsaved(parts.turns), kept };
  }

  /**
   * The request that these would make: what `inspect` says of it, but for what a prompt recalls beside what is always
   * kept. Nothing is asked for it, and it cannot be sent by an id.
   */
  contextOf(parts: ContextParts, prompt = ''): Context {
    return this.#built(parts, prompt, {});
  }

  /** The next request, before a prompt is typed, once the user has changed what is carried to these. */
  contextAfter(parts: ContextParts): Context {
    return this.#built(parts, '', { isAnew: true });
  }

  #built(parts: ContextParts, prompt: string, options: Pick<BuildOptions, 'isAnew'>): Context {
    const { context, settings } = this.#options;
    const now = settings();
    return context.build(parts, currentOf(prompt), now, { ...options, recall: keptRecall(parts, now) });
  }

  /** What that changes in it. */
  changeTo(parts: ContextParts, before: ContextParts): RequestChange {
    return requestChange(this.contextOf(before), this.contextAfter(parts));
  }

  /** What they have used, as far as it was reported. */
  async usage(): Promise<Usage | undefined> {
    return this.#options.entry.summary ? this.#options.log.usage(this.id) : undefined;
  }

  /** Every request carries a pinned turn from now on. */
  async pin(turnId: string, pinned: boolean): Promise<void> {
    await this.#options.log.pin(turnId, pinned);
    await this.#changed();
  }

  /** Of whatever state, in the order of the turns that they cover. */
  async summaries(): Promise<readonly Summary[]> {
    return this.#options.entry.summary ? this.#options.log.summaries(this.id) : [];
  }

  /** The turns that these summaries cover, each shortened as it is read. */
  originals(
    summaries: readonly Summary[],
    shorten: (turn: StoredTurn) => StoredTurn,
  ): Promise<readonly StoredTurn[]> {
    return originalsOf(this.#options.log, this.id, summaries, shorten);
  }

  /** Adds a summary, or changes one. */
  async putSummary(summary: Summary): Promise<void> {
    await this.#options.log.putSummary(summary);
    if (summary.state === 'undone') await this.#changed();
    else await this.#options.refresh();
  }

  /** Requests carry only what is chosen from now on. Undoable. With `preview` nothing is changed. */
  async trim(
    choice: TrimChoice,
    { preview = false }: { readonly preview?: boolean } = {},
  ): Promise<RequestChange> {
    const { settled, context, entry } = this.#options;
    await settled();
    const parts = await this.parts();
    const turns = await this.#turnsToTrim(choice, parts);
    const plan = trimPlan(choice, turns, (turn) => context.costOf(turn));
    const result = this.changeTo({ ...parts, session: { ...parts.session, ...plan } }, parts);
    if (preview) return result;
    context.restart();
    await entry.trim(plan);
    return result;
  }

  /** The summary takes the place of its turns at once, rather than when they no longer fit. Undone as a trim is. */
  async standIn(summary: Summary): Promise<void> {
    const { settled, context, entry } = this.#options;
    await settled();
    const parts = await this.parts();
    const plan = standInPlan(summary, parts, carriedTurns(this.contextOf(parts)));
    context.restart();
    await entry.trim(plan);
  }

  /** @throws InputError `nothing-to-undo` */
  async undoTrim(): Promise<void> {
    await this.#options.settled();
    this.#options.context.restart();
    await this.#options.entry.undoTrim();
  }

  /** The trim in force, to be undone later, and no other. */
  get trimInForce(): TrimInForce {
    const { contextStart = 0, contextKept = [], trims = 0 } = this.#options.entry.summary ?? {};
    return { mark: [contextStart, ...contextKept].join(), trims };
  }

  /** Undoes this trim alone. What has happened to it meanwhile, here or in another window, is told, and left as it is. */
  async undoThisTrim({ mark, trims }: TrimInForce): Promise<'undone' | 'already-undone' | 'trimmed-again'> {
    await this.#options.settled();
    await this.#options.refresh();
    const now = this.trimInForce;
    if (now.trims < trims) return 'already-undone';
    if (now.trims > trims || now.mark !== mark) return 'trimmed-again';
    await this.undoTrim();
    return 'undone';
  }

  /** All that could be kept: of the newest turns, where only their number counts, more than a request could carry. */
  async #turnsToTrim(choice: TrimChoice, { turns }: ContextParts): Promise<readonly StoredTurn[]> {
    const { log, entry } = this.#options;
    if (!('turns' in choice) || choice.turns < turns.length || !entry.summary) return turns;
    const page = await log.turns(this.id, { limit: choice.turns + 1 });
    return page.turns.filter(({ status }) => status !== 'running');
  }

  /** What is carried is another now: the next window begins anew. */
  async #changed(): Promise<void> {
    this.#options.context.restart();
    await this.#options.refresh();
  }
}

/** @returns where the turns are that a context names; undefined for what has no place yet */
export function positionsIn({ turns, pins }: ContextParts): (turnId: string) => number | undefined {
  const positions = new Map([...pins, ...turns].map(({ id, position }) => [id, position]));
  return (turnId) => {
    const position = positions.get(turnId);
    return Number.isFinite(position) ? position : undefined;
  };
}

/** What is typed as the turn that it begins; none before anything is. */
function currentOf(prompt: string): readonly Message[] {
  return prompt.trim() === '' ? [] : [{ role: 'user', content: prompt }];
}

/** Whether all that the context carries still says the same: what was deleted must not be sent once more. */
function isStillThere({ context: { items }, parts }: Inspected, now: ContextParts): boolean {
  const [before, after] = [textsOf(parts), textsOf(now)];
  return items.every(({ included, turnId, summaryId }) => {
    const id = turnId ?? summaryId;
    return !included || id === undefined || isAlike(before.get(id), after.get(id));
  });
}

function textsOf({ turns, pins, summaries }: ContextParts): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...[...pins, ...turns].map(({ id, messages }) => [id, messages] as const),
    ...summaries.map(({ id, text }) => [id, text] as const),
  ]);
}

function isAlike(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
