/** What a mark says was masked. A mark of any other kind is text like any other, so nothing hides in one. */
export const secretKinds = [
  'API key',
  'AWS key',
  'Anthropic key',
  'Azure key',
  'GitHub token',
  'GitLab token',
  'Google key',
  'JSON Web Token',
  'OpenAI key',
  'Slack token',
  'Stripe key',
  'access token',
  'cut off',
  'npm token',
  'password',
  'password in a URL',
  'private key',
  'secret',
  'stored API key',
  'webhook',
] as const;

export type SecretKind = (typeof secretKinds)[number];

/** A stretch of a text, in UTF-16 code units. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}

/** What stands in a secret's place. Nothing in it needs an escape in JSON, or means anything in Markdown. */
export function secretMark(kind: SecretKind): string {
  return `[secret masked: ${kind}]`;
}

const marks = new RegExp(String.raw`(\[secret masked: (?:${secretKinds.join('|')})\])`);

/** The text in order: what is between marks at even places ('' where nothing is), the marks at odd ones. */
export function splitAtMarks(text: string): readonly string[] {
  return text.split(marks);
}

/** The text with a mark in place of each span. These are in order and do not overlap. */
export function withMarks(text: string, spans: readonly SecretSpan[]): string {
  let at = 0;
  let masked = '';
  for (const { start, end, kind } of spans) {
    masked += text.slice(at, start) + secretMark(kind);
    at = end;
  }
  return masked + text.slice(at);
}

/**
 * "1 secret was masked before it was stored: GitHub token.", and each kind as often as it was found. Places are counted,
 * not secrets: one may stand in many.
 */
export function maskedWords(kinds: readonly SecretKind[]): string {
  const counts = new Map<SecretKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const list = [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`)).join(', ');
  return kinds.length === 1
    ? `1 secret was masked before it was stored: ${list}. The model of this turn saw it.`
    : `What is secret was masked in ${kinds.length} places before it was stored: ${list}. The model of this turn saw it.`;
}
