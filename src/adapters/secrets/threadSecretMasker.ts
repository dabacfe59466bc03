import { HistoryError } from '../../core/errors';
import type { MaskedText } from '../../core/secrets/maskText';
import type { MaskOptions, SecretMasker } from '../../core/secrets/secretMasker';
import type { MaskAnswer, MaskChoice, MaskTask } from '../../protocol/secrets';
import { IdleThread, ThreadLate } from '../threads/idleThread';

export interface ThreadSecretMaskerOptions {
  /** The bundled rules, dist/secrets.js. */
  readonly secretsPath: string;
  /** As it is now. */
  readonly choice: () => Promise<MaskChoice>;
  /** Loads the bundle on this thread, where a thread of its own cannot be had. */
  readonly load: () => { readonly maskTexts: (task: MaskTask) => readonly MaskedText[] };
  readonly idleMs?: number;
  /** How long the rules may take, beside what the length of a text adds to it, in milliseconds. */
  readonly mostMs?: number;
}

/** What the bundle tells by that it is a thread's entry. */
const threadData = 'throughline-secrets';

/** Looks for secrets in a thread of its own: a long text takes the rules longer than the extension host may stand still. */
export class ThreadSecretMasker implements SecretMasker {
  readonly #options: ThreadSecretMaskerOptions;
  readonly #thread: IdleThread<MaskTask, MaskAnswer>;

  constructor(options: ThreadSecretMaskerOptions) {
    this.#options = options;
    const { secretsPath: path, idleMs } = options;
    this.#thread = new IdleThread({
      path,
      name: 'search for secrets',
      workerData: threadData,
      maxMegabytes: 400,
      ...(idleMs !== undefined && { idleMs }),
    });
  }

  async mask(
    texts: readonly string[],
    { unfinished = false }: MaskOptions = {},
  ): Promise<readonly MaskedText[]> {
    const { load, choice } = this.#options;
    const { known, rules } = await choice();
    if ((known.length === 0 && !rules) || texts.every((text) => text.length < shortest)) {
      return texts.map((text) => ({ text, kinds: [] }));
    }
    const task: MaskTask = { texts, known, rules, unfinished };
    try {
      return (await this.#thread.ask(task, this.#mostMs(texts))).masked;
    } catch (late) {
      // What the thread does not get done would make the extension host stand still.
      if (late instanceof ThreadLate) throw cannotLook(late);
      try {
        return load().maskTexts(task);
      } catch (cause) {
        throw cannotLook(cause);
      }
    }
  }

  /** Many times what the rules take on a slow machine, as others may be before it. */
  #mostMs(texts: readonly string[]): number {
    const characters = texts.reduce((sum, { length }) => sum + length, 0);
    return (this.#options.mostMs ?? 60_000) + characters / 10;
  }

  dispose(): Promise<void> {
    return this.#thread.dispose();
  }
}

function cannotLook(cause: unknown): HistoryError {
  return new HistoryError({ reason: 'unavailable', message: 'Secrets cannot be looked for.', cause });
}

/** No secret is shorter, in characters. */
const shortest = 8;
