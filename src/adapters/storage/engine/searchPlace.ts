import type { Role } from '../../../core/message';
import { turnBodyOf } from './bodies';
import { integerOf, type Database } from './database';

/**
 * Words by which the index knows where a message stands, so that a search of one workspace, session or day reads no
 * others. They begin with a private character, which is a letter to the index and in no text's words.
 */
const mark = '\ue000';

export const allMessages = `${mark}0`;

export const placeWord = {
  workspace: (key: number) => `${mark}w${key}`,
  session: (key: number) => `${mark}s${key}`,
  role: (role: Role) => `${mark}r${roleDigits[role]}`,
  toolCall: `${mark}t1`,
  month: (month: string) => `${mark}m${month.replaceAll('-', '')}`,
} as const;

/** Digits, as a stemmer would change words. */
const roleDigits: Readonly<Record<Role, number>> = { system: 0, user: 1, assistant: 2, tool: 3 };

/** Of a message of one turn: its place, by its row's role and its parsed body. */
export type PlaceWords = (role: string, body: Readonly<Record<string, unknown>> | undefined) => string;

export function placeWords(database: Database, turn: number): PlaceWords {
  const row = database.get('SELECT workspace, session, body FROM turns WHERE key = ?', turn);
  if (!row) return () => allMessages;
  const { workspace, session } = placeWord;
  const common = [allMessages, workspace(integerOf(row, 'workspace')), session(integerOf(row, 'session'))];
  const createdAt: unknown = turnBodyOf(row)?.createdAt;
  return (role, body) =>
    [
      ...common,
      ...(Object.hasOwn(roleDigits, role) ? [placeWord.role(role as Role)] : []),
      ...(role === 'tool' || body?.tool_calls !== undefined ? [placeWord.toolCall] : []),
      ...monthOf(body?.createdAt ?? createdAt).map(placeWord.month),
    ].join(' ');
}

/** `2026-03` of an ISO time; none of what is none. */
function monthOf(time: unknown): readonly string[] {
  const match = typeof time === 'string' ? /^\d{4}-\d\d(?=-\d\dT)/.exec(time) : null;
  return match ? [match[0]] : [];
}
