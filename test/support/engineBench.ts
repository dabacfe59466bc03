import { Engine, type EngineOptions } from '../../src/adapters/storage/engine/engine';
import type { CallInput, CallOutput, CallType } from '../../src/protocol/worker';
import { assistant, createdAt, leaseMs, owner, startOfTime, user } from '../contract/logFixture';

const workspaceId = 'w1';

/** The engine as any Node process can run it: no worker, no waiting. */
export class Bench {
  readonly #engine: Engine;

  constructor(options: Omit<EngineOptions, 'newId'>) {
    let ids = 0;
    this.#engine = new Engine({ ...options, newId: () => `id-${(ids += 1)}` });
  }

  call<T extends CallType>(
    type: T,
    input: Omit<CallInput<T>, 'workspaceId'>,
    now = startOfTime,
  ): CallOutput<T> {
    return this.#engine.handle({ ...input, workspaceId, type, id: 0, now } as never) as CallOutput<T>;
  }

  append(id: string, text = `answer ${id}`): void {
    this.call('session-create', { session: { id: 's1', title: 'S', createdAt } });
    const expectedLength = this.call('session-read', { sessionId: 's1' })?.length ?? 0;
    const messages = [user(`prompt ${id}`)];
    this.call('turn-begin', {
      turn: { id, sessionId: 's1', createdAt, messages },
      expectedLength,
      owner,
      leaseMs,
    });
    const change = { keep: 1, messages: [assistant(text)] };
    this.call('turn-finish', { turnId: id, owner, change, outcome: { status: 'complete' } });
  }

  found(query: string): readonly string[] {
    return this.call('memory-recall', { query, options: { limit: 10 } }).map(({ messageId }) => messageId);
  }

  /** @throws where it does not end, which no test could wait for */
  tidy(mostSteps = 2_000): void {
    for (let steps = 0; this.#engine.tidy() === 'more'; steps += 1)
      if (steps === mostSteps) throw new Error(`There is more to tidy after ${mostSteps} steps`);
  }

  close(): void {
    this.#engine.close();
  }
}

/** SQL that damages the turn t1, by what it damages. */
export const damages = {
  'a letter of a message': `UPDATE messages SET body = replace(body, 'answer t1', 'Answer t1')`,
  'a message that is gone': `DELETE FROM messages WHERE body LIKE '%answer t1%'`,
  'a message that is no JSON': `UPDATE messages SET body = 'garbage' WHERE body LIKE '%answer t1%'`,
  'messages in another order': `UPDATE messages SET key = key + 900 WHERE key % 1048576 = 0`,
  'a position': `UPDATE turns SET position = 7 WHERE id = 't1'`,
  'a status': `UPDATE turns SET status = 'stopped' WHERE id = 't1'`,
  'a header': `UPDATE turns SET body = replace(body, 'complete', 'failed') WHERE id = 't1'`,
  'a header that is no JSON': `UPDATE turns SET body = 'garbage' WHERE id = 't1'`,
};
