import path from 'node:path';

/** Ports that a URL of the protocol may leave out. */
const usualPorts: Readonly<Record<string, string>> = {
  'ssh:': '22',
  'git:': '9418',
  'http:': '80',
  'https:': '443',
};

/** The URL of `origin`, else of the first remote, as the text of a `.git/config` has it. */
export function remoteUrlOf(config: string): string | undefined {
  const urls = new Map<string, string>();
  let remote: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\s"\]]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (section) remote = section[1]?.toLowerCase() === 'remote' ? section[2] : undefined;
    const url = /^\s*url\s*=\s*(.*)$/i.exec(line)?.[1];
    if (remote !== undefined && url !== undefined && !urls.has(remote)) urls.set(remote, valueOf(url));
  }
  return urls.get('origin') ?? urls.values().next().value;
}

/** Without quotes and comments. */
function valueOf(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  return (quoted ?? text.replace(/\s+[#;].*$/, '')).replace(/\\(["\\])/g, '$1').trim();
}

/**
 * One form for all the ways to write a repository's address: `host/path`, lower case, without protocol, user, password,
 * usual port and `.git`. Undefined where it is none.
 * @param folder what a relative path is relative to
 */
export function normalizedRemoteUrl(url: string, folder: string): string | undefined {
  const trimmed = url.trim();
  if (trimmed === '') return undefined;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(trimmed)) return ofUrl(trimmed);
  // scp's form, which Git takes for SSH: no slash before the first colon. One letter is a Windows drive.
  const scp = /^(?:[^/@]+@)?(\[[^\]]+\]|[^/:[\]]{2,}):(?!\/\/)(.+)$/.exec(trimmed);
  if (scp) return joined(scp[1] ?? '', scp[2] ?? '');
  return `local:${withoutSuffix(path.resolve(folder, trimmed).replaceAll('\\', '/'))}`;
}

function ofUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(text);
  const plain = decoded(pathname);
  if (protocol === 'file:') return `local:${withoutSuffix(plain)}`;
  return joined(port === '' || port === usualPorts[protocol] ? hostname : `${hostname}:${port}`, plain);
}

function joined(host: string, pathname: string): string | undefined {
  const repository = withoutSuffix(pathname).replace(/^\/+/, '');
  return host === '' || repository === '' ? undefined : `${host}/${repository}`.toLowerCase();
}

function withoutSuffix(pathname: string): string {
  return pathname
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .replace(/\/+$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
