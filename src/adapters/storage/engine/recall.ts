import type { FactHit, RecallHit, RecallOptions } from '../../../core/memory/longTermMemory';
import { messageId } from '../../../core/message';
import { queryTerms } from '../searchText';
import { factOf } from './bodies';
import { textOf, type Row } from './database';
import { messagesPerTurn, placeOf } from './messageRows';
import type { Scope } from './scope';
import { findTurn, soundTurnOf } from './turnRows';

/** What is found through extra words (tool calls, parts of identifiers) counts for less than through the text. */
const weights = '1.0, 0.4';

/** The query as FTS5 takes it: any of the words, or pieces such as paths as a whole. '' where there is no word. */
export function matchExpression(query: string): string {
  const { words, phrases } = queryTerms(query);
  // Within double quotes nothing but a double quote has a meaning, and words hold none.
  return [...words, ...phrases.map((phrase) => phrase.join(' '))].map((term) => `"${term}"`).join(' OR ');
}

/** LongTermMemory's `recall`. What is damaged is not shown. */
export function recallMessages(scope: Scope, query: string, options: RecallOptions): readonly RecallHit[] {
  const { database, search, workspace } = scope;
  search.requireAvailable();
  const expression = matchExpression(query);
  if (expression === '') return [];
  const { sessionId, role, exceptTurnId, limit } = options;
  return database
    .all(
      `SELECT m.key, t.id AS turn_id, s.id AS session_id, -bm25(message_search, ${weights}) AS score
       FROM message_search JOIN messages m ON m.key = message_search.rowid
       JOIN turns t ON t.key = m.key / ${messagesPerTurn} JOIN sessions s ON s.key = t.session
       WHERE message_search MATCH ? AND t.workspace = ? AND (? IS NULL OR s.id = ?) AND (? IS NULL OR m.role = ?)
         AND (? IS NULL OR t.id <> ?)
       ORDER BY score DESC, m.key DESC LIMIT ?`,
      expression,
      workspace,
      sessionId ?? null,
      sessionId ?? null,
      role ?? null,
      role ?? null,
      exceptTurnId ?? null,
      exceptTurnId ?? null,
      Math.max(0, Math.trunc(limit)),
    )
    .flatMap((row) => hitOf(scope, row));
}

function hitOf(scope: Scope, row: Row): RecallHit[] {
  const turnId = textOf(row, 'turn_id');
  const sessionId = textOf(row, 'session_id');
  const place = placeOf(row);
  const found = findTurn(scope, turnId);
  const turn = found && soundTurnOf(scope, found, sessionId);
  const message = turn?.messages[place];
  if (!message) return [];
  return [
    {
      messageId: message.id ?? messageId(turnId, place),
      turnId,
      sessionId,
      role: message.role,
      score: Number(row.score),
      text: message.content,
      createdAt: message.createdAt ?? turn.createdAt,
    },
  ];
}

/** LongTermMemory's `recallFacts`. */
export function recallFacts(scope: Scope, query: string, limit: number): readonly FactHit[] {
  const { database, search, workspace } = scope;
  search.requireAvailable();
  const expression = matchExpression(query);
  if (expression === '') return [];
  return database
    .all(
      `SELECT f.*, -bm25(fact_search, ${weights}) AS score
       FROM fact_search JOIN facts f ON f.key = fact_search.rowid
       WHERE fact_search MATCH ? AND f.workspace = ? ORDER BY score DESC, f.key DESC LIMIT ?`,
      expression,
      workspace,
      Math.max(0, Math.trunc(limit)),
    )
    .flatMap((row) => {
      const fact = factOf(row);
      return fact ? [{ ...fact, score: Number(row.score) }] : [];
    });
}
