import { setTimeout as pause } from 'node:timers/promises';
import { array, number, object } from 'zod/mini';
import type { ChatModel, ModelPart } from '../../../src/core/chatModel';
import { defineTool, type Tool } from '../../../src/core/tools/tool';
import { say, type Phases } from './output';
import type { AnswerPlan } from './protocol';

/** Answers as planned, piece by piece. */
export class PlannedModel implements ChatModel {
  readonly id = 'planned';
  readonly label = 'Planned';
  readonly #plan: AnswerPlan;
  readonly #turnId: string;
  readonly #phases: Phases;
  #step = 0;

  constructor(turnId: string, plan: AnswerPlan, phases: Phases) {
    this.#turnId = turnId;
    this.#plan = plan;
    this.#phases = phases;
  }

  async *stream(): AsyncGenerator<ModelPart> {
    const at = this.#step;
    const step = this.#plan.steps[at];
    this.#step += 1;
    if (!step) throw new Error('The plan is over');
    if (at === 0) say({ type: 'asked-model', turnId: this.#turnId });
    const [first = '', ...pieces] = step.pieces;
    yield { type: 'text-delta', text: first };
    this.#phases.at('streaming');
    for (const text of pieces) {
      await pause(step.pieceMs);
      yield { type: 'text-delta', text };
    }
    this.#phases.end('streaming');
    for (const [n, ms] of step.toolMs.entries()) {
      const call = { name: 'work', arguments: JSON.stringify({ ms: [ms] }) };
      yield { type: 'tool-call', call: { id: `call-${at}-${n}`, type: 'function', function: call } };
    }
    const reason = step.toolMs.length > 0 ? 'tool-calls' : 'stop';
    yield { type: 'finish', reason, usage: { prompt_tokens: 10, completion_tokens: 5 } };
  }
}

/** Takes its time. */
export function workTool(phases: Phases): Tool {
  return defineTool({
    name: 'work',
    description: 'Works for a while',
    schema: object({ ms: array(number()) }),
    run: async ({ ms }) => {
      await phases.during('tool', () => pause(ms[0]));
      return `worked ${ms[0]} ms`;
    },
  });
}
