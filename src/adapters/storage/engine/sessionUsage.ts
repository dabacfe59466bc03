import type { Usage } from '../../../core/message';
import { optionalIntegerOf } from './database';
import type { Scope } from './scope';
import { findSession } from './sessions';

/** HistoryLog's `usage`. Adds up in the database, without a turn being read; what is no JSON counts as nothing. */
export function sessionUsage(scope: Scope, sessionId: string): Usage | undefined {
  const session = findSession(scope, sessionId);
  if (!session) return undefined;
  const sum = (name: string): string =>
    `CAST(sum(CASE WHEN json_valid(body) THEN json_extract(body, '$.usage.${name}') END) AS INTEGER) AS ${name}`;
  const row = scope.database.get(
    `SELECT ${sum('prompt_tokens')}, ${sum('completion_tokens')}, ${sum('cached_tokens')}
     FROM turns WHERE session = ?`,
    session.key,
  );
  const prompt = row && optionalIntegerOf(row, 'prompt_tokens');
  const completion = row && optionalIntegerOf(row, 'completion_tokens');
  const cached = row && optionalIntegerOf(row, 'cached_tokens');
  if (prompt === undefined || completion === undefined) return undefined;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    ...(cached !== undefined && { cached_tokens: cached }),
  };
}
