import type { SentItem } from '../context/sentContext';
import type { HistoryLog, StoredTurn } from '../historyLog';
import type { Role } from '../message';
import { readQuery } from '../recall/query';
import { TermScanner } from '../recall/termScanner';
import type { LongTermMemory } from './longTermMemory';
import { targetOf, type Recalled, type RecalledSource } from './recalled';
import { markedMessage, type RecallMark, type RecallMarks } from './recallMarks';
import { silenceOf, type Sayable } from './silence';

/** One thing that was recalled for a turn, or could have been, as it is told afterwards. */
export interface ReceiptEntry {
  /** Of a passage: the message it is of, in its turn and session. */
  readonly messageId?: string;
  readonly turnId?: string;
  readonly sessionId?: string;
  readonly sessionTitle?: string;
  readonly role?: Role;
  readonly passage?: { readonly start: number; readonly end: number };
  /** Of a fact; its turn and session are where it was remembered, if they are still there. */
  readonly factId?: string;
  readonly createdAt: string;
  /** As it is stored now; left out where it was deleted since. */
  readonly text?: string;
  /** The fact says something else by now. */
  readonly edited?: true;
  /** Whether the request carried it. */
  readonly included: boolean;
  /** Why it did, or did not: a sentence for the user. */
  readonly reason: string;
  /** Words of the prompt that it holds, as it has them. */
  readonly words: readonly string[];
  readonly tokens: number;
  readonly mark?: RecallMark;
  /** Without a mark of its own, it is not recalled any more, as it says what the user muted elsewhere. */
  readonly silenced?: true;
}

export interface RecallReceipt {
  readonly turnId: string;
  /** In the order in which the request carried them, then those that it did not. */
  readonly entries: readonly ReceiptEntry[];
  /** Why nothing was recalled, where that is not for want of anything. */
  readonly notes: readonly string[];
}

type ToldItem = Pick<SentItem, 'included' | 'reason' | 'tokens'>;

export interface ReceiptSources {
  readonly log: Pick<HistoryLog, 'session' | 'turn'>;
  readonly memory: Pick<LongTermMemory, 'fact'>;
  readonly marks: Pick<RecallMarks, 'marksOf' | 'list'>;
}

/**
 * What a turn's first request recalled. The texts are the log's of now: what was deleted since is told of without them.
 * @param turn whose prompt it was recalled for
 */
export async function recallReceipt(
  turn: { readonly id: string; readonly prompt: string },
  sent: { readonly items: readonly (ToldItem & Pick<SentItem, 'source' | 'recalled'>)[] } | undefined,
  { log, memory, marks }: ReceiptSources,
): Promise<RecallReceipt> {
  const items = (sent?.items ?? []).filter(({ source }) => source === 'recalled');
  const found = items.flatMap(({ recalled, ...item }) => (recalled ? [{ recalled, item }] : []));
  const reader = new SourceReader({ log, memory });
  const matching = matchingWords(turn.prompt, Date.now());
  const told = await Promise.all(found.map(({ recalled, item }) => reader.entry(recalled, item)));
  const [set, silent] = await Promise.all([
    marks.marksOf(found.map(({ recalled }) => targetOf(recalled))),
    silenceOf(
      told.map((entry, index) => sayable(found[index]?.recalled, entry)),
      marks,
    ),
  ]);
  return {
    turnId: turn.id,
    entries: told.map((entry, index): ReceiptEntry => {
      const mark = set[index];
      const isSilenced = silent[index] === 'same' && entry.text !== undefined;
      return {
        ...entry,
        words: matching(entry.text ?? ''),
        ...(mark && { mark }),
        ...(isSilenced && { silenced: true as const }),
      };
    }),
    notes: items.flatMap(({ recalled, reason }) => (recalled ? [] : [reason])),
  };
}

/** With its text of now; of a fact, `turnId` is where it was remembered. */
function sayable(recalled: RecalledSource | undefined, { text = '', turnId }: ReceiptEntry): Sayable {
  const source: RecalledSource = recalled ?? { factId: '', createdAt: '' };
  const one: Recalled = { ...source, text };
  return 'factId' in one && turnId !== undefined ? { ...one, rememberedIn: turnId } : one;
}

/** Reads each turn and title once. */
class SourceReader {
  readonly #log: ReceiptSources['log'];
  readonly #memory: ReceiptSources['memory'];
  readonly #turns = new Map<string, Promise<StoredTurn | undefined>>();
  readonly #titles = new Map<string, Promise<string | undefined>>();

  constructor({ log, memory }: Pick<ReceiptSources, 'log' | 'memory'>) {
    this.#log = log;
    this.#memory = memory;
  }

  async entry(recalled: RecalledSource, item: ToldItem): Promise<ReceiptEntry> {
    const { included, reason, tokens } = item;
    const base = { included, reason, tokens, words: [], createdAt: recalled.createdAt };
    if ('factId' in recalled) return { ...base, ...(await this.#fact(recalled.factId, recalled.createdAt)) };
    const { messageId, turnId, sessionId, role, passage } = recalled;
    const [turn, title] = await Promise.all([this.#turn(turnId), this.#title(sessionId)]);
    const text = turn && markedMessage(turn, messageId, passage)?.text;
    return {
      ...base,
      messageId,
      turnId,
      sessionId,
      role,
      passage,
      ...(title !== undefined && { sessionTitle: title }),
      ...(text !== undefined && { text }),
    };
  }

  async #fact(factId: string, createdAt: string): Promise<Partial<ReceiptEntry>> {
    const fact = await this.#memory.fact(factId);
    if (!fact) return { factId };
    const source = fact.source && !fact.sourceDeleted ? fact.source : undefined;
    const title = source && (await this.#title(source.sessionId));
    return {
      factId,
      text: fact.text,
      ...(fact.createdAt !== createdAt && { edited: true }),
      ...(source && title !== undefined && { ...source, sessionTitle: title }),
    };
  }

  /** A damaged one is as good as gone. */
  #turn(id: string): Promise<StoredTurn | undefined> {
    const turn = this.#turns.get(id) ?? this.#log.turn(id).catch(() => undefined);
    this.#turns.set(id, turn);
    return turn;
  }

  #title(sessionId: string): Promise<string | undefined> {
    const title =
      this.#titles.get(sessionId) ?? this.#log.session(sessionId).then((session) => session?.title);
    this.#titles.set(sessionId, title);
    return title;
  }
}

const mostWords = 8;

/** Finds the words of the prompt in a text, each once. */
function matchingWords(prompt: string, now: number): (text: string) => readonly string[] {
  const query = readQuery(prompt, now);
  const scanner = new TermScanner(query);
  return (text) => {
    const words = new Map<string, string>();
    for (const { start, end } of scanner.scan(text).hits) {
      const word = text.slice(start, end);
      const known = word.toLowerCase();
      if (!words.has(known)) words.set(known, word);
    }
    return [...words.values()].slice(0, mostWords);
  };
}
