import type { CompactionRequest, Compactor } from '../../src/core/memory/compactor';

type Answer = string | Error | Promise<string>;

/** A Compactor that answers each request with the next of the answers, the last again and again. */
export class ScriptedCompactor implements Compactor {
  readonly id = 'scripted';
  readonly requests: CompactionRequest[] = [];
  readonly #answers: readonly Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = answers;
  }

  async compact(request: CompactionRequest): Promise<string> {
    const answer = this.#answers[Math.min(this.requests.length, this.#answers.length - 1)] ?? 'They talked.';
    this.requests.push(request);
    if (answer instanceof Error) throw answer;
    return untilAborted(Promise.resolve(answer), request.signal);
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([promise, aborted]);
}
