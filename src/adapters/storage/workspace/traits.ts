import { fileURLToPath } from 'node:url';

/** Where a window's workspace is. */
export interface WorkspacePlace {
  /** Which machine's paths these are: the same path on two remotes is two places. */
  readonly remote: string;
  /** The workspace file's URI; undefined for plain folders, and while the file is not saved. */
  readonly file?: string;
  /** URIs; none for an empty window. */
  readonly folders: readonly string[];
}

/**
 * What a workspace is recognized by, as aliases that the log and its records keep:
 * - `file:<remote>:<uri>`, `folders:<remote>:<uris>`, `empty:<remote>`: its place.
 * - `inode:<remote>:<dev>:<ino>:<birthtime>`: its folder or workspace file itself, wherever it is moved on its disk.
 * - `git:<remote url>#<path inside>`, `gitroot:<first commit>#<path inside>`: what is in it; its copies are alike.
 */
export interface WorkspaceTraits {
  readonly place: string;
  readonly inode?: string;
  readonly repository: readonly string[];
  /** Of a workspace file: the place that its folders are without it. */
  readonly unsavedPlace?: string;
  /** The places that the folders of a multi-root workspace are on their own. */
  readonly members: readonly string[];
}

export function placeAliasOf({ remote, file, folders }: WorkspacePlace): string {
  if (file !== undefined) return `file:${remote}:${file}`;
  return folders.length === 0 ? `empty:${remote}` : foldersAlias(remote, folders);
}

export function traitsOfPlace(place: WorkspacePlace): WorkspaceTraits {
  const { remote, file, folders } = place;
  const several = file !== undefined || folders.length > 1;
  return {
    place: placeAliasOf(place),
    repository: [],
    ...(file !== undefined && folders.length > 0 && { unsavedPlace: foldersAlias(remote, folders) }),
    members: several ? folders.map((folder) => foldersAlias(remote, [folder])) : [],
  };
}

function foldersAlias(remote: string, folders: readonly string[]): string {
  return `folders:${remote}:${[...folders].sort().join(' ')}`;
}

/** The path that a place is at: of a workspace file or a single folder on this machine's disk, else undefined. */
export function pathOfPlace(place: WorkspacePlace): string | undefined {
  const uri = place.file ?? (place.folders.length === 1 ? place.folders[0] : undefined);
  return uri === undefined ? undefined : pathOf(uri);
}

/** As `pathOfPlace`, of an alias; undefined too for one of another remote. */
export function pathOfAlias(alias: string, remote: string): string | undefined {
  const prefix = [`file:${remote}:`, `folders:${remote}:`].find((start) => alias.startsWith(start));
  const uri = prefix && alias.slice(prefix.length);
  return uri === undefined || uri.includes(' ') ? undefined : pathOf(uri);
}

export function isPlace(alias: string): boolean {
  return /^(?:file|folders|empty):/.test(alias);
}

/** `git:` and `gitroot:` aliases end in the workspace that they are of, as several can be of one repository. */
export function repositoryAlias(key: string, workspaceId: string): string {
  return `${key} @${workspaceId}`;
}

export function repositoryKeyOf(alias: string): string | undefined {
  return /^(?:git|gitroot):/.test(alias) ? alias.replace(/ @[^@]*$/, '') : undefined;
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
