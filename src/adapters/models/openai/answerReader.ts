import type { FinishReason, ModelPart } from '../../../core/chatModel';
import { ModelError } from '../../../core/errors';
import type { Usage } from '../../../core/message';
import { ToolCallAssembler } from './toolCallAssembler';
import { count, list, record, text } from './values';

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['content_filter', 'content-filter'],
]);
const maxModelName = 200;
/** OpenRouter's and DeepSeek's words for "the model broke off". */
const failures = new Set(['error', 'insufficient_system_resource']);

/** Turns chat completion chunks, or one whole completion, into parts. Reads the first choice only. */
export class AnswerReader {
  readonly #mintId: () => string;
  readonly #secrets: readonly string[];
  readonly #calls = new ToolCallAssembler();
  #finish: string | undefined;
  #usage: Usage | undefined;
  #model: string | undefined;
  #hasText = false;
  /** What the model thought before it called tools: DeepSeek wants it back with the calls. */
  reasoningContent = '';

  constructor(mintId: () => string, secrets: readonly string[]) {
    this.#mintId = mintId;
    this.#secrets = secrets.filter((secret) => secret !== '');
  }

  /** Whether the model has said why it ended: nothing but usage can follow. */
  get finished(): boolean {
    return this.#finish !== undefined;
  }

  read(chunk: unknown): readonly ModelPart[] {
    const body = record(chunk);
    if (!body) return [];
    this.#model = this.#nameOf(body.model) ?? this.#model;
    this.#usage = usageOf(body.usage) ?? usageOf(record(body.x_groq)?.usage) ?? this.#usage;
    const choice = list(body.choices)
      .map(record)
      .find((candidate) => candidate && (candidate.index ?? 0) === 0);
    if (!choice) return [];
    this.#finish = text(choice.finish_reason) ?? this.#finish;
    return this.#delta(record(choice.delta) ?? record(choice.message) ?? choice);
  }

  /**
   * The parts that end the answer.
   * @throws ModelError where there is nothing to use
   */
  end(): readonly ModelPart[] {
    if (this.#finish !== undefined && failures.has(this.#finish)) {
      throw new ModelError({ reason: 'server-error', message: `The model ended with "${this.#finish}".` });
    }
    const calls = this.#calls.finish(this.#mintId);
    const reason = this.#finishReason(calls.length > 0);
    if (reason === 'length' && calls.length > 0 && !isJson(calls.at(-1)?.function.arguments ?? '')) {
      throw new ModelError({ reason: 'length-limit', message: 'The length limit cut a tool call short.' });
    }
    if (!this.#hasText && calls.length === 0) {
      if (reason === 'length') throw new ModelError({ reason: 'length-limit' });
      throw new ModelError({ reason: reason === 'content-filter' ? 'content-filtered' : 'empty-answer' });
    }
    return [
      ...calls.map((call) => ({ type: 'tool-call' as const, call })),
      {
        type: 'finish',
        reason,
        ...(this.#usage && { usage: this.#usage }),
        ...(this.#model !== undefined && { model: this.#model }),
      },
    ];
  }

  /** It is stored with the turn, and shown. */
  #nameOf(model: unknown): string | undefined {
    const name = text(model)?.slice(0, maxModelName);
    return this.#secrets.some((secret) => name?.includes(secret)) ? undefined : name;
  }

  #delta(delta: Readonly<Record<string, unknown>>): readonly ModelPart[] {
    this.#calls.add(delta.tool_calls);
    this.#calls.addFunctionCall(delta.function_call);
    const thought = text(delta.reasoning_content);
    this.reasoningContent += thought ?? '';
    const said = contentOf(delta.content);
    const reasoning = (thought ?? text(delta.reasoning) ?? '') + said.reasoning;
    const words = said.text + (text(delta.refusal) ?? '') + (text(delta.text) ?? '');
    if (words !== '') this.#hasText = true;
    return [
      ...(reasoning === '' ? [] : [{ type: 'reasoning-delta' as const, text: reasoning }]),
      ...(words === '' ? [] : [{ type: 'text-delta' as const, text: words }]),
    ];
  }

  /** Some servers end tool calls with `stop`, or an answer with no reason at all. */
  #finishReason(hasCalls: boolean): FinishReason {
    const named =
      this.#finish === undefined ? 'stop' : (finishReasons.get(this.#finish.toLowerCase()) ?? 'other');
    if (hasCalls) return named === 'length' ? named : 'tool-calls';
    return named === 'tool-calls' ? 'stop' : named;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Content is text, null, or a list of parts (text, or Mistral's thinking). */
function contentOf(content: unknown): { readonly text: string; readonly reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  let words = '';
  let reasoning = '';
  for (const part of list(content)) {
    const { type, text: said, thinking } = record(part) ?? {};
    if (type === 'thinking') reasoning += text(thinking) ?? contentOf(thinking).text;
    else words += text(said) ?? text(part) ?? '';
  }
  return { text: words, reasoning };
}

function usageOf(value: unknown): Usage | undefined {
  const usage = record(value);
  const prompt_tokens = count(usage?.prompt_tokens);
  const completion_tokens = count(usage?.completion_tokens);
  if (!usage || (prompt_tokens === undefined && completion_tokens === undefined)) return undefined;
  const cached =
    count(record(usage.prompt_tokens_details)?.cached_tokens) ?? count(usage.prompt_cache_hit_tokens);
  return {
    prompt_tokens: prompt_tokens ?? 0,
    completion_tokens: completion_tokens ?? 0,
    ...(cached !== undefined && { cached_tokens: cached }),
  };
}
