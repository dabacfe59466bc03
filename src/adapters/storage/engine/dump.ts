import type { CorruptTurn, Fact, HistoryDump, SessionDump, StoredTurn } from '../../../core/historyLog';
import { dumpedSummaries } from '../../../core/memory/summary';
import type { Turn } from '../../../core/message';
import { factOf } from './bodies';
import type { Scope } from './scope';
import { allSessions, getSession, type StoredSession } from './sessions';
import { listSummaries } from './summaries';
import { corruptTurn, soundTurnOf, turnRowOf } from './turnRows';

/** HistoryLog's `dump`. */
export function dumpHistory(scope: Scope, sessionId?: string): HistoryDump {
  const corrupt: CorruptTurn[] = [];
  const wanted = sessionId === undefined ? allSessions(scope) : [getSession(scope, sessionId)];
  const sessions = wanted.map((session) => dumpSession(scope, session, corrupt));
  const facts = sessionId === undefined ? allFacts(scope) : [];
  return { sessions, facts, ...(corrupt.length > 0 && { corrupt }) };
}

function dumpSession(scope: Scope, { key, id, summary }: StoredSession, corrupt: CorruptTurn[]): SessionDump {
  const { title, createdAt, updatedAt, forkedFrom } = summary;
  const rows = scope.database
    .all(`SELECT * FROM turns WHERE session = ? AND status <> 'running' ORDER BY position`, key)
    .map(turnRowOf);
  const turns = rows.flatMap((row) => {
    const turn = soundTurnOf(scope, row, id);
    if (!turn) corrupt.push(corruptTurn(row, id));
    return turn ? [withoutPlace(turn)] : [];
  });
  const { summaries } = listSummaries(scope, id);
  return {
    id,
    title,
    createdAt,
    updatedAt,
    ...(forkedFrom && { forkedFrom }),
    turns,
    ...dumpedSummaries(summaries, new Set(turns.map((turn) => turn.id))),
  };
}

function allFacts({ database, workspace }: Scope): readonly Fact[] {
  return database
    .all('SELECT * FROM facts WHERE workspace = ? ORDER BY key', workspace)
    .map(factOf)
    .filter((fact) => fact !== undefined);
}

export function withoutPlace(turn: StoredTurn): Turn {
  const { sessionId: _sessionId, position: _position, ...rest } = turn;
  return rest;
}
