import assert from 'node:assert/strict';
import { ModelError, type ModelErrorReason } from '../../../../src/core/errors';
import { Embeddings, type EmbeddingStatus } from '../../../../src/core/memory/embedding/embeddings';
import { scripted } from '../../../support/embeddedBench';
import { FakeEmbeddingModel, FakeVectorStore } from '../../../support/embeddingFakes';

const many = Array.from({ length: 100 }, (_, n) => `text ${n}`);
const error = (reason: ModelErrorReason, more: object = {}): ModelError =>
  new ModelError({ reason, ...more });

suite('Embeddings', () => {
  let store: FakeVectorStore;
  let model: FakeEmbeddingModel;
  let embeddings: Embeddings;
  let chosen: string;
  let waits: number[];
  let told: string[];
  let statuses: EmbeddingStatus[];
  let failed: unknown[];

  setup(() => {
    store = new FakeVectorStore(many);
    model = new FakeEmbeddingModel();
    [chosen, waits, told, statuses, failed] = ['scripted', [], [], [], []];
    embeddings = new Embeddings({
      chosen: () =>
        Promise.resolve(
          chosen === '' ? undefined : { source: { ...scripted, name: chosen }, modelNamed: () => model },
        ),
      store: () => store,
      mask: (text) => Promise.resolve(text.replace('hunter2', '[password]')),
      owner: 'window',
      now: () => 0,
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      changed: (status) => statuses.push(status),
      fellBack: ({ reason }) => told.push(reason),
      failed: (thrown) => failed.push(thrown),
    });
  });
  teardown(() => embeddings.dispose());

  const after = <T>(event: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const value = event();
        if (value === undefined) setImmediate(look);
        else resolve(value);
      };
      look();
    });
  const ended = (): Promise<true> =>
    after(() => (store.released > 0 && statuses.at(-1)?.state !== 'running' ? true : undefined));

  test('all that is stored is embedded, in batches, the newest first, each text once', async () => {
    const run = await embeddings.embedAll();
    assert.deepEqual(run, { outcome: 'complete', embedded: 100, refused: 0, turns: 100 });
    assert.deepEqual(model.asked.flat(), many.toReversed());
    assert.ok(model.asked.length > 2 && waits.every((wait) => wait > 0));
    assert.equal(store.released, 1);
    assert.deepEqual(await embeddings.embedAll(), {
      outcome: 'complete',
      embedded: 0,
      refused: 0,
      turns: 100,
    });
  });

  test('how far it is is told, and that it has ended', async () => {
    const seen: number[] = [];
    await embeddings.embedAll(undefined, ({ embedded }) => seen.push(embedded));
    assert.ok((seen[0] ?? 0) > 0);
    assert.deepEqual(statuses.at(-1), { state: 'idle' });
  });

  test('it can be stopped, keeps what is done, and goes on behind it', async () => {
    const controller = new AbortController();
    model.before = () => {
      if (model.asked.length === 2) controller.abort();
    };
    const { outcome, embedded } = await embeddings.embedAll(controller.signal);
    assert.equal(outcome, 'stopped');
    assert.ok(embedded > 0 && embedded < 100);
    assert.equal(store.kept.size, embedded);
    model.asked.length = 0;
    model.before = () => undefined;
    await embeddings.embedAll();
    assert.equal(model.asked.flat().length, 100 - embedded);
  });

  test('in the background an endpoint that is down is waited for, ever longer; it is told once', async () => {
    model.before = () => {
      if (model.asked.length <= 3) throw error('unreachable');
    };
    embeddings.soon(0);
    await ended();
    assert.equal(store.kept.size, 100);
    assert.deepEqual(told, ['unreachable']);
    assert.deepEqual(waits.slice(0, 3), [5_000, 10_000, 20_000]);
  });

  test('after it was well, an outage is told again', async () => {
    model.before = () => {
      if ([1, 3].includes(model.asked.length)) throw error('server-error');
    };
    embeddings.soon(0);
    await ended();
    assert.deepEqual(told, ['server-error', 'server-error']);
  });

  test('too many requests: it waits as long as the server asks, and goes more slowly for a while', async () => {
    model.before = () => {
      if (model.asked.length === 1) throw error('rate-limited', { retryAfter: 7 });
    };
    assert.equal((await embeddings.embedAll()).outcome, 'complete');
    const [first, second = 0, third = 0] = waits;
    assert.equal(first, 7_000);
    assert.ok(second > third && third >= 50);
  });

  for (const reason of ['unauthorized', 'unknown-model', 'stream-garbled', 'no-credit'] as const) {
    test(`${reason}: waiting does not help, so it stops and says so; nothing is lost`, async () => {
      model.before = () => {
        throw error(reason);
      };
      embeddings.soon(0);
      await ended();
      assert.equal(model.asked.length, 1);
      await assert.rejects(embeddings.embedAll(), { reason });
      assert.deepEqual(told, [reason]);
      model.before = () => undefined;
      assert.equal((await embeddings.embedAll()).embedded, 100);
    });
  }

  test('asked for by hand, an endpoint that is down is an error at once', async () => {
    model.before = () => {
      throw error('unreachable');
    };
    await assert.rejects(embeddings.embedAll(), { reason: 'unreachable' });
    assert.deepEqual(waits, []);
  });

  test('one text that the model refuses keeps no other from being embedded', async () => {
    model.before = (texts) => {
      if (texts.includes('text 50')) throw error('context-overflow');
    };
    const { embedded, refused } = await embeddings.embedAll();
    assert.deepEqual({ embedded, refused }, { embedded: 99, refused: 1 });
    assert.equal(store.kept.get('text 50')?.length, 0);
  });

  test('a model that refuses everything refuses no text for good', async () => {
    model.before = () => {
      throw error('bad-request');
    };
    await assert.rejects(embeddings.embedAll(), { reason: 'bad-request' });
    assert.equal(store.kept.size, 0);
  });

  test('without a model, or without a stored history, nothing is sent, and asking for it says why', async () => {
    chosen = '';
    embeddings.soon(0);
    await assert.rejects(embeddings.embedAll(), {
      reason: 'nothing-to-embed',
      message: /throughline\.embeddings\.model/,
    });
    assert.equal(await embeddings.meaningOf('text', 1_000), undefined);
    assert.deepEqual(model.asked, []);
  });

  test('another window that is at it is left to it', async () => {
    store.busyUntil = 5_000;
    assert.equal((await embeddings.embedAll()).outcome, 'busy');
    assert.deepEqual(model.asked, []);
  });

  test('once stopped, it stays stopped until it is asked for, or another model is chosen', async () => {
    const held = new Promise<never>(() => undefined);
    model.before = (_texts, signal) =>
      Promise.race([held, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))]); // prettier-ignore
    embeddings.soon(0);
    await after(() => model.asked[0]);
    assert.equal(await embeddings.stop(), true);
    assert.deepEqual(statuses.at(-1), { state: 'stopped' });
    embeddings.soon(0);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(model.asked.length, 1);
    model.before = () => undefined;
    await embeddings.reset();
    embeddings.soon(0);
    await ended();
    await after(() => (store.kept.size === 100 ? true : undefined));
  });

  suite('and questions', () => {
    setup(async () => {
      await embeddings.embedAll();
      model.asked.length = 0;
    });

    test('are sent once, though messages and facts are searched for one at the same time', async () => {
      await embeddings.meaningOf('first', 1_000);
      model.asked.length = 0;
      const both = await Promise.all([
        embeddings.meaningOf('second', 1_000),
        embeddings.meaningOf('second', 1_000),
      ]);
      assert.deepEqual(model.asked, [['second']]);
      assert.ok(both[0] && both[0] === both[1]);
    });

    test('mean something, told by their nearness to what is unrelated, and are asked once', async () => {
      const meaning = await embeddings.meaningOf('automobile', 1_000);
      assert.ok(meaning && meaning.vector.length === 64 && meaning.unrelated > 0 && meaning.unrelated < 0.6);
      assert.deepEqual({ name: meaning.name, baseUrl: meaning.baseUrl }, scripted);
      assert.deepEqual(await embeddings.meaningOf('automobile', 1_000), meaning);
      assert.equal(model.asked.length, 1);
      await embeddings.meaningOf('another', 1_000);
      assert.deepEqual(model.asked[1], ['another']);
    });

    test('mean nothing before there are vectors, and nothing is sent', async () => {
      store.models = [];
      await embeddings.reset();
      assert.equal(await embeddings.meaningOf('automobile', 1_000), undefined);
      assert.equal(await embeddings.meaningOf('  ', 1_000), undefined);
      assert.deepEqual(model.asked, []);
    });

    test('are asked of the earlier model until the new one has all, where it is at the same endpoint', async () => {
      const earlier = { ...scripted, dimensions: 64, complete: true };
      const half = { ...earlier, name: 'new', complete: false };
      const nameOf = async (): Promise<string | undefined> => {
        await embeddings.reset();
        return (await embeddings.meaningOf('automobile', 1_000))?.name;
      };
      chosen = 'new';
      store.busyUntil = 1;
      store.models = [half, earlier];
      assert.equal(await nameOf(), 'scripted');
      store.models = [half, { ...earlier, baseUrl: 'http://elsewhere/v1' }];
      assert.equal(await nameOf(), 'new');
      store.models = [{ ...half, complete: true }, earlier];
      assert.equal(await nameOf(), 'new');
    });

    test('of a model that is down mean nothing; it is told once, and again after it was well', async () => {
      model.before = () => {
        throw error('unreachable');
      };
      assert.equal(await embeddings.meaningOf('one', 1_000), undefined);
      assert.equal(await embeddings.meaningOf('two', 1_000), undefined);
      assert.deepEqual(told, ['unreachable']);
      model.before = () => undefined;
      assert.ok(await embeddings.meaningOf('one', 1_000));
      model.before = () => {
        throw error('unreachable');
      };
      await embeddings.meaningOf('three', 1_000);
      assert.deepEqual(told, ['unreachable', 'unreachable']);
    });

    test('are not waited for longer than there is time; a slow model is told, and what comes late is kept', async () => {
      let answer = (): void => undefined;
      model.before = () => new Promise((resolve) => (answer = resolve));
      assert.equal(await embeddings.meaningOf('one', 1), undefined);
      assert.deepEqual(told, []);
      answer();
      await after(() => model.asked[0]);
      model.before = () => undefined;
      assert.ok(await embeddings.meaningOf('one', 1_000));
    });

    test('are not kept waiting by a model that was down a moment ago, which is asked again all the same', async () => {
      model.before = () => {
        throw error('server-error');
      };
      await embeddings.meaningOf('one', 60_000);
      let answer = (): void => undefined;
      model.before = () => new Promise((resolve) => (answer = resolve));
      assert.equal(await embeddings.meaningOf('two', 60_000), undefined);
      await after(() => model.asked[1]);
      answer();
      model.before = () => undefined;
      assert.ok(await embeddings.meaningOf('two', 60_000));
    });

    test('are sent without the secrets in them', async () => {
      await embeddings.meaningOf('is my password hunter2?', 1_000);
      assert.equal(model.asked[0]?.[0], 'is my password [password]?');
    });

    test('what is no fault of the model is not told as one', async () => {
      store.state = () => Promise.reject(new Error('no worker'));
      await embeddings.reset();
      assert.equal(await embeddings.meaningOf('one', 1_000), undefined);
      assert.equal(failed.length, 1);
      assert.deepEqual(told, []);
    });
  });
});
