import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { results } from '../../host/paths.ts';
import { openMemoryPage, type MemoryPage } from './memoryPage';
import { launchBrowser } from './webviewPage';

/** Where screenshots of the Memory view go. */
export const memoryResults = path.join(results, 'memory');

/**
 * Sets up the suite that calls it: a Memory view begun anew for each test, which must have complained of nothing at its end.
 * @returns the view of the test that runs
 */
export function useMemoryPage(): () => MemoryPage {
  let memory: MemoryPage;
  suiteSetup(async () => {
    await mkdir(memoryResults, { recursive: true });
    memory = await openMemoryPage(await launchBrowser());
  });
  suiteTeardown(() => memory.page.context().browser()?.close());
  setup(() => memory.restart());
  teardown(() => assert.deepEqual(memory.complaints, []));
  return () => memory;
}
