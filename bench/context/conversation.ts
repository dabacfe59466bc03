import { object, string } from 'zod/mini';
import type { ChatModel, ModelPart, ModelRequest } from '../../src/core/chatModel';
import { defineTool, type Tool } from '../../src/core/tools/tool';

/** A turn of the generated conversation: what the user asks, what the model calls, what it answers. */
interface PlannedTurn {
  readonly prompt: string;
  /** Arguments of the tool calls; one model request each. */
  readonly calls: readonly string[];
  readonly answer: string;
}

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const words =
  'the a to of build test file error module session history window token value returns async function import ' +
  'server request response stream parse config path line change commit branch cache worker thread index query ' +
  'because when then after before every first last next should must could it this that we they user model';

/** Text of about so many tokens, in sentences. */
function prose(tokens: number, random: () => number): string {
  const list = words.split(' ');
  const chosen = Array.from({ length: Math.round(tokens * 0.8) }, (_, n) => {
    const word = list[Math.floor(random() * list.length)] ?? 'word';
    return n % 12 === 11 ? `${word}.` : word;
  });
  return chosen.join(' ');
}

/** Turns of a few hundred tokens, every third with tool calls, some of whose results are long. */
export function plannedTurns(count: number, seed: number): readonly PlannedTurn[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, n) => ({
    prompt: `Question ${n}: ${prose(20 + random() * 100, random)}?`,
    calls:
      random() < 0.35
        ? Array.from({ length: 1 + Math.floor(random() * 3) }, () => prose(5 + random() * 10, random))
        : [],
    answer: prose(100 + random() * 200, random),
  }));
}

/** Gives back a text that its argument decides: now and then a very long one. */
export const lookUpTool: Tool = defineTool({
  name: 'look_up',
  description: 'Looks something up in the project and returns what it found.',
  schema: object({ what: string() }),
  run: ({ what }) => {
    const random = seeded(what.length * 7_919 + (what.codePointAt(0) ?? 0));
    return prose(random() < 0.02 ? 9_000 : 40 + random() * 200, random);
  },
});

/** Plays the model's part of the conversation and keeps the requests, those that open a turn apart. */
export class PlannedModel implements ChatModel {
  readonly id = 'planned';
  readonly label = 'Planned';
  readonly requests: ModelRequest[] = [];
  readonly openings: ModelRequest[] = [];
  readonly #turns: readonly PlannedTurn[];
  #turn = -1;
  #step = 0;

  constructor(turns: readonly PlannedTurn[]) {
    this.#turns = turns;
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelPart> {
    await Promise.resolve();
    this.requests.push(request);
    if (request.messages.at(-1)?.role === 'user') {
      this.openings.push(request);
      this.#turn += 1;
      this.#step = 0;
    }
    const planned = this.#turns[this.#turn];
    const call = planned?.calls[this.#step];
    this.#step += 1;
    if (call === undefined) {
      yield { type: 'text-delta', text: planned?.answer ?? '' };
      yield { type: 'finish', reason: 'stop' };
    } else {
      const id = `call_${this.#turn}_${this.#step}`;
      const fn = { name: lookUpTool.definition.name, arguments: JSON.stringify({ what: call }) };
      yield { type: 'tool-call', call: { id, type: 'function', function: fn } };
      yield { type: 'finish', reason: 'tool-calls' };
    }
  }
}
