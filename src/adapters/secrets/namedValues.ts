import type { SecretKind } from '../../core/secrets/secretMark';
import { isCode, isPlaceholder } from './placeholders';

const passwordNames = String.raw`pass(?:word|wd|phrase|code)|passwd|pwd`;
const keyNames = String.raw`(?:api|access|secret|private|auth|account|encryption|signing|shared[-_]?access)[-_]?key|(?:access|auth|refresh|bearer|api|session|security|id)[-_]?token|token|(?:client|app|api|auth|webhook|jwt|shared)[-_]?secret|secret|credentials?`;

export const secretNames = `(?:${passwordNames}|${keyNames})`;

const isPasswordName = new RegExp(`(?:${passwordNames})\\d*$`, 'i');
const isKeyName = new RegExp(`(?:${keyNames})\\d*$`, 'i');
const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/**
 * Whether the value that goes by this name is a secret, rather than a word, a type, a number or code.
 * @param strict whether nothing but a secret is assigned in this form, as in a file of environment variables
 */
export function secretValue(name: string, value: string, strict = false): SecretKind | undefined {
  if (isPlaceholder(value) || isCode(value)) return undefined;
  if (isPasswordName.test(name)) return isPassword(value, strict) ? 'password' : undefined;
  return isKeyName.test(name) && isKey(value) ? 'secret' : undefined;
}

function isPassword(value: string, strict: boolean): boolean {
  if (value.length < 6) return false;
  if (strict && value.length >= 8) return true;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d\s]/].filter((kind) => kind.test(value)).length;
  // Words and sentences have letters, and full stops.
  const isProse = /^[\p{L}'’-]+[.,:;!?]?$/u.test(value) || /\s/.test(value.trim());
  return kinds >= 2 && (!isProse || (kinds >= 3 && /\d/.test(value)));
}

function isKey(value: string): boolean {
  if (value.length < 12 || uuid.test(value) || !/^[\w+/=.~:@!#%^*$-]+$/.test(value)) return false;
  if (/^https?:|^(?:\.{1,2}|~)?\/[a-z][\w.-]*(?:\/|$)|^[\d.,_-]+$/.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}
