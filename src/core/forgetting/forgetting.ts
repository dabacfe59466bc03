import type { Role } from '../message';
import type { ForgetReceipt } from './receipt';

/** What is to be forgotten. */
export type ForgetTarget =
  | { readonly kind: 'turn'; readonly turnId: string }
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'fact'; readonly factId: string }
  | ({ readonly kind: 'query' } & ForgetQueryOptions);

export interface ForgetQueryOptions {
  /** Every word, and every "phrase", must be there. */
  readonly query: string;
  /** The filters are of messages; facts, summaries and titles are looked at only where there is none. */
  readonly role?: Role;
  readonly sessionId?: string;
  /** Only what was said at this time or later, and before this time. ISO 8601. */
  readonly after?: string;
  readonly before?: string;
}

/**
 * Why an item is in a preview. target: it was asked for. copy: it is the same turn, or fact, again. same: it holds a
 * message with the same text. quotes: it holds the text within another. recalled: recall has quoted it there. from: a
 * fact that was remembered in it.
 */
export type ForgetReason = 'target' | 'copy' | 'same' | 'quotes' | 'recalled' | 'from';

interface ForgetItemBase {
  readonly id: string;
  readonly why: ForgetReason;
  /** How it begins, on one line; '' where it is damaged. */
  readonly beginning: string;
  /** About so much of the disk. */
  readonly bytes: number;
}

export interface ForgetTurnItem extends ForgetItemBase {
  readonly kind: 'turn';
  readonly sessionId: string;
  readonly createdAt: string;
  readonly messages: number;
  /** It runs, here or in another window, and cannot be forgotten before it has ended. */
  readonly running?: true;
  /** The log does not have it: its prompt waits behind another, or it has ended and could not be written. */
  readonly unfinished?: 'waiting' | 'unsaved';
}

export interface ForgetSessionItem extends ForgetItemBase {
  readonly kind: 'session';
  readonly createdAt: string;
  readonly turns: number;
  readonly messages: number;
}

export interface ForgetFactItem extends ForgetItemBase {
  readonly kind: 'fact';
  readonly createdAt: string;
}

export interface ForgetSummaryItem extends ForgetItemBase {
  readonly kind: 'summary';
  readonly sessionId: string;
  readonly createdAt: string;
}

/** A session's title, by the session's id: the session is then called after its first prompt that is left. */
export interface ForgetTitleItem extends ForgetItemBase {
  readonly kind: 'title';
}

export type ForgetItem =
  ForgetTurnItem | ForgetSessionItem | ForgetFactItem | ForgetSummaryItem | ForgetTitleItem;

export interface ForgetPreview {
  /** What was asked for. */
  readonly items: readonly ForgetItem[];
  /** What else holds the same text: goes only if it is chosen. */
  readonly alike: readonly ForgetItem[];
  /** Summaries that cover a turn of `items`, and go with it. */
  readonly summaries: readonly { readonly id: string; readonly sessionId: string }[];
  /** False: so much was asked for that what is alike was not looked for everywhere. */
  readonly complete: boolean;
}

/** By ids, so that what is forgotten is what was seen. */
export interface ForgetSelection {
  readonly sessionIds: readonly string[];
  readonly turnIds: readonly string[];
  readonly factIds: readonly string[];
  readonly summaryIds: readonly string[];
  /** Of sessions. */
  readonly titleIds: readonly string[];
  /** By session, as they were seen: one that is another by now stays. Left out: whatever it is. */
  readonly seenTitles?: Readonly<Record<string, string>>;
  /** Turns that were in no log, and have been removed from where they were: buried, so that nothing writes them any more. */
  readonly unfinishedIds?: readonly string[];
}

export interface ForgetRun {
  readonly signal?: AbortSignal;
  /** Told how much is done, from 0 to 1. */
  readonly progress?: (done: number) => void;
}

/**
 * Port to forgetting: for good, in every place where a text is kept, with a receipt. Rejects with HistoryError:
 * `not-found` where the target is not there, `busy` where a turn runs that is to go; with InputError for a query without
 * any word.
 */
export interface Forgetting {
  /** Changes nothing. */
  preview(target: ForgetTarget, run?: ForgetRun): Promise<ForgetPreview>;
  /**
   * Deletes for good, leaving tombstones, a bounded batch a transaction. Aborted, it stops between two batches, and the
   * receipt says so. What is not there any more is passed over.
   */
  forget(selection: ForgetSelection, run?: ForgetRun): Promise<ForgetReceipt>;
  /** Of this workspace's deletes, newest first. */
  receipts(): Promise<readonly ForgetReceipt[]>;
  /** Resolves with the receipt once nothing of it is pending. Rejects when aborted, `not-found` where it is gone. */
  settled(receiptId: string, signal?: AbortSignal): Promise<ForgetReceipt>;
}

export function selectionOf(items: readonly ForgetItem[]): ForgetSelection {
  const idsOf = (kind: ForgetItem['kind']): readonly string[] => [
    ...new Set(items.filter((item) => item.kind === kind).map(({ id }) => id)),
  ];
  return {
    sessionIds: idsOf('session'),
    turnIds: idsOf('turn'),
    factIds: idsOf('fact'),
    summaryIds: idsOf('summary'),
    titleIds: idsOf('title'),
    seenTitles: Object.fromEntries(
      items.flatMap((item) => (item.kind === 'title' ? [[item.id, item.beginning]] : [])),
    ),
  };
}

export function isNothingSelected(selection: ForgetSelection): boolean {
  const { seenTitles: _, ...ids } = selection;
  return Object.values(ids).every((some?: readonly string[]) => (some ?? []).length === 0);
}
