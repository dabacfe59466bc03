import { HistoryError } from '../../core/errors';
import { maskText, type MaskedText } from '../../core/secrets/maskText';
import type { MaskOptions, SecretMasker } from '../../core/secrets/secretMasker';
import type { MaskAnswer, MaskChoice, MaskTask } from '../../protocol/secrets';
import { IdleThread, ThreadLate } from '../threads/idleThread';
import { joinedSpans } from './joinedSpans';
import { knownSecrets } from './knownSecrets';

export interface ThreadSecretMaskerOptions {
  /** The bundled rules, dist/secrets.js. */
  readonly secretsPath: string;
  /** As it is now. */
  readonly choice: () => Promise<MaskChoice>;
  /** Loads the bundle on this thread, where a thread of its own cannot be had. */
  readonly load: () => { readonly maskTexts: (task: MaskTask) => readonly MaskedText[] };
  /** Told why secrets cannot be looked for, or not in the thread: once, until they can. Without any text. */
  readonly report?: (message: string) => void;
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
  #reported: string | undefined;

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
      const { masked } = await this.#thread.ask(task, this.#mostMs(texts));
      requireAll(task, masked);
      this.#reported = undefined;
      return masked;
    } catch (error) {
      // What the thread does not get done would make the extension host stand still.
      if (error instanceof ThreadLate) throw this.#cannotLook(error);
      this.#report(`Secrets are not looked for in a thread of their own: ${causesOf(error)}`);
    }
    try {
      const masked = rules ? load().maskTexts(task) : withoutRules(task);
      requireAll(task, masked);
      return masked;
    } catch (cause) {
      throw this.#cannotLook(cause);
    }
  }

  /** Whether what is stored now can be masked, as far as it is to be. Rejects as `mask` does. */
  async check(): Promise<void> {
    const { rules } = await this.#options.choice();
    const [masked] = await this.mask([probe]);
    if (rules && masked?.kinds.length !== 1) throw this.#cannotLook(new Error('The rules find nothing'));
  }

  #cannotLook(cause: unknown): HistoryError {
    this.#report(`Secrets cannot be masked, so nothing is stored: ${causesOf(cause)}`);
    return new HistoryError({ reason: 'no-masking', message: 'Secrets cannot be looked for.', cause });
  }

  #report(message: string): void {
    if (this.#reported === message) return;
    this.#reported = message;
    this.#options.report?.(message);
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

/** Any rules find the secret in it. */
const probe = 'https://throughline:hunter2-0a1B2c3D@localhost/';

/** A bundle that is damaged, or of another version, may answer anything; nothing is stored by that. */
function requireAll({ texts }: MaskTask, masked: unknown): asserts masked is readonly MaskedText[] {
  const isMasked = (one: unknown): boolean =>
    typeof one === 'object' &&
    one !== null &&
    typeof (one as Partial<MaskedText>).text === 'string' &&
    Array.isArray((one as Partial<MaskedText>).kinds);
  if (!Array.isArray(masked) || masked.length !== texts.length || !masked.every(isMasked))
    throw new Error('The answer does not fit');
}

/** The keys that we keep need no rules, and so no bundle. */
function withoutRules({ texts, known, unfinished }: MaskTask): readonly MaskedText[] {
  return texts.map((text) =>
    maskText(text, (part, { isEnd }) => joinedSpans(knownSecrets(part, known, unfinished && isEnd))),
  );
}

function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${causesOf(error.cause)}`;
}

/** No secret is shorter, in characters. */
const shortest = 8;
