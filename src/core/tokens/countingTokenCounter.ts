import type { ToolDefinition } from '../chatModel';
import type { Message } from '../message';
import type { TokenCounter } from '../tokenCounter';
import { messageOverhead, messageText, toolsText } from './countedText';
import { estimateTokens } from './estimateTokens';
import { fingerprint } from './fingerprint';
import type { TokenCounting } from './tokenCounting';

export interface CountingTokenCounterOptions {
  readonly counting: TokenCounting;
  /** `prepare` goes on with estimates after so long, in milliseconds; the counts are kept when they come. */
  readonly patienceMs?: number;
  /** How many texts' counts are remembered beyond the objects that hold them. */
  readonly remembered?: number;
}

/** What is known of a text: shared by all messages that have it. */
interface Known {
  estimate?: number;
  count?: number;
  counting?: Promise<void>;
}

/** One call's texts: so many at most, and beyond the first no more characters than these. */
const batchTexts = 500;
const batchCharacters = 500_000;

/**
 * Counts with the tokenizer, what was prepared; estimates the rest. A text is counted once, however often its message is
 * read from the log again.
 */
export class CountingTokenCounter implements TokenCounter {
  readonly #counting: TokenCounting;
  readonly #patienceMs: number;
  readonly #remembered: number;
  readonly #byObject = new WeakMap<object, Known>();
  /** By fingerprint, the longest unused first. */
  readonly #byText = new Map<string, Known>();

  constructor({ counting, patienceMs = 1_000, remembered = 20_000 }: CountingTokenCounterOptions) {
    this.#counting = counting;
    this.#patienceMs = patienceMs;
    this.#remembered = remembered;
  }

  text(text: string): number {
    return tokensOf(this.#byText.get(fingerprint(text)) ?? {}, () => text);
  }

  message(message: Message): number {
    const known = this.#known(message, messageText);
    return messageOverhead(message) + tokensOf(known, () => messageText(message));
  }

  tools(tools: readonly ToolDefinition[]): number {
    if (tools.length === 0) return 0;
    return tokensOf(this.#known(tools, toolsText), () => toolsText(tools));
  }

  async prepare(messages: readonly Message[], tools: readonly ToolDefinition[]): Promise<void> {
    const texts = new Map<Known, string>();
    const under: Promise<void>[] = [];
    const look = <T extends object>(object: T, textOf: (object: T) => string): void => {
      const known = this.#known(object, textOf);
      if (known.counting) under.push(known.counting);
      else if (known.count === undefined && !texts.has(known)) texts.set(known, textOf(object));
    };
    for (const message of messages) look(message, messageText);
    if (tools.length > 0) look(tools, toolsText);
    for (const batch of batches([...texts])) under.push(this.#count(batch));
    if (under.length > 0) await withPatience(Promise.all(under), this.#patienceMs);
  }

  #known<T extends object>(object: T, textOf: (object: T) => string): Known {
    const own = this.#byObject.get(object);
    if (own) return own;
    const key = fingerprint(textOf(object));
    const known = this.#byText.get(key) ?? {};
    this.#byObject.set(object, known);
    this.#byText.delete(key);
    this.#byText.set(key, known);
    if (this.#byText.size > this.#remembered) {
      for (const oldest of this.#byText.keys()) {
        this.#byText.delete(oldest);
        break;
      }
    }
    return known;
  }

  #count(batch: readonly (readonly [Known, string])[]): Promise<void> {
    const counting = this.#counting
      .count(batch.map(([, text]) => text))
      .then((counts) => {
        for (const [n, [known]] of batch.entries()) {
          const count = counts[n];
          if (count !== undefined && Number.isFinite(count) && count >= 0) known.count = count;
        }
      })
      // The estimates stay.
      .catch(() => undefined)
      .finally(() => {
        for (const [known] of batch) delete known.counting;
      });
    for (const [known] of batch) known.counting = counting;
    return counting;
  }
}

function tokensOf(known: Known, text: () => string): number {
  return known.count ?? (known.estimate ??= estimateTokens(text()));
}

function* batches(texts: readonly (readonly [Known, string])[]): Generator<(readonly [Known, string])[]> {
  let batch: (readonly [Known, string])[] = [];
  let characters = 0;
  for (const entry of texts) {
    const { length } = entry[1];
    if (batch.length > 0 && (batch.length >= batchTexts || characters + length > batchCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(entry);
    characters += length;
  }
  if (batch.length > 0) yield batch;
}

async function withPatience(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
