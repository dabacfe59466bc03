import assert from 'node:assert/strict';
import { join } from 'node:path';
import { session, turn, user, assistant } from '../contract/logFixture';
import { Bench } from '../support/engineBench';
import { assertBounded } from '../support/growth';
import { temporaryFolder } from '../support/storage';

/** Some words are everywhere, most are seldom. */
function text(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 100 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return `word${Math.floor(20_000 * (state / 2_147_483_647) ** 3)}`;
  }).join(' ');
}

/** A history of so many messages, indexed and at rest, of which one turn after the other is forgotten. */
class Stored {
  readonly #bench: Bench;
  readonly #turns: number;
  #forgotten = 0;

  constructor(databasePath: string, messages: number) {
    this.#bench = new Bench({ databasePath });
    this.#turns = messages / 2;
    const turns = Array.from({ length: this.#turns }, (_, n) =>
      turn(`t${n}`, { messages: [user(text(2 * n)), assistant(text(2 * n + 1))] }),
    );
    const sessions = Array.from({ length: Math.ceil(this.#turns / 50) }, (_, n) =>
      session(`s${n}`, turns.slice(n * 50, (n + 1) * 50)),
    );
    this.#bench.call('history-load', { dump: { sessions, facts: [] }, mode: 'skip' });
    this.#bench.tidy();
  }

  forgetOne(): void {
    const turnId = `t${(this.#forgotten * 7) % this.#turns}`;
    this.#forgotten += 1;
    const { items } = this.#bench.call('forget-find', { target: { kind: 'turn', turnId } });
    assert.deepEqual(items.map(({ id }) => id), [turnId]); // prettier-ignore
    this.#bench.call('forget-alike', { turnIds: [turnId], factIds: [] });
    const none = { sessionIds: [], factIds: [], summaryIds: [], titleIds: [] };
    const selection = { ...none, turnIds: [turnId] };
    this.#bench.call('forget-batch', { receiptId: `r${this.#forgotten}`, selection, ended: true });
    this.#bench.tidy();
    assert.equal(this.#bench.call('receipt-list', {})[0]?.erased.searchIndex, true);
  }

  close(): void {
    this.#bench.close();
  }
}

suite('What forgetting costs', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const opened: Stored[] = [];
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(async () => {
    for (const stored of opened.splice(0)) stored.close();
    await folder.remove();
  });

  test('one turn is previewed, forgotten, and out of the index at the same cost, however much is stored', () =>
    assertBounded({
      input: (size) => {
        const stored = new Stored(join(folder.path, `history-${size}.db`), size);
        opened.push(stored);
        return stored;
      },
      work: (stored) => stored.forgetOne(),
      size: 1_000,
    }));
});
