import assert from 'node:assert/strict';
import {
  contextWindowOf,
  defaultContextWindow,
  toldContextWindow,
  type ContextWindowSources,
} from '../../../../src/core/tokens/contextWindow';

const of = (sources: Partial<ContextWindowSources>) =>
  contextWindowOf({ setting: undefined, told: undefined, modelName: 'some-model', ...sources });

suite('A model’s context window', () => {
  test('is what the provider tells, else the table, else the default', () => {
    assert.deepEqual(of({ told: 40_960, modelName: 'gpt-4o' }), { tokens: 40_960, source: 'provider' });
    assert.deepEqual(of({ modelName: 'gpt-4o-mini' }), { tokens: 128_000, source: 'table' });
    assert.deepEqual(of({ modelName: 'openai/gpt-4o-mini' }), { tokens: 128_000, source: 'table' });
    assert.deepEqual(of({ modelName: 'models/gemini-2.5-flash' }), { tokens: 1_048_576, source: 'table' });
    assert.deepEqual(of({}), { tokens: defaultContextWindow, source: 'default' });
  });

  test('is never above what the user has set, and never above what the model takes', () => {
    assert.deepEqual(of({ setting: 8_000, told: 40_960 }), { tokens: 8_000, source: 'setting' });
    assert.deepEqual(of({ setting: 8_000, modelName: 'gpt-4o' }), { tokens: 8_000, source: 'setting' });
    assert.deepEqual(of({ setting: 100_000 }), { tokens: 100_000, source: 'setting' });
    assert.deepEqual(of({ setting: 100_000, told: 4_096 }), { tokens: 4_096, source: 'provider' });
    assert.deepEqual(of({ setting: 100_000, modelName: 'gpt-4' }), { tokens: 8_192, source: 'table' });
  });

  test('is not what makes no sense', () => {
    for (const nonsense of [0, -1, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e15]) {
      assert.deepEqual(of({ told: nonsense }), { tokens: defaultContextWindow, source: 'default' });
      assert.deepEqual(of({ setting: nonsense, told: 5_000 }), { tokens: 5_000, source: 'provider' });
    }
  });

  test('of OpenAI’s chat models is not above what their pages say, and is known', async () => {
    // Its CommonJS form does not load.
    const models = await import('gpt-tokenizer/models');
    const pages = Object.entries(models as Readonly<Record<string, object>>);
    const isChat = /^(gpt-(3\.5-turbo|4|5)|chatgpt|o\d)/;
    const isOther = /realtime|transcribe|tts|image|instruct|-16k/;
    const compared = pages.filter(([name]) => isChat.test(name) && !isOther.test(name));
    assert.ok(compared.length > 40);
    for (const [name, page] of compared) {
      const context_window =
        'context_window' in page ? Number(page.context_window) : Number.POSITIVE_INFINITY;
      const { tokens, source } = of({ modelName: name });
      assert.equal(source, 'table', name);
      assert.ok(tokens <= context_window, `${name}: ${tokens} of ${context_window}`);
    }
  });

  test('is read as each server writes it, the limit that holds before the one that is possible', () => {
    const entries: readonly (readonly [unknown, number | undefined])[] = [
      [{ id: 'm', max_model_len: 32_768 }, 32_768],
      [{ id: 'm', context_window: 131_072, owned_by: 'Meta' }, 131_072],
      [{ id: 'm', context_length: 200_000, top_provider: { context_length: 65_536 } }, 65_536],
      [{ id: 'm', context_length: 200_000, top_provider: { context_length: null } }, 200_000],
      [{ id: 'm', max_context_length: 262_144, loaded_context_length: 4_096 }, 4_096],
      [{ id: 'm', meta: { n_ctx: 8_192, n_ctx_train: 262_144 } }, 8_192],
      [{ id: 'm', meta: { n_ctx_train: 2_048 } }, 2_048],
      [{ id: 'm', meta: { n_ctx_train: 262_144 } }, defaultContextWindow],
      [{ id: 'm', object: 'model', created: 1, owned_by: 'x' }, undefined],
      [{ id: 'm', context_length: '8192', max_model_len: -1, meta: 7 }, undefined],
      [null, undefined],
      ['m', undefined],
    ];
    for (const [entry, expected] of entries)
      assert.equal(toldContextWindow(entry), expected, JSON.stringify(entry));
  });
});
