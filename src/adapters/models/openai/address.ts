/** A base URL, taken apart. */
export interface Address {
  /** '' where there is no URL in it. */
  readonly baseUrl: string;
  /** What stood behind the `?`, sent with each request: Azure's `api-version`. */
  readonly query: Readonly<Record<string, string>>;
  /** `user:password`, where the URL holds them. */
  readonly credentials: string;
}

/** Reads a base URL as people paste it: with spaces around, a slash or the whole path of the request at its end. */
export function readAddress(text: string): Address {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed) || !/^https?:/i.test(trimmed))
    return { baseUrl: '', query: {}, credentials: '' };
  const url = new URL(trimmed);
  const path = url.pathname.replace(/(?:\/(?:chat\/completions|embeddings))?\/*$/, '');
  const { username, password } = url;
  return {
    baseUrl: `${url.origin}${path}`,
    query: Object.fromEntries(url.searchParams),
    credentials: username === '' && password === '' ? '' : `${decode(username)}:${decode(password)}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
