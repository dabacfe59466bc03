/** What is kept free for the answer: a quarter of the window, at most 4,096 tokens. */
export function reserveOf(maxTokens: number): number {
  return Math.min(4096, Math.floor(maxTokens / 4));
}

/** What a request may cost at most, in tokens: how far back it is worth reading. */
export function requestBudget(maxTokens: number): number {
  return maxTokens - reserveOf(maxTokens);
}

/** What else is kept free, as estimates may be too low by so much. */
export function marginOf(context: {
  readonly maxTokens: number;
  readonly reserve: number;
  readonly budget: number;
}): number {
  return Math.max(0, context.maxTokens - context.reserve - context.budget);
}

/** The most that one tool result may take of a request, in tokens. */
export function resultLimit(maxTokens: number): number {
  return Math.floor(requestBudget(maxTokens) / 2);
}

/** The most that recall may take of a request, in tokens: so the window keeps the larger part. */
export function recallLimit(budget: number, maxTokens: number): number {
  return Math.min(maxTokens, Math.floor(budget / 3));
}

/** The most that summaries may take of a request together, in tokens. */
export function summaryLimit(maxTokens: number): number {
  return Math.floor(requestBudget(maxTokens) / 6);
}
