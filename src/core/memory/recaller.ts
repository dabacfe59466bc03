import type { HistoryLog, StoredTurn } from '../historyLog';
import { floor } from '../recall/constants';
import { readQuery } from '../recall/query';
import { describeMoment } from '../time';
import type { LongTermMemory } from './longTermMemory';
import type { Recalled, RecalledFact, RecalledPassage } from './recalled';
import { messageIn, type RecallMarks } from './recallMarks';
import { silenceOf, type Sayable } from './silence';
import { factsThatFit } from './recalledFacts';
import { idOf, sayablesIn, unitsOf, type FoundUnit, type RecalledUnit } from './recalledUnits';

export interface RecallerOptions {
  readonly memory: LongTermMemory;
  readonly log: Pick<HistoryLog, 'session' | 'turn'>;
  readonly marks: Pick<RecallMarks, 'marksOf' | 'kept' | 'list'>;
  readonly clock: () => Date;
  /** IANA time zone in which dates are told. */
  readonly timeZone: string;
  /** Told why recall fails, once until it works again. */
  readonly failed: (error: unknown) => void;
}

export interface RecallSettings {
  /** At most so many passages and facts, neighbours aside. */
  readonly limit: number;
  /** What they may cost a request together, in tokens. */
  readonly maxTokens: number;
  /** A prompt waits no longer than this for them. */
  readonly deadlineMs: number;
}

export interface RecallAsked extends Pick<RecallSettings, 'limit' | 'deadlineMs'> {
  readonly prompt: string;
  /** Ids of the turns that the request carries anyway. */
  readonly carried: readonly string[];
  readonly signal?: AbortSignal;
}

/** What was found, best first; `missed`: why nothing could be. */
export interface Recollection {
  readonly units: readonly RecalledUnit[];
  readonly missed?: 'late' | 'failed';
}

/** More hits than are wanted, as some say the same, or nothing beyond the prompt. */
const spare = 2;
/** Of the deadline, what an embedding model may take: the search comes after it. */
const patienceShare = 0.6;

/**
 * Finds what a prompt recalls. Never rejects but where it is aborted: a prompt goes without rather than fail or wait.
 */
export class Recaller {
  readonly #options: RecallerOptions;
  #hasFailed = false;

  constructor(options: RecallerOptions) {
    this.#options = options;
  }

