import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { normalizedRemoteUrl, remoteUrlOf } from './gitConfig';

/** A folder deeper inside its repository than this is not recognized by it. */
const mostLevels = 12;
const mostBytes = 256 * 1024;

interface GitFolder {
  /** The folder that `.git` is in. */
  readonly root: string;
  /** Where the repository's own files are: of a worktree, its main one's. */
  readonly common: string;
  /** Where this checkout's are. */
  readonly own: string;
}

/**
 * What tells the repository that `target` (a folder, or a file) is in, and where in it: by its remote's address and its
 * first commit, each where it can be read. Only reads a few small files; runs nothing and never rejects.
 */
export async function repositoryKeys(target: string): Promise<readonly string[]> {
  try {
    const git = await findGitFolder(target);
    if (!git) return [];
    const inside = path.relative(git.root, target).split(path.sep).join('/');
    const [url, firstCommit] = await Promise.all([remoteUrl(git), firstCommitOf(git)]);
    return [
      ...(url === undefined ? [] : [`git:${url}#${inside}`]),
      ...(firstCommit === undefined ? [] : [`gitroot:${firstCommit}#${inside}`]),
    ];
  } catch {
    return [];
  }
}

async function findGitFolder(target: string): Promise<GitFolder | undefined> {
  let folder = target;
  for (let level = 0; level < mostLevels; level += 1) {
    const found = await gitFolderAt(folder);
    if (found) return found;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

async function gitFolderAt(root: string): Promise<GitFolder | undefined> {
  const git = path.join(root, '.git');
  const found = await stat(git).catch(() => undefined);
  if (found?.isDirectory()) return { root, common: git, own: git };
  if (!found?.isFile()) return undefined;
  // A worktree or a submodule: https://git-scm.com/docs/gitrepository-layout
  const pointer = /^gitdir:\s*(.+?)\s*$/m.exec(await smallFile(git))?.[1];
  if (pointer === undefined) return undefined;
  const own = path.resolve(root, pointer);
  const common = (await smallFile(path.join(own, 'commondir')).catch(() => '')).trim();
  return { root, own, common: common === '' ? own : path.resolve(own, common) };
}

async function remoteUrl({ common, root }: GitFolder): Promise<string | undefined> {
  const config = await smallFile(path.join(common, 'config')).catch(() => '');
  const url = remoteUrlOf(config);
  return url === undefined ? undefined : normalizedRemoteUrl(url, root);
}

/** Only a repository that was begun here tells it without being searched: its log begins with the first commit. */
async function firstCommitOf({ common }: GitFolder): Promise<string | undefined> {
  const log = await open(path.join(common, 'logs', 'HEAD')).catch(() => undefined);
  if (!log) return undefined;
  try {
    const { buffer, bytesRead } = await log.read(Buffer.alloc(1024), 0, 1024, 0);
    const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n');
    return /^0{40,64} ([0-9a-f]{40,64}) [^\t]*\tcommit \(initial\)/.exec(line)?.[1];
  } finally {
    await log.close();
  }
}

async function smallFile(file: string): Promise<string> {
  const { size } = await stat(file);
  return size > mostBytes ? '' : readFile(file, 'utf8');
}
