import type { Fact, HistoryDump, LoadMode, LoadReport, SessionDump } from '../../../core/historyLog';
import { joinedFact } from '../../../core/memory/fact';
import { summaryFrom, type SummaryDump } from '../../../core/memory/summary';
import type { Message, Turn } from '../../../core/message';
import { loadDump, type LoadedKind, type LoadTarget, type Placed } from '../loadDump';
import { storedSession } from '../storedShape';
import { factBody, factOf, turnBodyOf } from './bodies';
import { textOf } from './database';
import { findFact, insertFact, replaceFact } from './facts';
import { keepMarksOf } from './marks';
import type { Scope } from './scope';
import { findSession, getSession, insertSession, writeHeader, writeUpdatedAt } from './sessions';
import { deleteSummariesOf, hasSummary, putSummary } from './summaries';
import { isDeleted } from './tombstones';
import { lengthen } from './turns';
import {
  findTurn,
  insertTurn,
  isStoredAs,
  rewriteTurn,
  sessionIdOf,
  soundTurnOf,
  type TurnRow,
} from './turnRows';

/** HistoryLog's `load`. */
export function loadHistory(scope: Scope, dump: HistoryDump, mode: LoadMode): LoadReport {
  return loadDump(new LogTarget(scope), dump, mode, scope.newId);
}

class LogTarget implements LoadTarget {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  isDeleted(kind: LoadedKind, id: string): boolean {
    return isDeleted(this.#scope, kind, id);
  }

  has(kind: LoadedKind, id: string): boolean {
    const scope = this.#scope;
    if (kind === 'session') return findSession(scope, id) !== undefined;
    return (kind === 'turn' ? findTurn(scope, id) : findFact(scope, id)) !== undefined;
  }

  putSession(session: Omit<SessionDump, 'turns'>): Placed {
    const known = findSession(this.#scope, session.id);
    if (!known) {
      insertSession(this.#scope, session, session.updatedAt);
      return 'added';
    }
    const same = JSON.stringify(storedSession(session)) === JSON.stringify(storedSession(known.summary));
    if (same && session.updatedAt === known.summary.updatedAt) return 'kept';
    writeHeader(this.#scope, known.key, session);
    writeUpdatedAt(this.#scope, known.key, session.updatedAt);
    return 'updated';
  }

  putTurn(sessionId: string, { messages, ...header }: Turn): Placed {
    const scope = this.#scope;
    const known = findTurn(scope, header.id);
    if (!known) {
      const { key, nextPosition } = getSession(scope, sessionId);
      insertTurn(scope, { session: key, sessionId, position: nextPosition }, header, messages);
      lengthen(scope, key, 1);
      return 'added';
    }
    // What comes in has no context; that of what is stored stays with it.
    const context = turnBodyOf(known.row)?.context;
    const withContext = { ...header, ...(context && { context }) };
    const change = { keep: 0, messages };
    if (known.status === 'running' || isStoredAs(scope, known, withContext, change)) return 'kept';
    const isOther = !this.#holds(known, messages);
    if (isOther) {
      deleteSummariesOf(scope, known);
      keepMarksOf(scope, header.id, messages);
    }
    rewriteTurn(scope, known, { ...change, header: isOther ? header : withContext });
    scope.database.run('UPDATE turns SET owner = NULL, recovered = 0 WHERE key = ?', known.key);
    return 'updated';
  }

  #holds(turn: TurnRow, messages: readonly Message[]): boolean {
    const sound = soundTurnOf(this.#scope, turn, sessionIdOf(this.#scope, turn.session));
    return JSON.stringify(sound?.messages) === JSON.stringify(messages);
  }

  putSummary(sessionId: string, dump: SummaryDump, isKept: boolean): Placed | 'deleted' {
    const scope = this.#scope;
    const { key } = getSession(scope, sessionId);
    const summary = summaryFrom(dump, sessionId, (id) => {
      const turn = findTurn(scope, id.toWellFormed());
      return turn?.session === key && turn.status !== 'running' ? turn.position : undefined;
    });
    if (isDeleted(scope, 'summary', dump.id.toWellFormed())) return 'deleted';
    const isKnown = hasSummary(scope, dump.id);
    if (!summary || (isKept && isKnown)) return 'kept';
    if (!putSummary(scope, summary)) return 'kept';
    return isKnown ? 'updated' : 'added';
  }

  putFact(fact: Fact): Placed {
    const known = findFact(this.#scope, fact.id);
    if (!known) {
      insertFact(this.#scope, fact);
      return 'added';
    }
    const sound = factOf(known);
    const loaded = sound ? joinedFact(fact, sound) : fact;
    if (textOf(known, 'body') === factBody(loaded)) return 'kept';
    replaceFact(this.#scope, known, loaded);
    return 'updated';
  }
}
