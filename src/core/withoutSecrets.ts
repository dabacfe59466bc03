const mask = '[key removed]';
/** What follows `Bearer`, and keys as OpenAI, Groq, xAI, Google, GitHub and others shape them, whole or starred out. */
const keyShapes =
  /(?<=\b(?:Bearer|Basic)\s{1,20})[\w+/=*.~-]{6,}|\b(?:sk|gsk|xai|pk|rk|key)[-_](?:[\w-]{16,}|[\w-]*\*{2,}[\w*-]*)|\bAIza[\w-]{20,}|\bgh[pousr]_\w{20,}/gi;
/** So many characters of a known secret in a row give it away. */
const tellingLength = 8;

/** `text` with the given secrets, parts of them, and all that looks like an API key, taken out. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '');
  const cleared = known.flatMap(spellingsOf).reduce(withoutPartsOf, text);
  return cleared.replace(keyShapes, mask);
}

/** A secret as servers echo it. */
function spellingsOf(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const base64 = (text: string): string => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
  return [secret, base64(secret), base64(`:${secret}`), hex];
}

function withoutPartsOf(text: string, secret: string): string {
  if (secret.length < tellingLength) return text.replaceAll(secret, mask);
  // A few letters change their length with their case; keys hold none of them.
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const lowerSecret = secret.toLowerCase();
  let result = '';
  let at = 0;
  while (at < text.length) {
    const length = sharedLength(lower, at, lowerSecret);
    result += length === 0 ? text.charAt(at) : mask;
    at += Math.max(1, length);
  }
  return result;
}

/** How much of the secret, from anywhere in it, stands at this place; 0 where it is too little to tell. */
function sharedLength(text: string, at: number, secret: string): number {
  const from = secret.indexOf(text.slice(at, at + tellingLength));
  if (from < 0 || at + tellingLength > text.length) return 0;
  let length = tellingLength;
  while (from + length < secret.length && text[at + length] === secret[from + length]) length += 1;
  return length;
}
