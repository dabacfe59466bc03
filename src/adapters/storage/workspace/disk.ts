import { stat } from 'node:fs/promises';
import path from 'node:path';

/** `gone`: surely no longer there. `there`: it is, or nobody can tell, as with a disk that is not mounted. */
export type PathState = { readonly state: 'gone' } | { readonly state: 'there'; readonly inode?: string };

/** Where disks are mounted: whether these are there tells nothing about the disk. */
const mountPoints =
  /^(?:\/|\/(?:mnt|media|Volumes|net)(?:\/[^/]+)?|\/media\/[^/]+\/[^/]+|\/run(?:\/media(?:\/[^/]+){0,2})?|\\\\.*)$/;

/**
 * What a file or folder is itself, wherever on its disk it is moved: device, inode and time of birth, as inodes are used
 * again. Undefined where the file system does not tell.
 */
export async function inodeOf(target: string): Promise<string | undefined> {
  try {
    const { dev, ino, birthtimeNs } = await stat(target, { bigint: true });
    // Where there is no time of birth Node tells 1970, or the last change: then a move is not recognized.
    if (ino === 0n || birthtimeNs <= 0n) return undefined;
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch {
    return undefined;
  }
}

export async function pathState(target: string): Promise<PathState> {
  try {
    await stat(target);
    const inode = await inodeOf(target);
    return { state: 'there', ...(inode !== undefined && { inode }) };
  } catch (error) {
    return { state: isMissing(error) && (await hadItsDisk(target)) ? 'gone' : 'there' };
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/** Whether what is left of the path is more than a place where disks are mounted. */
async function hadItsDisk(target: string): Promise<boolean> {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if (mountPoints.test(folder)) return false;
    if (await stat(folder).catch(() => undefined)) return true;
    if (path.dirname(folder) === folder) return false;
  }
}