  /** What every prompt recalls, as the user wants it kept. None where that cannot be read in time. */
  async kept({ limit, deadlineMs }: Pick<RecallSettings, 'limit' | 'deadlineMs'>): Promise<Recollection> {
    const patience = new Patience(deadlineMs, undefined);
    try {
      return await Promise.race([this.#kept(limit), patience.over]);
    } catch {
      return { units: [] };
    } finally {
      patience.end();
    }
  }

  async #kept(limit: number): Promise<Recollection> {
    const kept = await this.#options.marks.kept(limit);
    if (kept.length === 0) return { units: [] };
    const units = unitsOf({ prompt: '', kept, carried: new Set(), facts: [], hits: [] });
    return { units: await this.#told(units) };
  }

  /** @throws the signal's reason once it is aborted */
  async recall(asked: RecallAsked): Promise<Recollection> {
    asked.signal?.throwIfAborted();
    const patience = new Patience(asked.deadlineMs, asked.signal);
    try {
      return await Promise.race([this.#recall(asked), patience.over]);
    } catch (error) {
      asked.signal?.throwIfAborted();
      if (!this.#hasFailed) this.#options.failed(error);
      this.#hasFailed = true;
      return { units: [], missed: 'failed' };
    } finally {
      patience.end();
    }
  }

  async #recall({ prompt, carried, limit, deadlineMs }: RecallAsked): Promise<Recollection> {
    const { memory, marks, clock } = this.#options;
    const now = clock();
    const [kept, hits, facts] = await Promise.all([
      marks.kept(limit),
      memory.recall(prompt, {
        limit: limit * spare,
        carried,
        answered: true,
        neighbours: true,
        now: now.toISOString(),
        patienceMs: deadlineMs * patienceShare,
      }),
      memory.recallFacts(prompt, limit, { patienceMs: deadlineMs * patienceShare }),
    ]);
    this.#hasFailed = false;
    const best = hits[0]?.score ?? 0;
    const found = {
      prompt,
      kept,
      carried: new Set(carried),
      facts: factsThatFit(readQuery(prompt, now.getTime()), facts),
      hits: hits.filter(
        ({ relevance, score }) => relevance >= floor.relevance && score >= floor.score * best,
      ),
    };
    const units = unitsOf(found, await this.#silentOf(sayablesIn(found)));
    return { units: await this.#told(units.slice(0, limit)) };
  }

  async #silentOf(all: readonly Sayable[]): Promise<ReadonlySet<string>> {
    const silent = await silenceOf(all, this.#options.marks);
    return new Set(all.filter((_, index) => silent[index] !== undefined).map(idOf));
  }

  /** With when and where each was said. */
  async #told(units: readonly FoundUnit[]): Promise<readonly RecalledUnit[]> {
    const ids = units.flatMap(({ parts }) =>
      parts.flatMap(({ recalled }) => ('factId' in recalled ? [] : [recalled.sessionId])),
    );
    const titles = new Map(
      await Promise.all([...new Set(ids)].map(async (id) => [id, await this.#titleOf(id)] as const)),
    );
    return units.map(({ parts, kept }) => ({
      kept,
      parts: parts.map((part) => ({ ...part, heading: this.#heading(part.recalled, titles) })),
    }));
  }

  async #titleOf(sessionId: string): Promise<string> {
    return (await this.#options.log.session(sessionId))?.title ?? '';
  }

  #heading(recalled: Recalled, titles: ReadonlyMap<string, string>): string {
    const day = dayOf(recalled.createdAt, this.#options.timeZone);
    if ('factId' in recalled) return `Remembered on ${day}`;
    const title = titles.get(recalled.sessionId) ?? '';
    return title === '' ? day : `${day}, session "${title}"`;
  }

  /** Whether all of it is still there, and says the same: what was deleted or muted must not be sent once more. */
  async isStillThere(recalled: readonly Recalled[]): Promise<boolean> {
    if (recalled.length === 0) return true;
    const { log, memory } = this.#options;
    try {
      const passages = recalled.filter((one): one is RecalledPassage => !('factId' in one));
      const facts = recalled.filter((one): one is RecalledFact => 'factId' in one);
      const ids = [...new Set(passages.map(({ turnId }) => turnId))];
      const turns = new Map(await Promise.all(ids.map(async (id) => [id, await log.turn(id)] as const)));
      const stored = await Promise.all(facts.map(({ factId }) => memory.fact(factId)));
      const sayable = recalled.map((one): Sayable => {
        const source = 'factId' in one ? stored[facts.indexOf(one)]?.source : undefined;
        return source ? { ...one, rememberedIn: source.turnId } : one;
      });
      if ((await this.#silentOf(sayable)).size > 0) return false;
      return (
        passages.every((passage) => isIn(turns.get(passage.turnId), passage)) &&
        facts.every(({ text }, index) => stored[index]?.text === text)
      );
    } catch {
      return false;
    }
  }
}

function isIn(turn: StoredTurn | undefined, { messageId: id, passage, text }: RecalledPassage): boolean {
  const found = turn && messageIn(turn, id);
  return found?.content.slice(passage.start, passage.end) === text;
}

/** Dates from outside may be anything; an unreadable one is told as it stands. */
function dayOf(createdAt: string, timeZone: string): string {
  const date = new Date(createdAt);
  return Number.isNaN(date.getTime()) ? createdAt : describeMoment(date, timeZone).day;
}

/** Ends a wait after so long, or once the signal is aborted. */
class Patience {
  readonly over: Promise<Recollection>;
  #end: () => void = () => undefined;

  constructor(milliseconds: number, signal: AbortSignal | undefined) {
    this.over = new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve({ units: [], missed: 'late' }), milliseconds);
      const stop = (): void => reject(abortReason(signal));
      signal?.addEventListener('abort', stop, { once: true });
      this.#end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
      };
    });
    // Whoever was first has been heard.
    this.over.catch(() => undefined);
  }

  end(): void {
    this.#end();
  }
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException('Stopped', 'AbortError');
}
