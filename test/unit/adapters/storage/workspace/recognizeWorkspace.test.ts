import assert from 'node:assert/strict';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SqliteHistoryLog } from '../../../../../src/adapters/storage/sqliteHistoryLog';
import {
  recognizeWorkspace,
  type RecognizedWorkspace,
  type WorkspaceOfRecord,
} from '../../../../../src/adapters/storage/workspace/recognizeWorkspace';
import { append, openSession, startOfTime, turnIds } from '../../../../contract/logFixture';
import { countingIds } from '../../../../support/sessionSetup';
import { temporaryFolder, temporaryStorage, type TemporaryStorage } from '../../../../support/storage';

suite('the workspace of a window', () => {
  let storage: TemporaryStorage;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let records: WorkspaceOfRecord[];
  /** Each test has folders, repositories and records of its own, in one database. */
  let team: string;
  const newTeam = countingIds('team');
  const newId = countingIds('w');

  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());
  setup(async () => {
    folder = await temporaryFolder();
    team = newTeam();
    records = [];
  });
  teardown(() => folder.remove());

  const at = (name: string): string => join(folder.path, name);
  const uriOf = (name: string): string => pathToFileURL(at(name)).href;
  const options = (client = storage.client) => ({
    client,
    newId,
    recordsWith: (aliases: readonly string[]) =>
      records.filter((record) => aliases.some((alias) => record.aliases.includes(alias))),
  });
  const open = (...names: readonly string[]): Promise<RecognizedWorkspace> =>
    recognizeWorkspace({ remote: 'local', folders: names.map(uriOf) }, options());
  const openFile = (name: string, ...names: readonly string[]): Promise<RecognizedWorkspace> =>
    recognizeWorkspace({ remote: 'local', file: uriOf(name), folders: names.map(uriOf) }, options());
  const logOf = ({ id }: RecognizedWorkspace): SqliteHistoryLog =>
    new SqliteHistoryLog({ client: storage.client, workspaceId: id });

  async function project(name: string, repository = `git@example.test:${team}/app.git`): Promise<void> {
    await mkdir(at(`${name}/.git`), { recursive: true });
    await writeFile(at(`${name}/.git/config`), `[remote "origin"]\n\turl = ${repository}\n`);
  }
  async function say(workspace: RecognizedWorkspace, turn = 't1'): Promise<void> {
    const log = logOf(workspace);
    await openSession(log);
    await append(log, turn);
    await log.setActiveSession('s1');
  }

  test('is the same each time, and in two windows at once', async () => {
    await project('a');
    const client = storage.anotherClient();
    const place = { remote: 'local', folders: [uriOf('a')] };
    const both = await Promise.all([open('a'), recognizeWorkspace(place, options(client))]);
    assert.equal(both[0].id, both[1].id);
    assert.deepEqual(await open('a'), { id: both[0].id, changed: false });
  });

  test('follows a folder that was renamed, and again, and nothing is asked', async () => {
    await mkdir(at('plain'));
    await writeFile(at('plain/file'), '');
    const before = await open('plain');
    await rename(at('plain'), at('renamed'));
    assert.deepEqual(await open('renamed'), { id: before.id, changed: true });
    await mkdir(at('deep/down'), { recursive: true });
    await rename(at('renamed'), at('deep/down/moved'));
    assert.equal((await open('deep/down/moved')).id, before.id);
    await mkdir(at('plain'));
    assert.notEqual((await open('plain')).id, before.id, 'what comes to its old place is another');
  });

  test('follows a folder although another has taken its place', async () => {
    await project('app');
    const original = await open('app');
    await say(original);
    await rename(at('app'), at('app-old'));
    await project('app');
    assert.equal((await open('app-old')).id, original.id);
    const { id, offer } = await open('app');
    assert.notEqual(id, original.id);
    assert.equal(offer?.from, original.id);
  });

  test('follows a repository to where its inode is another, once the old place is gone', async () => {
    await project('app');
    const original = await open('app');
    await say(original);
    await cp(at('app'), at('copied'), { recursive: true });
    await rm(at('app'), { recursive: true });
    assert.deepEqual(await open('copied'), { id: original.id, changed: true });
    assert.deepEqual(await turnIds(logOf(original)), ['t1']);
  });

  test('a clone beside the original is asked about, until it is answered, and then no more', async () => {
    await project('app');
    const original = await open('app');
    await say(original);
    await project('clone', `https://someone:token@example.test/${team.toUpperCase()}/App`);
    const clone = await open('clone');
    assert.notEqual(clone.id, original.id);
    assert.deepEqual(clone.offer, { from: original.id, name: 'app', turns: 1, why: 'clone' });
    assert.deepEqual((await open('clone')).offer, clone.offer, 'not answered yet');
    await storage.client.call('workspace-answer', { workspaceId: clone.id, adopt: false });
    assert.deepEqual(await open('clone'), { id: clone.id, changed: false });
    assert.deepEqual(await logOf(clone).sessions(), []);
    assert.deepEqual(await open('app'), { id: original.id, changed: false });
  });

  test('adopting copies: both histories go their own way from then on', async () => {
    await project('app');
    const original = await open('app');
    await say(original);
    await project('clone');
    const clone = await open('clone');
    const answer = { workspaceId: clone.id, adopt: true };
    const report = await storage.client.call('workspace-answer', answer);
    assert.equal(report?.added.turns, 1);
    const [session] = await logOf(clone).sessions();
    assert.ok(session);
    assert.equal(await logOf(clone).activeSession(), session.id);
    assert.deepEqual((await turnIds(logOf(clone), session.id)).length, 1);
    await logOf(clone).clear();
    assert.deepEqual(await turnIds(logOf(original)), ['t1']);
    assert.equal(await storage.client.call('workspace-answer', answer), undefined, 'only once');
    assert.deepEqual(await open('clone'), { id: clone.id, changed: false });
  });

  test('another folder of the same repository, and another repository, are other workspaces', async () => {
    await project('app');
    await mkdir(at('app/packages/ui'), { recursive: true });
    const original = await open('app');
    await say(original);
    await project('other', `git@example.test:${team}/other.git`);
    for (const name of ['app/packages/ui', 'other']) {
      const found = await open(name);
      assert.notEqual(found.id, original.id);
      assert.equal(found.offer, undefined);
    }
  });

  test('one folder by two paths is one workspace', async () => {
    await project('app');
    const { id } = await open('app');
    await symlink(at('app'), at('link'));
    assert.equal((await open('link')).id, id);
    assert.equal((await open('app')).id, id);
    assert.equal((await open('link')).changed, false);
  });

  test('a workspace file, its folders, each folder and the empty window have places of their own', async () => {
    await mkdir(at('a'));
    await mkdir(at('b'));
    await writeFile(at('w.code-workspace'), '{}');
    await say(await open('a'));
    const unsaved = await open('a', 'b');
    assert.equal(unsaved.offer?.why, 'member');
    assert.equal((await open('b', 'a')).id, unsaved.id, 'in whatever order');
    const saved = await openFile('w.code-workspace', 'a', 'b');
    assert.equal(saved.id, unsaved.id, 'saving it is no new workspace');
    assert.equal((await openFile('w.code-workspace', 'a')).id, saved.id, 'nor is a folder less');
    const ids = [saved.id, (await open('a')).id, (await open('b')).id, (await open()).id];
    assert.equal(new Set(ids).size, 4);
    assert.equal((await open()).id, ids[3]);
  });

  test('the same path on two remotes stays apart', async () => {
    await project('app');
    const on = (remote: string) => recognizeWorkspace({ remote, folders: [uriOf('app')] }, options());
    const ids = [await on('ssh-remote@alpha'), await on('ssh-remote@beta')].map(({ id }) => id);
    assert.notEqual(ids[0], ids[1]);
    assert.equal((await on('ssh-remote@alpha')).id, ids[0]);
    const empty = (remote: string) => recognizeWorkspace({ remote, folders: [] }, options());
    assert.notEqual((await empty('local')).id, (await empty('ssh-remote@alpha')).id);
  });

  test('where the log is lost, the record brings the id back; not of another repository', async () => {
    await project('app');
    const place = `folders:local:${uriOf('app')}`;
    records = [{ workspaceId: `${team}, other`, aliases: [place, 'git:example.test/no/thing# @other'] }];
    const fresh = await open('app');
    assert.notEqual(fresh.id, `${team}, other`);
    await project('lost');
    records = [{ workspaceId: `${team}, kept`, aliases: [`folders:local:${uriOf('lost')}`] }];
    assert.equal((await open('lost')).id, `${team}, kept`);
  });

  test('where the log lost its aliases alone, the record brings the history back', async () => {
    await project('app');
    await say({ id: `${team}, kept`, changed: false });
    records = [{ workspaceId: `${team}, kept`, aliases: [`folders:local:${uriOf('app')}`] }];
    assert.equal((await open('app')).id, `${team}, kept`);
    records = [];
    assert.deepEqual(await turnIds(logOf(await open('app'))), ['t1']);
  });

  test('a record that is not as far as the log takes nothing', async () => {
    await project('app');
    const original = await open('app');
    records = [{ workspaceId: original.id, aliases: [`folders:local:${uriOf('app')}`] }];
    await rename(at('app'), at('moved'));
    assert.equal((await open('moved')).id, original.id);
    await mkdir(at('app'));
    assert.notEqual((await open('app')).id, original.id);
  });

  test('a folder that is not there, or on no disk, is known by its place', async () => {
    const missing = await open('missing');
    assert.deepEqual(await open('missing'), { id: missing.id, changed: false });
    const virtual = { remote: 'local', folders: ['vscode-vfs://github/team/app'] };
    const { id } = await recognizeWorkspace(virtual, options());
    assert.deepEqual(await recognizeWorkspace(virtual, options()), { id, changed: false });
  });
});
