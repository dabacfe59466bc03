/** A key that stands for a user and a password (https://www.rfc-editor.org/rfc/rfc7617). @param credentials `user:password` */
export function basicKey(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** The header that a key goes in; undefined for no key, so that nothing is sent in its place. */
export function authorizationOf(key: string): string | undefined {
  if (key === '') return undefined;
  return isBasicKey(key) ? key : `Bearer ${key}`;
}

export function isBasicKey(key: string): boolean {
  return /^Basic [\w+/=-]+$/.test(key);
}

/** What must not be shown of a key: itself, and a password in it. */
export function secretsIn(key: string): readonly string[] {
  if (!isBasicKey(key)) return [key];
  const encoded = key.slice('Basic '.length);
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [encoded, password.join(':') || user];
}
