import type { ModelRequest, ToolDefinition } from '../chatModel';
import type { Message, Usage } from '../message';
import type { TokenCounter } from '../tokenCounter';
import { mostModels, mostObservations, readCalibration, type CalibrationState } from './calibrationState';
import { messageOverhead, messageText } from './countedText';
import { KnownPrefixes } from './knownPrefixes';
import { addParts, costOf, fitWeights, partsCost, rawWeights } from './modelFit';
import type { Observation, RequestParts, Weights } from './modelFit';

export interface RequestEstimate {
  /** Of the prompt: what the provider should report as `prompt_tokens`. */
  readonly tokens: number;
  /** From the tokenizer alone; corrected by what the model has reported; by what it reported for this very prefix. */
  readonly basis: 'counted' | 'calibrated' | 'prefix';
}

export interface CalibrationOptions {
  /** Counts as o200k_base does. */
  readonly counter: TokenCounter;
  /** Reads what `toJSON` once gave, when it is first needed; whatever does not fit is left out. */
  readonly load?: () => Promise<unknown>;
  /** Told after something was learnt. */
  readonly changed?: () => void;
}

interface Learnt {
  /** Oldest first. */
  readonly observations: Observation[];
  readonly prefixes: KnownPrefixes;
  weights: Weights;
}

/**
 * A budget divided by the margin holds though estimates err. Before a model has reported anything: other vocabularies
 * take up to a quarter more for the same text (more only for scripts that they hardly know; the reserve for the answer
 * stands behind that, and the first answer corrects it).
 */
const unknownMargin = 1.25;
/** After one or two reports; then it is the worst of the last misses, and no less than `least`. */
const earlyMargin = 1.12;
const leastMargin = 1.03;
const recent = 8;

/** Usage so far from what was expected is nonsense: a factor, and tokens that a server may add to any request. */
const absurdFactor = 5;
const absurdTokens = 500;

/**
 * Learns from each answer's reported usage what requests cost a model, in two ways: weights for the parts of a request,
 * kept across restarts; and what the last requests cost as a whole, as the next one mostly begins with the same messages.
 * One for all models; ids are `ChatModel.id`. Nothing here throws.
 */
export class Calibration {
  readonly #options: CalibrationOptions;
  /** The longest unused first. */
  readonly #models = new Map<string, Learnt>();
  readonly #characters = new WeakMap<Message, number>();
  #loading: Promise<void> | undefined;

  constructor(options: CalibrationOptions) {
    this.#options = options;
  }

