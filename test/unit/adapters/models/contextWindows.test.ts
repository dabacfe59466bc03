import assert from 'node:assert/strict';
import { ContextWindows } from '../../../../src/adapters/models/contextWindows';
import type { ListedModels } from '../../../../src/adapters/models/listModels';

const place = { baseUrl: 'http://localhost:1/v1', apiKey: undefined, modelName: 'qwen3' };

function listing(...windows: (readonly [string, number])[]): ListedModels {
  return { ok: true, names: windows.map(([name]) => name), contextWindows: new Map(windows) };
}

suite('what endpoints tell of context windows', () => {
  test('an endpoint is asked once in ten minutes, another one anew', async () => {
    let now = 0;
    const asked: string[] = [];
    const windows = new ContextWindows(
      (baseUrl) => {
        asked.push(baseUrl);
        return Promise.resolve(listing(['qwen3', 40_960], ['llama4', 8_192]));
      },
      () => now,
    );
    assert.equal(await windows.told(place), 40_960);
    assert.equal(await windows.told({ ...place, modelName: 'llama4' }), 8_192);
    assert.equal(await windows.told({ ...place, modelName: 'unknown' }), undefined);
    assert.equal(asked.length, 1);
    now += 600_001;
    await windows.told(place);
    await windows.told({ ...place, baseUrl: 'http://localhost:2/v1' });
    assert.deepEqual(asked.slice(1), [place.baseUrl, 'http://localhost:2/v1']);
  });

  test('a server of one model is known whatever the model is called', async () => {
    const windows = new ContextWindows(() => Promise.resolve(listing(['/models/qwen3-8b-q4.gguf', 4_096])));
    assert.equal(await windows.told(place), 4_096);
  });

  test('where it does not tell, nothing is known', async () => {
    const windows = new ContextWindows(() => Promise.resolve({ ok: false, why: 'it cannot be reached' }));
    assert.equal(await windows.told(place), undefined);
  });
});
