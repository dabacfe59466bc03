import type { ForgetItem, ForgetPreview, ForgetSelection, ForgetTarget } from '../core/forgetting/forgetting';
import type { ForgetCounts } from '../core/forgetting/receipt';

interface Scoped {
  readonly workspaceId: string;
}

/** A receipt of a delete as the log keeps it, and how far the places that follow the log have followed. */
export interface KeptReceipt {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly forgottenAt: string;
  /** False: more was to follow. */
  readonly ended: boolean;
  readonly counts: ForgetCounts;
  /** The log's, as of the delete. */
  readonly sequence: number;
  readonly logId: string;
  readonly erased: {
    readonly searchIndex: boolean;
    readonly writeAheadLog: boolean;
    readonly copies: boolean;
    readonly vectors: boolean;
  };
}

/** What the storage worker is asked to forget: see worker.ts. */
export interface ForgetCalls {
  /** What a target names, a page at a time. */
  'forget-find': {
    input: Scoped & { readonly target: ForgetTarget; readonly after?: number };
    output: {
      readonly items: readonly ForgetItem[];
      /** Turns that go, those of a session one by one. */
      readonly turnIds: readonly string[];
      /** That cover one of them. */
      readonly summaries: ForgetPreview['summaries'];
      /** Where the next page begins; left out where there is none. */
      readonly next?: number;
      /** With `next`: how much of the history was looked through by then, from 0 to 1. */
      readonly searched?: number;
    };
  };
  /** What else holds the text of these. */
  'forget-alike': {
    input: Scoped & { readonly turnIds: readonly string[]; readonly factIds: readonly string[] };
    output: readonly ForgetItem[];
  };
  /** Deletes a batch for good, and adds it to the receipt. */
  'forget-batch': {
    input: Scoped & {
      readonly receiptId: string;
      readonly selection: ForgetSelection;
      /** Nothing follows under the same receipt. */
      readonly ended: boolean;
    };
    output: undefined;
  };
  /** Newest first. */
  'receipt-list': { input: Scoped; output: readonly KeptReceipt[] };
}
