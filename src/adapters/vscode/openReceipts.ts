import type { HostMessageBody } from '../../protocol/chat';
import { toViewReceipt, type RecallReceipts } from './recallReceipts';

export interface OpenReceiptsOptions {
  readonly receipts: Pick<RecallReceipts, 'of' | 'onChange'>;
  readonly send: (message: HostMessageBody) => void;
  readonly describe: (error: unknown) => unknown;
}

/** The receipts that a view has open: each is read when it is opened, and again whenever it may have changed. */
export class OpenReceipts {
  readonly #options: OpenReceiptsOptions;
  /** By turn, as last sent. */
  readonly #sent = new Map<string, string>();
  readonly #unsubscribe: () => void;
  #reading = false;
  #wanted = false;

  constructor(options: OpenReceiptsOptions) {
    this.#options = options;
    this.#unsubscribe = options.receipts.onChange(() => void this.#refresh());
  }

  open(turnId: string): Promise<void> {
    this.#sent.set(turnId, '');
    return this.#refresh();
  }

  close(turnId: string): void {
    this.#sent.delete(turnId);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#sent.clear();
  }

  /** One at a time; what changes meanwhile is read after it. */
  async #refresh(): Promise<void> {
    this.#wanted = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        for (const turnId of [...this.#sent.keys()]) await this.#send(turnId);
      }
    } finally {
      this.#reading = false;
    }
  }

  async #send(turnId: string): Promise<void> {
    const receipt = await this.#options.receipts.of(turnId).catch((error: unknown) => {
      this.#options.describe(error);
      return undefined;
    });
    const message = {
      type: 'receipt-change',
      turnId,
      ...(receipt && { receipt: toViewReceipt(receipt) }),
    } as const;
    const text = JSON.stringify(message);
    if ((this.#sent.get(turnId) ?? text) === text) return;
    this.#sent.set(turnId, text);
    this.#options.send(message);
  }
}
