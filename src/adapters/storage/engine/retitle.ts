import type { SessionSummary } from '../../../core/historyLog';
import { newSessionTitle, titleOf } from '../../../core/sessionEntry';
import { messageOfBody } from './bodies';
import { textOf } from './database';
import { messageRows } from './messageRows';
import type { Scope } from './scope';
import { getSession, writeHeader } from './sessions';
import { bury } from './tombstones';
import { turnRowOf, type TurnRow } from './turnRows';

/** A title is looked for in so many turns. */
const turnsRead = 50;

/** The title that a session would have of the turn's prompt. */
export function titleFrom({ database }: Pick<Scope, 'database'>, { key }: TurnRow): string | undefined {
  for (const row of messageRows(database, key)) {
    const message = messageOfBody(row);
    if (message?.role === 'user') return titleOf(message.content);
  }
  return undefined;
}

/** After a turn that gave the session this title is deleted, unless another gives it too. */
export function retitleAfter(scope: Scope, key: number, deleted: ReadonlySet<string>): void {
  const { title } = summaryOf(scope, key);
  if (deleted.has(title) && !titlesOf(scope, key).includes(title)) retitle(scope, key);
}

/** The session's title is gone for good: it is called after the first prompt that there is, other than by that title. */
export function retitle(scope: Scope, key: number): void {
  const summary = summaryOf(scope, key);
  const title = titlesOf(scope, key).find((one) => one !== '' && one !== summary.title) ?? newSessionTitle;
  writeHeader(scope, key, { ...summary, title });
  bury(scope, 'title', summary.id);
}

function summaryOf(scope: Scope, key: number): SessionSummary {
  const id = textOf(scope.database.get('SELECT id FROM sessions WHERE key = ?', key), 'id');
  return getSession(scope, id).summary;
}

function titlesOf(scope: Scope, key: number): readonly string[] {
  return scope.database
    .all('SELECT * FROM turns WHERE session = ? ORDER BY position LIMIT ?', key, turnsRead)
    .flatMap((row) => titleFrom(scope, turnRowOf(row)) ?? []);
}