  /** Resolves once what was learnt in earlier runs is known. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** The counter as this model counts. What it answers changes with what is learnt. */
  counterFor(modelId: string): TokenCounter {
    const { counter } = this.#options;
    const weights = (): Weights => this.#models.get(modelId)?.weights ?? rawWeights;
    return {
      text: (text) => Math.round(weights().text * counter.text(text) + weights().characters * text.length),
      message: (message) => {
        return Math.round(partsCost(this.#messageParts(message), weights()));
      },
      tools: (tools) => Math.max(0, Math.round(costOf(this.#toolParts(tools), weights()))),
      prepare: async (messages, tools) => {
        await Promise.all([this.load(), counter.prepare(messages, tools)]);
      },
    };
  }

  /** What the whole request costs: more exact than the sum of its parts, where it repeats one whose cost is known. */
  estimate(modelId: string, request: ModelRequest): RequestEstimate {
    const learnt = this.#models.get(modelId);
    const weights = learnt?.weights ?? rawWeights;
    const expected = costOf(this.#parts(request), weights);
    const correction = learnt?.prefixes.correction(request, (length, more) => {
      const common = { ...request, messages: request.messages.slice(0, length) };
      return costOf(more.reduce(addParts, this.#parts(common)), weights);
    });
    const tokens = Math.max(1, Math.round(expected + (correction ?? 0)));
    if (correction !== undefined) return { tokens, basis: 'prefix' };
    return { tokens, basis: (learnt?.observations.length ?? 0) > 0 ? 'calibrated' : 'counted' };
  }

  /** Learns from one request and what was reported for it. Usage that makes no sense teaches nothing. */
  observe(modelId: string, request: ModelRequest, usage: Usage): void {
    const reported = usage.prompt_tokens;
    const parts = this.#parts(request);
    const learnt = this.#models.get(modelId) ?? fresh();
    if (!isPlausible(reported, costOf(parts, learnt.weights), costOf(parts, rawWeights))) return;
    // A server that leaves out what it had cached reports less for more.
    const known = learnt.prefixes.contained(request);
    if (known) {
      const more = this.#parts({ messages: request.messages.slice(known.length), tools: [] });
      if (reported < 0.9 * known.reported + 0.4 * partsCost(more, learnt.weights)) return;
    }
    const miss = reported / Math.max(1, costOf(parts, learnt.weights)) - 1;
    const { observations } = learnt;
    const same = observations.findIndex((other) => isSame(other, parts));
    if (same >= 0) observations.splice(same, 1);
    observations.push({ ...parts, reported, miss });
    if (observations.length > mostObservations) observations.shift();
    learnt.weights = fitWeights(observations);
    learnt.prefixes.add(request, reported, (message) => this.#messageParts(message));
    this.#keep(modelId, learnt);
    this.#options.changed?.();
  }

  /** A budget divided by this holds though estimates err: at least 1. */
  margin(modelId: string): number {
    const observations = this.#models.get(modelId)?.observations ?? [];
    if (observations.length === 0) return unknownMargin;
    if (observations.length < 3) return earlyMargin;
    // The first ones were made before anything was known.
    const misses = observations
      .slice(2)
      .slice(-recent)
      .map(({ miss }) => miss);
    return Math.min(unknownMargin, Math.max(leastMargin, 1 + Math.max(...misses)));
  }

  toJSON(): CalibrationState {
    const models = [...this.#models].map(([id, { observations }]) => ({
      id,
      observations: [...observations],
    }));
    return { version: 1, models };
  }

  async #load(): Promise<void> {
    const stored = readCalibration(await this.#options.load?.().catch(() => undefined));
    const now = [...this.#models];
    this.#models.clear();
    for (const { id, observations } of stored.models) {
      this.#keep(id, { ...fresh(), observations: [...observations], weights: fitWeights(observations) });
    }
    // What was learnt meanwhile is newer.
    for (const [id, learnt] of now) {
      const earlier = this.#models.get(id)?.observations ?? [];
      const room = mostObservations - learnt.observations.length;
      if (room > 0) learnt.observations.unshift(...earlier.slice(-room));
      learnt.weights = fitWeights(learnt.observations);
      this.#keep(id, learnt);
    }
  }

  #keep(modelId: string, learnt: Learnt): void {
    this.#models.delete(modelId);
    this.#models.set(modelId, learnt);
    const [oldest] = this.#models.keys();
    if (this.#models.size > mostModels && oldest !== undefined) this.#models.delete(oldest);
  }

  #parts({ messages, tools }: ModelRequest): RequestParts {
    return messages.map((message) => this.#messageParts(message)).reduce(addParts, this.#toolParts(tools));
  }

  #messageParts(message: Message): RequestParts {
    const known = this.#characters.get(message) ?? messageText(message).length;
    this.#characters.set(message, known);
    const frame = messageOverhead(message);
    const text = Math.max(0, this.#options.counter.message(message) - frame);
    return { text, characters: known, frame, tools: 0 };
  }

  #toolParts(tools: readonly ToolDefinition[]): RequestParts {
    return { text: 0, characters: 0, frame: 0, tools: this.#options.counter.tools(tools) };
  }
}

function fresh(): Learnt {
  return { observations: [], prefixes: new KnownPrefixes(), weights: rawWeights };
}

function isSame(one: RequestParts, other: RequestParts): boolean {
  return (
    one.text === other.text &&
    one.characters === other.characters &&
    one.frame === other.frame &&
    one.tools === other.tools
  );
}

/** By what is expected of this model, or of any. */
function isPlausible(reported: number, expected: number, usual: number): boolean {
  if (!Number.isFinite(reported) || reported <= 0) return false;
  return [expected, usual].some(
    (tokens) => reported <= tokens * absurdFactor + absurdTokens && reported >= tokens / absurdFactor,
  );
}
