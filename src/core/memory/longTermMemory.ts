import type { Role } from '../message';
import type { Span } from '../recall/passages';
import type { Fact, FactVersion } from './fact';

export interface RecallOptions {
  /** At most this many hits. */
  readonly limit: number;
  /** Only this session. */
  readonly sessionId?: string;
  readonly role?: Role;
  /** Only what was said at this time or later. ISO 8601. */
  readonly after?: string;
  /** Only what was said before this time. ISO 8601. */
  readonly before?: string;
  /** Only messages that call tools, and what these returned. */
  readonly hasToolCall?: boolean;
  /** Only messages that name this path, or one that ends so, in their text or in what they call. */
  readonly path?: string;
  /**
   * What was said in the log's other workspaces, too; each hit then names its own. Only where the user asks for it: what
   * is recalled into a request, and what an agent asks for, stays within the workspace.
   */
  readonly everywhere?: boolean;
  /** Leave this turn out (the one that asks). */
  readonly exceptTurnId?: string;
  /** Leave these turns out, too: who asks has them. */
  readonly carried?: readonly string[];
  /** Leave out turns that failed without an answer, as hits and as neighbours. */
  readonly answered?: boolean;
  /** With each hit what it makes no sense without: see `RecallHit.neighbour`. */
  readonly neighbours?: boolean;
  /**
   * How long it may wait for what the query means to an embedding model, where one is chosen: after that, words alone
   * answer. In milliseconds; left out: a few seconds.
   */
  readonly patienceMs?: number;
  /** When it is asked, which "last week" in the query is told from. ISO 8601; left out: now. */
  readonly now?: string;
}

export interface RecallHit {
  readonly messageId: string;
  readonly turnId: string;
  readonly sessionId: string;
  readonly role: Role;
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  /**
   * How much it has to do with the query, comparable from one query to another: what it holds, itself or by its
   * neighbours, of the words that say what is asked about; a word that hardly any message holds counts 1.
   */
  readonly relevance: number;
  /** Who speaks, where that is a person of several. */
  readonly name?: string;
  /** The whole message. */
  readonly text: string;
  readonly createdAt: string;
  /** The stretch of a long text that answers best; all of a short one. In UTF-16 code units of `text`. */
  readonly passage: Span;
  /** Where the passage holds words of the query, ascending. Empty where its neighbours alone do. */
  readonly highlights: readonly Span[];
  /** Of a message without words: the names and arguments of the tools that it calls, and where they hold words of the query. */
  readonly called?: { readonly text: string; readonly highlights: readonly Span[] };
  /** Of a search with neighbours: the short question that it answers, or the short answer to it. */
  readonly neighbour?: RecallNeighbour;
  /** Of a search everywhere. */
  readonly workspace?: RecallWorkspace;
  /** Words could not be searched: it is found by its meaning, and others that hold the words may be missing. */
  readonly byMeaningAlone?: true;
}

/** A whole message that stands beside a hit, in the same session. */
export interface RecallNeighbour extends Pick<
  RecallHit,
  'messageId' | 'turnId' | 'sessionId' | 'role' | 'name' | 'text' | 'createdAt'
> {
  /** It was said before the hit. */
  readonly isBefore: boolean;
}

/** What narrows a list of what was said, as it narrows a search. */
export interface MessageListOptions extends Pick<
  RecallOptions,
  'limit' | 'sessionId' | 'role' | 'after' | 'before' | 'hasToolCall' | 'path' | 'everywhere'
> {
  /** How far to look where few fit: so many rounds, each of a bounded number of messages. 1 where it is left out. */
  readonly reach?: number;
}

/** Messages, the newest first. As hits they have no score, and `highlights` where they name the path that was asked for. */
export interface MessagePage {
  readonly messages: readonly RecallHit[];
  /** Whether there are others that fit, or may be. */
  readonly more: boolean;
  /** It looked no further back than this time, as its reach was at an end: with more reach it goes on. ISO 8601. */
  readonly lookedBackTo?: string;
}

/** A workspace of the log, as people know it. */
export interface RecallWorkspace {
  readonly id: string;
  /** The last part of the path of its folder or workspace file. */
  readonly name: string;
  /** Whether it is the one that is asked in. */
  readonly here: boolean;
  /** Its folder or workspace file, if it is a single one: as the machine `remote` knows it. */
  readonly uri?: string;
  readonly remote?: string;
}

export interface FactHit extends Fact {
  readonly score: number;
  /** How near in meaning it is to the query, as `RecallHit.relevance` counts that; left out where that is not known. */
  readonly meant?: number;
}

export interface FactListOptions {
  /** At most this many facts. */
  readonly limit: number;
  /** Only those listed after the fact with this id; `not-found` where there is none. */
  readonly before?: string;
  /** Only those whose text holds every word of this, or a part of a word, without regard to case and accents. */
  readonly filter?: string;
  /** With their earlier texts, at which `filter` looks too. */
  readonly history?: boolean;
}

/** A fact as it is listed. */
export interface ListedFact extends Fact {
  /** The turn that it was remembered in was deleted. */
  readonly sourceDeleted?: true;
}

export interface FactPage {
  /** Those first whose present text was stored last. */
  readonly facts: readonly ListedFact[];
  /** Whether there are facts after the last of these. */
  readonly more: boolean;
}

/** Port to the search over all messages and remembered facts of a workspace. Rejects with HistoryError. */
export interface LongTermMemory {
  /**
   * Best first: messages that hold words of the query, or stand beside one that does and answer it by that; with an
   * embedding model, also what is near in meaning. By words, a query without any searchable one finds nothing.
   */
  recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]>;
  /** All messages that fit, the newest first. */
  listMessages(options: MessageListOptions): Promise<MessagePage>;
  /** Best first, by what they say now; without their history. */
  recallFacts(
    query: string,
    limit: number,
    options?: Pick<RecallOptions, 'patienceMs'>,
  ): Promise<readonly FactHit[]>;
  /** Keeps a fact; idempotent by id. `exists` where it was deleted. */
  remember(fact: Fact): Promise<void>;
  /**
   * Gives a fact a newer text; what it said until now becomes its history. Nothing changes where it says so already.
   * `not-found` where there is no such fact. @returns it with its history
   */
  editFact(factId: string, version: FactVersion): Promise<Fact>;
  /**
   * Takes the last edit apart: the present text and the one before it, with the rest of the history, become two facts
   * under new ids, each with the fact's recall mark, and the fact itself is deleted. `not-found` where there is no such
   * fact or it has no history.
   */
  separateFact(
    factId: string,
    ids: { readonly present: string; readonly earlier: string },
  ): Promise<{ readonly present: Fact; readonly earlier: Fact }>;
  /** Deletes a fact with its history for good. @returns whether there was one */
  forget(factId: string): Promise<boolean>;
  facts(options: FactListOptions): Promise<FactPage>;
  /** With its history. */
  fact(factId: string): Promise<ListedFact | undefined>;
}
