import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IdleThread } from '../../../../src/adapters/threads/idleThread';
import { temporaryFolder } from '../../../support/storage';

suite('A thread that starts with its first task', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(() => folder.remove());

  type Task = Readonly<Record<string, unknown>>;
  const thread = (path: string): IdleThread<Task, { readonly id: number }> =>
    new IdleThread({ path, name: 'test', maxMegabytes: 50 });

  test('keeps nothing of a task where no thread can be made, and tries no more after a few', async () => {
    // A path that is none makes the constructor itself throw.
    const made = thread('not-absolute.js');
    for (let n = 0; n < 3; n += 1) await assert.rejects(made.ask({}), { code: 'ERR_WORKER_PATH' });
    assert.deepEqual([made.waiting, made.running, made.starts], [0, false, 0]);
    await assert.rejects(made.ask({}), /There is no test/);
    await made.dispose();
  });

  test('keeps nothing of a task that cannot be sent, and answers the next', async () => {
    const path = join(folder.path, 'echo.js');
    await writeFile(
      path,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', ({ id }) => parentPort.postMessage({ id }));`,
    );
    const made = thread(path);
    await assert.rejects(made.ask({ none: () => undefined }), { name: 'DataCloneError' });
    assert.equal(made.waiting, 0);
    assert.ok((await made.ask({})).id > 0);
    await made.dispose();
  });
});
