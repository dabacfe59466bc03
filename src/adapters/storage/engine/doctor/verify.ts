import type { HistoryProblem, LostTurn, SourceCounts } from '../../../../core/historyDoctor';
import { factOf, sessionHeaderOf } from '../bodies';
import { integerOf, textOf, type Database, type Row } from '../database';
import { soundMarkOf } from '../markRows';
import { Erased } from '../erased';
import { isSoundText } from '../sentTexts';
import { soundSummaryOf } from '../summaries';
import { SearchIndex } from '../searchIndex';
import { soundTurnOf, turnRowOf } from '../turnRows';
import { noVectors } from '../vectors/vectorIndex';

const pageRows = 500;

export interface Verification {
  readonly problems: readonly HistoryProblem[];
  readonly holds: SourceCounts;
  readonly damaged: readonly LostTurn[];
}

/** Turns that left no trace. */
const uncounted = `SELECT s.key, s.length, count(t.key) AS found FROM sessions s LEFT JOIN turns t ON t.session = s.key
  WHERE s.key > ? GROUP BY s.key HAVING count(t.key) < s.length ORDER BY s.key LIMIT ?`;

/** Reads all that an open log holds, and checks every checksum. Takes as long as the history is large. */
export function verify(database: Database): Verification {
  const problems: HistoryProblem[] = [];
  const damaged: LostTurn[] = [];
  const holds = { sessions: 0, turns: 0, facts: 0 };
  const each = (what: string, rows: string | (() => Iterable<Row>), look: (row: Row) => void): void => {
    try {
      for (const row of typeof rows === 'string' ? paged(database, rows) : rows()) look(row);
    } catch (error) {
      problems.push({ kind: 'unreadable', message: `${what} cannot all be read: ${messageOf(error)}` });
    }
  };
  const unsound = (what: string): void => void problems.push({ kind: 'checksum', message: what });

  database.read(() => {
    const said = structureOf(database);
    if (said !== 'ok') problems.push({ kind: 'unreadable', message: `SQLite: ${said}` });
    each('Sessions', 'SELECT * FROM sessions NOT INDEXED WHERE key > ? ORDER BY key LIMIT ?', (row) => {
      if (sessionHeaderOf(row)) holds.sessions += 1;
      else unsound('The title of a session is not what was written');
    });
    const scope = {
      database,
      search: new SearchIndex(database, false),
      vectors: noVectors,
      erased: new Erased(),
      workspace: 0,
      now: 0,
      newId: () => '',
    };
    const turns = `SELECT t.*, s.id AS session_id, s.body AS session_body, s.checksum AS session_checksum, w.id AS workspace_id
      FROM turns t NOT INDEXED LEFT JOIN sessions s ON s.key = t.session LEFT JOIN workspaces w ON w.key = t.workspace
      WHERE t.key > ? ORDER BY t.key LIMIT ?`;
    each('Turns', turns, (row) => {
      const sessionId = row.session_id === null ? '' : textOf(row, 'session_id');
      const turn = turnRowOf(row);
      if (soundTurnOf(scope, turn, sessionId)) {
        holds.turns += 1;
        return;
      }
      const workspaceId = row.workspace_id === null ? '' : textOf(row, 'workspace_id');
      const title =
        sessionId && sessionHeaderOf({ body: row.session_body ?? '', checksum: row.session_checksum ?? '' });
      damaged.push({
        id: turn.id,
        workspaceId,
        ...(sessionId !== '' && { sessionId }),
        ...(title && { sessionTitle: title.title }),
      });
    });
    each('Facts', 'SELECT * FROM facts NOT INDEXED WHERE key > ? ORDER BY key LIMIT ?', (row) => {
      if (factOf(row)) holds.facts += 1;
      else unsound('A fact is not what was written');
    });
    each('Sessions', uncounted, (row) => {
      const message = `A session counts ${integerOf(row, 'length')} turns and has ${integerOf(row, 'found')}`;
      problems.push({ kind: 'count', message });
    });
    // A log of an earlier version that cannot be written has neither.
    if (!database.hasSchema(2)) return;
    const summaries = `SELECT u.*, s.id AS session_id FROM summaries u NOT INDEXED LEFT JOIN sessions s ON s.key = u.session
       WHERE u.key > ? ORDER BY u.key LIMIT ?`;
    each('Summaries', summaries, (row) => {
      if (soundSummaryOf(row)?.sessionId !== row.session_id) unsound('A summary is not what was written');
    });
    each('Texts', 'SELECT * FROM texts NOT INDEXED WHERE key > ? ORDER BY key LIMIT ?', (row) => {
      if (!isSoundText(row)) unsound('A text that was sent with requests is not what was written');
    });
    if (!database.hasSchema(3)) return;
    each(
      'Recall marks',
      () => database.all('SELECT * FROM recall_marks'),
      (row) => {
        if (!soundMarkOf(row)) unsound('A recall mark is not what was written');
      },
    );
  });
  if (damaged.length > 0) unsound(`Not what was written: ${damaged.length} turns`);
  return { problems, holds, damaged };
}

function* paged(database: Database, sql: string): Generator<Row> {
  for (let after = 0, more = true; more;) {
    const rows = database.all(sql, after, pageRows);
    yield* rows;
    more = rows.length === pageRows;
    if (more) after = integerOf(rows.at(-1), 'key');
  }
}

function structureOf(database: Database): string {
  try {
    return textOf(database.get('PRAGMA integrity_check(1)'), 'integrity_check').slice(0, 300);
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
