/** A workspace as people know it. */
export interface WorkspaceLabel {
  readonly name: string;
  /** Its folder or workspace file, if it is a single one: as the machine `remote` knows it. */
  readonly uri?: string;
  readonly remote?: string;
}

/** By its place among the aliases of a workspace (see traits.ts). */
export function labelOf(aliases: readonly string[]): WorkspaceLabel {
  const [, kind, remote = '', rest = ''] = find(aliases, /^(file|folders|empty):([^:]*):?(.*)$/s) ?? [];
  const uris = rest.split(' ').filter((uri) => uri !== '');
  const [uri] = uris;
  if (kind === undefined || uri === undefined) return { name: 'an empty window' };
  const name = uris.map(nameOf).join(', ');
  return uris.length === 1 ? { name, uri, remote } : { name };
}

function find(texts: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const text of texts) {
    const match = pattern.exec(text);
    if (match) return match;
  }
  return undefined;
}

/** The last part of its path. */
function nameOf(uri: string): string {
  const last = uri.replace(/\/+$/, '').split('/').at(-1) ?? uri;
  try {
    return decodeURIComponent(last).replace(/\.code-workspace$/, '') || uri;
  } catch {
    return last;
  }
}
