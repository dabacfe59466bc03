import { HistoryError } from '../../core/errors';
import {
  isNothingSelected,
  type Forgetting,
  type ForgetItem,
  type ForgetPreview,
  type ForgetRun,
  type ForgetSelection,
  type ForgetTarget,
} from '../../core/forgetting/forgetting';
import {
  countedPlaces,
  receiptState,
  unreachablePlaces,
  type ForgetPlace,
  type ForgetReceipt,
} from '../../core/forgetting/receipt';
import type { KeptReceipt } from '../../protocol/forgetCalls';
import type { CallInput, CallOutput } from '../../protocol/worker';
import { mergedItems } from './forgetItems';
import type { ScopedClient } from './workspaceClient';

export interface SqliteForgettingOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
  readonly newId: () => string;
  /** Whether the workspace's record in VS Code's storage knows of all that this log did up to a sequence. */
  readonly recordHas?: (logId: string, sequence: number) => boolean;
  /** Told of each batch that is gone from the log: what else is kept of it follows. */
  readonly forgotten?: () => void;
  /** Looks at what is pending so often at first, in milliseconds, and ever more seldom. */
  readonly pollMs?: number;
}

/** So many turns are compared with the rest in one call, and in all. */
const turnsPerCall = 10;
const mostCompared = 400;
/** So many of each kind go in one transaction. */
const batchSize = 50;
const longestPoll = 5_000;
/** Of a preview's progress; the rest is looking for what is alike. */
const findingShare = 0.5;

type Found = CallOutput<'forget-find'>;

/** Forgetting in the storage worker's database, a bounded call at a time, so that turns are stored in between. */
export class SqliteForgetting implements Forgetting {
  readonly #options: SqliteForgettingOptions;

  constructor(options: SqliteForgettingOptions) {
    this.#options = options;
  }

  async preview(target: ForgetTarget, { signal, progress }: ForgetRun = {}): Promise<ForgetPreview> {
    const pages: Found[] = [];
    for (let after: number | undefined; ;) {
      signal?.throwIfAborted();
      const page = await this.#call('forget-find', { target, ...(after !== undefined && { after }) });
      pages.push(page);
      after = page.next;
      progress?.((page.searched ?? 1) * findingShare);
      if (after === undefined) break;
    }
    const items = mergedItems(pages.flatMap((page) => page.items));
    const turnIds = [...new Set(pages.flatMap((page) => page.turnIds))];
    const factIds = items.filter(({ kind }) => kind === 'fact').map(({ id }) => id);
    const compared = turnIds.slice(-mostCompared);
    const alike: ForgetItem[] = [];
    for (let from = 0; from === 0 || from < compared.length; from += turnsPerCall) {
      signal?.throwIfAborted();
      progress?.(findingShare + (1 - findingShare) * (from / Math.max(1, compared.length)));
      const some = compared.slice(from, from + turnsPerCall);
      const given = from === 0 ? factIds : [];
      alike.push(...(await this.#call('forget-alike', { turnIds: some, factIds: given })));
    }
    return {
      items,
      alike: withoutGoing(mergedItems(alike), items, turnIds, pages),
      summaries: [...new Map(pages.flatMap((page) => page.summaries).map((one) => [one.id, one])).values()],
      complete: compared.length === turnIds.length,
    };
  }

  async forget(selection: ForgetSelection, { signal, progress }: ForgetRun = {}): Promise<ForgetReceipt> {
    const receiptId = this.#options.newId();
    const batches = batchesOf(selection);
    for (const [index, batch] of batches.entries()) {
      if (signal?.aborted && index > 0) break;
      signal?.throwIfAborted();
      const ended = index === batches.length - 1;
      await this.#call('forget-batch', { receiptId, selection: batch, ended });
      this.#changed();
      progress?.((index + 1) / batches.length);
    }
    return this.#receipt(receiptId);
  }

  async receipts(): Promise<readonly ForgetReceipt[]> {
    return (await this.#call('receipt-list', {})).map((kept) => this.#receiptOf(kept));
  }

  async settled(receiptId: string, signal?: AbortSignal): Promise<ForgetReceipt> {
    for (let wait = this.#options.pollMs ?? 200; ; wait = Math.min(wait * 1.5, longestPoll)) {
      signal?.throwIfAborted();
      const receipt = await this.#receipt(receiptId);
      if (receipt.state !== 'pending') return receipt;
      await pause(wait, signal);
    }
  }

  async #receipt(id: string): Promise<ForgetReceipt> {
    const receipt = (await this.receipts()).find((one) => one.id === id);
    if (!receipt) throw new HistoryError({ reason: 'not-found', message: `No receipt ${id}` });
    return receipt;
  }

  #receiptOf({ id, forgottenAt, ended, counts, sequence, logId, erased }: KeptReceipt): ForgetReceipt {
    const { recordHas = () => true } = this.#options;
    const place = (
      name: ForgetPlace['name'],
      isDone: boolean,
      waitsFor: NonNullable<ForgetPlace['waitsFor']>,
    ): ForgetPlace => (isDone ? { name, state: 'done' } : { name, state: 'pending', waitsFor });
    const places: readonly ForgetPlace[] = [
      ...countedPlaces(counts),
      { ...place('searchIndex', erased.searchIndex, 'tidying'), count: counts.indexed },
      { ...place('vectors', erased.vectors, 'other-window'), count: counts.vectors },
      place('writeAheadLog', erased.writeAheadLog, 'other-window'),
      place('copies', erased.copies, 'copy'),
      place('record', recordHas(logId, sequence), 'storage'),
      ...unreachablePlaces,
    ];
    return { id, forgottenAt, counts, places, state: receiptState(ended, places) };
  }

  /** Every session may have changed. */
  #changed(): void {
    this.#options.client.changed({ workspaceId: this.#options.workspaceId });
    this.#options.forgotten?.();
  }

  #call: ScopedCall = (type, input) =>
    this.#options.client.call(type, { ...input, workspaceId: this.#options.workspaceId });
}

type ForgetCall = 'forget-find' | 'forget-alike' | 'forget-batch' | 'receipt-list';
type ScopedCall = <T extends ForgetCall>(
  type: T,
  input: Omit<CallInput<T>, 'workspaceId'>,
) => Promise<CallOutput<T>>;

/** What goes anyway is not offered. */
function withoutGoing(
  alike: readonly ForgetItem[],
  items: readonly ForgetItem[],
  turnIds: readonly string[],
  pages: readonly Found[],
): readonly ForgetItem[] {
  const going = new Set([
    ...items.map(({ kind, id }) => `${kind} ${id}`),
    ...turnIds.map((id) => `turn ${id}`),
    ...pages.flatMap((page) => page.summaries).map(({ id }) => `summary ${id}`),
  ]);
  return alike.filter(({ kind, id }) => !going.has(`${kind} ${id}`));
}

function batchesOf(selection: ForgetSelection): readonly ForgetSelection[] {
  const none: ForgetSelection = { sessionIds: [], turnIds: [], factIds: [], summaryIds: [], titleIds: [] };
  const names = ['sessionIds', 'turnIds', 'factIds', 'summaryIds', 'titleIds', 'unfinishedIds'] as const;
  const batches = names.flatMap((name) => {
    const ids = selection[name] ?? [];
    const size = name === 'sessionIds' ? 1 : batchSize;
    return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => ({
      ...none,
      ...(name === 'titleIds' && selection.seenTitles && { seenTitles: selection.seenTitles }),
      [name]: ids.slice(index * size, (index + 1) * size),
    }));
  });
  return batches.some((batch) => !isNothingSelected(batch)) ? batches : [none];
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
