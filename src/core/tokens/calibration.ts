import type { ModelRequest } from '../chatModel';
import type { Usage } from '../message';
import type { TokenCounter } from '../tokenCounter';

export interface RequestEstimate {
  readonly tokens: number;
  /** From the tokenizer alone; corrected by what the model has reported; by what it reported for this very prefix. */
  readonly basis: 'counted' | 'calibrated' | 'prefix';
}

/** Learns from each answer's reported usage what requests cost a model. One for all models; ids are `ChatModel.id`. */
export interface Calibration {
  /** The counter as this model counts. What it answers changes with what is learnt. */
  counterFor(modelId: string): TokenCounter;
  /** What the whole request costs: more exact than the sum of its parts, where it repeats one whose cost is known. */
  estimate(modelId: string, request: ModelRequest): RequestEstimate;
  /** Learns from one request and what was reported for it. Usage that makes no sense teaches nothing. */
  observe(modelId: string, request: ModelRequest, usage: Usage): void;
  /** A budget divided by this holds though estimates err: at least 1. */
  margin(modelId: string): number;
}
