import assert from 'node:assert/strict';
import type { EmbeddingModel } from '../../src/core/embeddingModel';
import { isAbort } from '../../src/core/errors';

export interface EmbeddingModelFixture {
  readonly model: EmbeddingModel;
  /** From now on it can be reached no more. */
  breakDown(): void;
  close(): Promise<void>;
}

/** What every EmbeddingModel promises. The model behind the fixture knows that a car is an automobile. */
export function embeddingModelContract(name: string, open: () => Promise<EmbeddingModelFixture>): void {
  suite(`EmbeddingModel: ${name}`, () => {
    let fixture: EmbeddingModelFixture;
    const { signal } = new AbortController();
    setup(async () => {
      fixture = await open();
    });
    teardown(() => fixture.close());

    test('each text has a vector of length 1, in the order of the texts, all of the same dimensions', async () => {
      const texts = [
        'My car is red',
        'A red automobile',
        'Bread needs yeast',
        'Привет 🌍',
        'x'.repeat(5_000),
      ];
      const vectors = await fixture.model.embed(texts, signal);
      assert.equal(vectors.length, texts.length);
      for (const vector of vectors) {
        assert.equal(vector.length, vectors[0]?.length);
        assert.ok(Math.abs(cosine(vector, vector) - 1) < 1e-4);
      }
      const [car, automobile, bread] = vectors as [Float32Array, Float32Array, Float32Array];
      assert.ok(cosine(car, automobile) > cosine(car, bread) + 0.3);
    });

    test('the same text has the same vector, and no texts have none', async () => {
      const [one, other] = await fixture.model.embed(['the same', 'the same'], signal);
      assert.deepEqual(one, other);
      assert.deepEqual(await fixture.model.embed([], signal), []);
    });

    test('a request that is stopped rejects as stopped', async () => {
      const controller = new AbortController();
      controller.abort();
      await assert.rejects(fixture.model.embed(['x'], controller.signal), isAbort);
      const later = new AbortController();
      const asked = fixture.model.embed(['x'], later.signal);
      later.abort();
      await assert.rejects(asked, isAbort);
    });

    test('what goes wrong rejects as a ModelError', async () => {
      fixture.breakDown();
      await assert.rejects(fixture.model.embed(['x'], signal), { name: 'ModelError' });
    });
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
