import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CalibrationFile } from '../../../../src/adapters/files/calibrationFile';
import { Calibration } from '../../../../src/core/tokens/calibration';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { temporaryFolder } from '../../../support/storage';

suite('what was learnt of tokens, on disk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let mayWrite: boolean;
  setup(async () => {
    folder = await temporaryFolder();
    mayWrite = true;
  });
  teardown(() => folder.remove());

  /** As one window has them. */
  const window = (place = 'tokens.json') => {
    const file = new CalibrationFile({
      path: join(folder.path, 'made', place),
      state: () => calibration,
      mayWrite: () => mayWrite,
      delayMs: 60_000,
    });
    const calibration: Calibration = new Calibration({
      counter: estimatingTokenCounter(),
      load: () => file.load(),
      changed: () => file.changed(),
    });
    return { file, calibration };
  };
  const request = { messages: [{ role: 'user' as const, content: 'Hello there, how are you?' }], tools: [] };
  const usage = { prompt_tokens: 31, completion_tokens: 1 };

  test('comes back after a restart, and is read only when a request is prepared', async () => {
    const first = window();
    first.calibration.observe('m', request, usage);
    await first.file.flush();
    assert.deepEqual(await readdir(join(folder.path, 'made')), ['tokens.json']);
    const second = window();
    assert.equal(second.calibration.estimate('m', request).basis, 'counted');
    await second.calibration.counterFor('m').prepare([], []);
    assert.equal(second.calibration.estimate('m', request).basis, 'calibrated');
    assert.deepEqual(second.calibration.toJSON(), first.calibration.toJSON());
  });

  test('is not written where nothing is to be stored, nor where nothing was learnt', async () => {
    const { file, calibration } = window();
    await file.flush();
    mayWrite = false;
    calibration.observe('m', request, usage);
    await file.flush();
    assert.deepEqual(await readdir(folder.path), []);
  });

  test('that is damaged, or cannot be written, does not matter', async () => {
    const { file, calibration } = window();
    calibration.observe('m', request, usage);
    await file.flush();
    await writeFile(join(folder.path, 'made', 'tokens.json'), '{"version":1,"models":[{"id":');
    const later = window();
    await later.calibration.load();
    assert.deepEqual(later.calibration.toJSON().models, []);
    const nowhere = window('tokens.json/below');
    nowhere.calibration.observe('m', request, usage);
    await nowhere.file.flush();
  });
});
