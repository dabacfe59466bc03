import { array, looseObject, object, safeParse, string } from 'zod/mini';
import { toldContextWindow } from '../../core/tokens/contextWindow';
import { authorizationOf } from './authorization';
import { readLimited } from './openai/readLimited';

const timeoutMs = 5_000;
/** OpenRouter's list, the longest known, has half a megabyte. */
const maxListBytes = 8_000_000;
const answer = object({ data: array(looseObject({ id: string() })) });

export type ListedModels =
  | {
      readonly ok: true;
      readonly names: readonly string[];
      /** Of the models for which the server tells it, in tokens. */
      readonly contextWindows: ReadonlyMap<string, number>;
    }
  /** `why` is a clause: "it cannot be reached". */
  | { readonly ok: false; readonly why: string };

/**
 * Asks an OpenAI-compatible endpoint which models it has (GET /models), which also shows that it is there and takes the
 * key. Never rejects, follows no redirect.
 */
export async function listModels(baseUrl: string, apiKey: string | undefined): Promise<ListedModels> {
  const authorization = authorizationOf(apiKey ?? '');
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: authorization === undefined ? {} : { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401 || response.status === 403)
      return { ok: false, why: 'it does not take this key' };
    if (!response.ok) return { ok: false, why: `it answers with status ${response.status}` };
    const parsed = safeParse(answer, parseJson(await readLimited(response, maxListBytes)));
    if (!parsed.success)
      return { ok: false, why: 'it does not answer as an OpenAI-compatible endpoint does' };
    const { data } = parsed.data;
    const windows = data.map((entry) => [entry.id, toldContextWindow(entry)] as const);
    const contextWindows = new Map(
      windows.flatMap(([id, window]) => (window === undefined ? [] : [[id, window]])),
    );
    return { ok: true, names: data.map(({ id }) => id).sort(), contextWindows };
  } catch (error) {
    const slow = error instanceof Error && error.name === 'TimeoutError';
    return { ok: false, why: slow ? 'it does not answer in time' : 'it cannot be reached' };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
