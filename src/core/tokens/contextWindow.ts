/** What is known of how many tokens a model takes, prompt and answer together. */
export interface ContextWindowSources {
  /** The setting; undefined where the user has not set it. */
  readonly setting: number | undefined;
  /** As the provider tells it. */
  readonly told: number | undefined;
  readonly modelName: string;
}

export interface ContextWindow {
  readonly tokens: number;
  readonly source: 'setting' | 'provider' | 'table' | 'default';
}

/** Of a model that nothing is known of; also the setting's default. */
export const defaultContextWindow = 16_000;
/** What is told below or above is no context window. */
const least = 256;
const most = 100_000_000;

/**
 * By name, the first that fits; the smallest figure where variants differ. OpenAI's from its model pages, as gpt-tokenizer
 * 4.0.0 carries them (a test compares); the others from ai.google.dev/gemini-api/docs/models, docs.anthropic.com and
 * api-docs.deepseek.com (2025-02). Open models are not here: who serves them sets the limit.
 */
const table: readonly (readonly [RegExp, number])[] = [
  [/^gpt-4\.1($|-)/, 1_047_576],
  [/^gpt-5(\.\d+)?-chat/, 128_000],
  [/^gpt-5($|[.-])/, 400_000],
  [/^gpt-4o($|-)|^chatgpt-4o|^gpt-4\.5|^gpt-4-(turbo|0125|1106)/, 128_000],
  [/^gpt-4-32k/, 32_768],
  [/^gpt-4($|-)/, 8_192],
  [/^gpt-3\.5-turbo($|-)/, 16_385],
  [/^o1-(mini|preview)/, 128_000],
  [/^o[134]($|-)/, 200_000],
  [/^claude-(3|opus|sonnet|haiku)/, 200_000],
  [/^gemini-(1\.5|[2-9](\.\d+)?)-(pro|flash)/, 1_048_576],
  [/^deepseek-(chat|reasoner)$/, 64_000],
];

/** Model names come as `openai/gpt-4o` or `models/gemini-2.5-pro`, too. */
function bareName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

function sound(tokens: number | undefined): number | undefined {
  return tokens !== undefined && Number.isFinite(tokens) && tokens >= least && tokens <= most
    ? Math.floor(tokens)
    : undefined;
}

/**
 * How many tokens a request to the model may have, the answer included. What the user has set caps whatever else is
 * known: more than the model takes never goes, and less may.
 */
export function contextWindowOf({ setting, told, modelName }: ContextWindowSources): ContextWindow {
  const name = bareName(modelName);
  const fromTable = table.find(([pattern]) => pattern.test(name))?.[1];
  const provider = sound(told);
  const known: ContextWindow | undefined =
    provider !== undefined
      ? { tokens: provider, source: 'provider' }
      : fromTable !== undefined
        ? { tokens: fromTable, source: 'table' }
        : undefined;
  const set = sound(setting);
  if (set !== undefined && (!known || set <= known.tokens)) return { tokens: set, source: 'setting' };
  return known ?? { tokens: defaultContextWindow, source: 'default' };
}

/** Where servers write it in an entry of their list of models; what holds here and now before what is possible. */
const fields: readonly (readonly string[])[] = [
  ['max_model_len'], // vLLM, SGLang
  ['meta', 'n_ctx'], // llama.cpp
  ['top_provider', 'context_length'], // OpenRouter: of who would answer
  ['loaded_context_length'], // LM Studio
  ['context_window'], // Groq
  ['context_length'], // OpenRouter, Together, Fireworks
  ['max_context_length'], // Mistral
  ['max_input_tokens'], // LiteLLM
  ['input_token_limit'], // Google
];
/** Of older llama.cpp: what the model was trained for. It is mostly run with less, so it only ever lowers the default. */
const trained = ['meta', 'n_ctx_train'];

/** What an OpenAI-compatible server says of a model in its answer to `GET /models`; undefined where it does not. */
export function toldContextWindow(entry: unknown): number | undefined {
  for (const path of fields) {
    const tokens = numberAt(entry, path);
    if (tokens !== undefined) return tokens;
  }
  const limit = numberAt(entry, trained);
  return limit === undefined ? undefined : Math.min(limit, defaultContextWindow);
}

function numberAt(entry: unknown, path: readonly string[]): number | undefined {
  const value = path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    entry,
  );
  return sound(typeof value === 'number' ? value : undefined);
}
