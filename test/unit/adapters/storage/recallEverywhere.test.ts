import assert from 'node:assert/strict';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import type { RecallHit } from '../../../../src/core/memory/longTermMemory';
import { startOfTime } from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

const createdAt = '2026-03-05T10:00:00.000Z';

suite('recall over several workspaces of one log', () => {
  let storage: TemporaryStorage;
  setup(async () => (storage = await temporaryStorage(startOfTime)));
  teardown(() => storage.dispose());

  /** The same ids in each workspace, as an import of one export makes them. */
  async function workspace(workspaceId: string, place: string, prompt: string) {
    await storage.client.call('workspace-claim', { workspaceId, place, own: [], dropped: [] });
    const scoped = { client: storage.client, workspaceId };
    const log = new SqliteHistoryLog(scoped);
    const messages = [
      { role: 'user' as const, content: prompt },
      { role: 'assistant' as const, content: 'Noted.' },
    ];
    const turn = { id: 't', createdAt, status: 'complete' as const, messages };
    const session = { id: 's', title: workspaceId, createdAt, updatedAt: createdAt, turns: [turn] };
    await log.load({ sessions: [session], facts: [] }, 'update');
    return { log, memory: new SqliteLongTermMemory(scoped) };
  }
  const of = (hits: readonly RecallHit[]) =>
    hits.map(({ text, workspace: where }) => [text, where?.name, where?.here]).sort();

  test('asked for, it finds what was said in others, and each hit names its workspace', async () => {
    const { memory } = await workspace('w1', 'folders:local:file:///a/app', 'The zebra is in the app.');
    await workspace('w2', 'folders:local:file:///a/site', 'The zebra is on the site.');
    const hits = await memory.recall('zebra', { limit: 10, everywhere: true });
    assert.deepEqual(of(hits), [
      ['The zebra is in the app.', 'app', true],
      ['The zebra is on the site.', 'site', false],
    ]);
    const listed = await memory.listMessages({ limit: 10, role: 'user', everywhere: true });
    assert.deepEqual(of(listed.messages), of(hits));
    const here = await memory.listMessages({ limit: 10, role: 'user' });
    assert.deepEqual(of(here.messages), [['The zebra is in the app.', undefined, undefined]]);
    const { workspace: where } = hits.find(({ text }) => text.includes('site')) ?? {};
    assert.deepEqual(where, {
      id: 'w2',
      name: 'site',
      here: false,
      uri: 'file:///a/site',
      remote: 'local',
    });
  });

  test('not asked for, it finds nothing of them, and a hit names no workspace', async () => {
    const { memory } = await workspace('w1', 'folders:local:file:///a/app', 'The zebra is in the app.');
    await workspace('w2', 'folders:local:file:///a/site', 'The zebra is on the site.');
    assert.deepEqual(of(await memory.recall('zebra', { limit: 10 })), [
      ['The zebra is in the app.', undefined, undefined],
    ]);
  });

  test('a workspace without a history of its own finds what was said in others', async () => {
    await workspace('w2', 'folders:local:file:///a/site', 'The zebra is on the site.');
    const fresh = new SqliteLongTermMemory({ client: storage.client, workspaceId: 'new' });
    assert.deepEqual(of(await fresh.recall('zebra', { limit: 10, everywhere: true })), [
      ['The zebra is on the site.', 'site', false],
    ]);
    assert.deepEqual(await fresh.recall('zebra', { limit: 10 }), []);
  });

  test('what was deleted in another is not found any more', async () => {
    const { memory } = await workspace('w1', 'folders:local:file:///a/app', 'The zebra is in the app.');
    const other = await workspace('w2', 'folders:local:file:///a/site', 'The zebra is on the site.');
    await other.log.deleteTurn('t');
    const hits = await memory.recall('zebra', { limit: 10, everywhere: true });
    assert.deepEqual(of(hits), [['The zebra is in the app.', 'app', true]]);
  });
});
