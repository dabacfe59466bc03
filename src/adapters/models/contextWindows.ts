import { listModels, type ListedModels } from './listModels';

/** Where a model is asked for. */
export interface ModelPlace {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly modelName: string;
}

/** An answer is good for so long, in milliseconds: servers are started anew with another window. */
const goodForMs = 600_000;

interface Asked {
  readonly key: string;
  readonly at: number;
  readonly listed: Promise<ListedModels>;
}

/** Asks endpoints how much their models take: once in ten minutes, and only where somebody wants to know. */
export class ContextWindows {
  readonly #list: typeof listModels;
  readonly #now: () => number;
  #asked: Asked | undefined;

  constructor(list: typeof listModels = listModels, now: () => number = Date.now) {
    this.#list = list;
    this.#now = now;
  }

  /** In tokens; undefined where the endpoint does not tell. Never rejects. */
  async told({ baseUrl, apiKey, modelName }: ModelPlace): Promise<number | undefined> {
    const key = JSON.stringify([baseUrl, apiKey]);
    if (this.#asked?.key !== key || this.#now() - this.#asked.at > goodForMs) {
      this.#asked = { key, at: this.#now(), listed: this.#list(baseUrl, apiKey) };
    }
    const listed = await this.#asked.listed;
    if (!listed.ok) return undefined;
    const { names, contextWindows } = listed;
    // A server of one model takes any name for it.
    const [only] = names.length === 1 ? names : [];
    return contextWindows.get(modelName) ?? (only === undefined ? undefined : contextWindows.get(only));
  }
}
