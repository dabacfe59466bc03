import type { SecretSpan } from '../../core/secrets/secretMark';

/** So many characters of a key in a row give it away. What many keys begin with is shorter. */
const tellingLength = 16;
/** Looked for at every so many characters: a run of the telling length holds one. */
const step = 8;
const longest = 4_000;

/** The keys that the product itself keeps, parts of them, and how headers and servers spell them. */
export function knownSecrets(
  text: string,
  known: readonly string[],
  unfinished: boolean,
): readonly SecretSpan[] {
  return known.flatMap((secret) =>
    isTelling(secret) ? spellingsOf(secret).flatMap((spelling) => partsOf(text, spelling, unfinished)) : [],
  );
}

/** Servers on this machine take any word for a key; a word is not taken out of all that is said. */
function isTelling(secret: string): boolean {
  return secret.length <= longest && (secret.length >= 20 || (secret.length >= 8 && /[\dA-Z]/.test(secret)));
}

function spellingsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const encoded = [
    bytes.toString('base64').replace(/=+$/, ''),
    Buffer.from(`:${secret}`).toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ];
  return [secret, ...encoded.filter((spelling) => spelling.length >= tellingLength)];
}

function partsOf(text: string, secret: string, unfinished: boolean): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  const add = (start: number, end: number): void => {
    spans.push({ start, end, kind: 'stored API key' });
  };
  if (secret.length < tellingLength) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length))
      add(at, at + secret.length);
  } else {
    const places = new Map<string, number>();
    for (let at = secret.length - step; at >= 0; at -= 1) places.set(secret.slice(at, at + step), at);
    for (let at = 0, done = 0; at + step <= text.length; at += step) {
      const place = places.get(text.slice(at, at + step));
      if (place === undefined || at < done) continue;
      const { start, end } = extended(text, at, secret, place);
      if (end - start < tellingLength) continue;
      add(start, end);
      done = end;
    }
  }
  const tail = unfinished ? startAtEnd(text, secret) : 0;
  if (tail > 0) spans.push({ start: text.length - tail, end: text.length, kind: 'cut off' });
  return spans;
}

function extended(
  text: string,
  at: number,
  secret: string,
  place: number,
): { readonly start: number; readonly end: number } {
  let before = 0;
  while (before < Math.min(at, place) && text[at - before - 1] === secret[place - before - 1]) before += 1;
  let length = step;
  while (place + length < secret.length && text[at + length] === secret[place + length]) length += 1;
  return { start: at - before, end: at + length };
}

/** How much of the secret's beginning the text ends with; 0 where it is too little to tell. */
function startAtEnd(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length >= step; length -= 1) {
    if (text.endsWith(secret.slice(0, length))) return length;
  }
  return 0;
}
