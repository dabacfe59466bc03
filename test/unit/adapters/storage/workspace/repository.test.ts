import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inodeOf, pathState } from '../../../../../src/adapters/storage/workspace/disk';
import { repositoryKeys } from '../../../../../src/adapters/storage/workspace/repository';
import { remoteOf } from '../../../../../src/adapters/vscode/remoteOf';
import { temporaryFolder } from '../../../../support/storage';

const config = '[remote "origin"]\n\turl = git@example.test:Team/App.git\n';
const key = 'git:example.test/team/app#';
const first = 'a'.repeat(40);

suite('what tells a folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(() => folder.remove());

  async function write(file: string, text: string): Promise<void> {
    const full = join(folder.path, file);
    await mkdir(join(full, '..'), { recursive: true });
    await writeFile(full, text);
  }
  const keys = (name: string): Promise<readonly string[]> => repositoryKeys(join(folder.path, name));

  test('a repository, by its remote and by its first commit if it was begun here', async () => {
    await write('app/.git/config', config);
    assert.deepEqual(await keys('app'), [key]);
    const line = `${'0'.repeat(40)} ${first} A <a@b> 1700000000 +0000\tcommit (initial): x\n`;
    await write('app/.git/logs/HEAD', `${line}${first} ${'b'.repeat(40)} A <a@b> 1 +0000\tcommit: y\n`);
    assert.deepEqual(await keys('app'), [key, `gitroot:${first}#`]);
    await write('app/.git/logs/HEAD', line.replace('commit (initial)', 'clone'));
    assert.deepEqual(await keys('app'), [key]);
  });

  test('a folder or a file inside, by where it is in there', async () => {
    await write('app/.git/config', config);
    await write('app/packages/ui/index.ts', '');
    await write('app/all.code-workspace', '{}');
    assert.deepEqual(await keys('app/packages/ui'), [`${key}packages/ui`]);
    assert.deepEqual(await keys('app/all.code-workspace'), [`${key}all.code-workspace`]);
  });

  test('a worktree by its main repository, a submodule by its own', async () => {
    await write('app/.git/config', config);
    await write('app/.git/worktrees/fix/commondir', '../..\n');
    await write('fix/.git', `gitdir: ${join(folder.path, 'app/.git/worktrees/fix')}\n`);
    assert.deepEqual(await keys('fix'), [key]);
    await write('app/.git/modules/lib/config', config.replace('App', 'Lib'));
    await write('app/lib/.git', 'gitdir: ../.git/modules/lib\n');
    assert.deepEqual(await keys('app/lib'), ['git:example.test/team/lib#']);
  });

  test('nothing, where there is no repository or it cannot be read; never an error', async () => {
    await mkdir(join(folder.path, 'plain'));
    await write('odd/.git', 'gitdir: /nowhere/at/all\n');
    await write('torn/.git', '\0\0\0');
    await write('huge/.git/config', `${config}${'#'.repeat(300_000)}`);
    await mkdir(join(folder.path, 'dirs/.git/config'), { recursive: true });
    for (const name of ['plain', 'odd', 'torn', 'huge', 'dirs', 'missing']) {
      assert.deepEqual(await keys(name), [], name);
    }
  });

  test('its inode, which a move keeps and a copy does not', async () => {
    await write('a/file', '');
    await write('b/file', '');
    const inode = await inodeOf(join(folder.path, 'a'));
    assert.ok(inode);
    assert.notEqual(await inodeOf(join(folder.path, 'b')), inode);
    assert.equal(await inodeOf(join(folder.path, 'none')), undefined);
  });

  test('whether it is gone: not if its disk may be', async () => {
    assert.deepEqual(await pathState(join(folder.path, 'none')), { state: 'gone' });
    assert.deepEqual(await pathState(join(folder.path, 'none/deeper')), { state: 'gone' });
    assert.equal((await pathState(folder.path)).state, 'there');
    for (const path of ['/mnt/usb-stick/app', '/media/me/usb-stick/app', '/Volumes/USB/app', '/nowhere']) {
      assert.deepEqual(await pathState(path), { state: 'there' }, path);
    }
  });

  test('the machine: hosts of one kind are apart, and a container built anew is the same', () => {
    assert.equal(remoteOf(undefined, 'laptop'), 'local');
    assert.equal(remoteOf('ssh-remote', 'Alpha'), 'ssh-remote@alpha');
    assert.notEqual(remoteOf('ssh-remote', 'alpha'), remoteOf('ssh-remote', 'beta'));
    assert.equal(remoteOf('wsl', 'pc', 'Debian'), 'wsl@pc/Debian');
    assert.equal(remoteOf('dev-container', '3f2a'), remoteOf('dev-container', '77b1'));
    assert.equal(remoteOf('localhost:8080', 'box'), remoteOf('localhost:9090', 'box'));
    assert.ok(!remoteOf('127.0.0.1:8080', 'b:x').includes(':'));
  });
});
