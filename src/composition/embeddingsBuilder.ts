import { readAddress } from '../adapters/models/openai/address';
import type { createOpenAIEmbeddingModel } from '../adapters/models/openaiEmbeddingModel';
import type { ApiKeys, Endpoint } from '../adapters/vscode/apiKeys';
import { onSettingsChange, type Settings } from '../adapters/vscode/settings';
import { embeddingSettings, tellFallback, tellWordsMissing } from '../adapters/vscode/embeddingNotices';
import { EmbeddingStatusBar } from '../adapters/vscode/embeddingStatusBar';
import type { EmbeddingModel } from '../core/embeddingModel';
import { Embeddings, type ChosenEmbedding } from '../core/memory/embedding/embeddings';
import type { VectorStore } from '../core/memory/embedding/vectorStore';
import type { HistoryLog } from '../core/historyLog';
import { describeError } from '../core/userMessage';

export interface EmbeddingsBuilderOptions {
  readonly settings: () => Settings;
  readonly keys: ApiKeys;
  /** The chat model's. */
  readonly endpoint: () => Endpoint;
  /** Loads the client, which is heavy, when it is first needed. */
  readonly openai: () => typeof createOpenAIEmbeddingModel;
  /** Whether the chat's history is on disk. */
  readonly isStored: () => boolean;
  /** Takes secrets out of what is sent. */
  readonly mask: (text: string) => Promise<string>;
  readonly owner: string;
  readonly note: (message: string) => void;
  readonly failed: (error: unknown) => void;
}

/** From the start of a chat to when its history is looked at: a window that opens has other things to do. Milliseconds. */
const firstAfterMs = 5_000;

/** A part of the composition root: embeddings as the settings choose them. */
export function embeddingsBuilder(options: EmbeddingsBuilderOptions) {
  const { settings, keys, endpoint, openai, isStored, mask, owner, note, failed } = options;
  const place = (): Endpoint => {
    const { baseUrl } = settings().embeddings;
    return baseUrl === '' ? endpoint() : { baseUrl, chosen: true };
  };
  const choice = (): string => JSON.stringify([settings().embeddings, place(), settings().strategy]);
  const modelOf = rememberingLast(openai);
  let store: VectorStore | undefined;
  const statusBar = new EmbeddingStatusBar();
  const embeddings = new Embeddings({
    chosen: async (): Promise<ChosenEmbedding | undefined> => {
      const name = settings().embeddings.model;
      if (name === '') return undefined;
      const { baseUrl } = place();
      const apiKey = await keys.get(place());
      return {
        // Without a user's name and password, as it is kept.
        source: { name, baseUrl: readAddress(baseUrl).baseUrl },
        modelNamed: (model) => modelOf({ baseUrl, model, ...(apiKey !== undefined && { apiKey }) }),
      };
    },
    store: () => (isStored() ? store : undefined),
    mask,
    owner,
    now: Date.now,
    sleep,
    changed: (status) => statusBar.show(status),
    fellBack: (error) => {
      const context = { baseUrl: place().baseUrl, model: settings().embeddings.model };
      const description = describeError(error, { ...context, settings: embeddingSettings });
      note(`Embeddings: ${description.reason}: ${description.message}`);
      void tellFallback(description);
    },
    failed,
  });
  let last = choice();
  const subscriptions = [
    statusBar,
    onSettingsChange(() => {
      const now = choice();
      if (now !== last) void embeddings.reset();
      last = now;
    }),
    keys.onChange(() => void embeddings.reset()),
  ];
  return {
    embeddings,
    meaningOf: (query: string, patienceMs: number) => embeddings.meaningOf(query, patienceMs),
    wordsMissing: () => void tellWordsMissing(),
    /** The history that is embedded from now on. */
    follow: (log: HistoryLog, vectors: VectorStore) => {
      store = vectors;
      log.onChange(({ own }) => {
        if (own) embeddings.soon();
      });
      embeddings.soon(firstAfterMs);
    },
    /** Where embeddings are asked for, if that is not where the chat model is. */
    embeddingBaseUrl: () => {
      const { model, baseUrl } = settings().embeddings;
      return model === '' || baseUrl === '' || baseUrl === endpoint().baseUrl ? undefined : baseUrl;
    },
    dispose: () => subscriptions.forEach((one) => void one.dispose()),
  };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}

/** The same choice gives the same model, which has learned what its server wants. */
function rememberingLast(
  openai: EmbeddingsBuilderOptions['openai'],
): (options: {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string;
}) => EmbeddingModel {
  const known = new Map<string, EmbeddingModel>();
  return (options) => {
    const key = JSON.stringify(options);
    const model = known.get(key) ?? openai()(options);
    if (!known.has(key) && known.size > 3) known.clear();
    known.set(key, model);
    return model;
  };
}
