const mask = '[key removed]';
/** `Bearer …`, and keys as OpenAI, Groq, OpenRouter, Google, GitHub and others shape them, cut short or not. */
const keyShapes =
  /\bBearer\s+\S+|\b(?:sk|gsk|xai|pk|rk|key)[-_][\w*.-]{6,}|\bAIza[\w-]{20,}|\bgh[pousr]_\w{20,}/gi;

/** `text` with the given secrets, and all that looks like an API key, taken out. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.trim() !== '');
  const cleared = known.reduce((result, secret) => result.replaceAll(secret, mask), text);
  return cleared.replace(keyShapes, (found) =>
    found.toLowerCase().startsWith('bearer') ? `Bearer ${mask}` : mask,
  );
}
