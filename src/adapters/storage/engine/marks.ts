import { HistoryError } from '../../../core/errors';
import type { Recalled } from '../../../core/memory/recalled';
import {
  markedMessage,
  messageIn,
  recallMarks,
  spanWithin,
  turnIdIn,
  type MarkedRecalled,
  type MarkPage,
  type MarkTarget,
  type RecallMark,
} from '../../../core/memory/recallMarks';
import type { Message } from '../../../core/message';
import type { Span } from '../../../core/recall/passages';
import { storedText } from '../storedShape';
import { factOf } from './bodies';
import { textOf, type Row } from './database';
import { findFact } from './facts';
import { markRow, sequenceOf, soundMarkOf, writeMark, type MarkedPlace, type StoredMark } from './markRows';
import { messagesPerTurn } from './messageRows';
import type { Scope } from './scope';
import { findTurn, sessionIdOf, soundTurnOf, turnRowOf } from './turnRows';

/** RecallMarks' `mark`. */
export function setMark(
  scope: Scope,
  target: MarkTarget,
  mark: RecallMark | undefined,
  passage?: Span,
): undefined {
  const place = placeOf(scope, target);
  const row = place && markRow(scope, place);
  const stored = row && soundMarkOf(row);
  if (mark === undefined) {
    if (place && row && stored?.mark !== 'none') writeMark(scope, { ...place, mark: 'none' });
    return;
  }
  const text = place && markedText(scope, place);
  if (!place || text === undefined) {
    const what = 'factId' in target ? `fact ${target.factId}` : `message ${target.messageId}`;
    throw new HistoryError({ reason: 'not-found', message: `No ${what}` });
  }
  const span = passage && place.kind === 'message' && { passage: spanWithin(text, passage) };
  const next: StoredMark = { ...place, mark, ...span };
  if (JSON.stringify(stored) !== JSON.stringify(next)) writeMark(scope, next);
}

/** RecallMarks' `marksOf`. */
export function readMarks(scope: Scope, targets: readonly MarkTarget[]): readonly (RecallMark | undefined)[] {
  return targets.map((target) => {
    const place = placeOf(scope, target);
    const row = place && markRow(scope, place);
    const mark = row && soundMarkOf(row)?.mark;
    return mark === 'none' ? undefined : mark;
  });
}

/** RecallMarks' `kept`. */
export function keptMarks(scope: Scope, limit: number): readonly Recalled[] {
  const kept: Recalled[] = [];
  for (const row of rowsBefore(scope, ['kept'])) {
    if (kept.length >= limit) break;
    const stored = soundMarkOf(row);
    const recalled = stored && recalledOf(scope, stored);
    if (recalled) kept.push(recalled);
  }
  return kept;
}

/** RecallMarks' `list`. */
export function listMarks(
  scope: Scope,
  { limit, before }: { readonly limit: number; readonly before?: number },
): MarkPage {
  const marks: MarkedRecalled[] = [];
  for (const row of rowsBefore(scope, recallMarks, before)) {
    const stored = soundMarkOf(row);
    const recalled = stored && recalledOf(scope, stored);
    if (!recalled || stored.mark === 'none') continue;
    if (marks.length >= Math.max(0, limit)) return { marks, more: true };
    marks.push({ ...recalled, mark: stored.mark, cursor: sequenceOf(row) });
  }
  return { marks, more: false };
}

const pageSize = 50;

/** The newest first; read in pages, as most callers want few. */
function* rowsBefore(
  { database, workspace }: Scope,
  marks: readonly RecallMark[],
  before = Number.MAX_SAFE_INTEGER,
): Generator<Row> {
  if (!database.hasSchema(3)) return;
  for (let last = before; ;) {
    const page = marks
      .flatMap((mark) =>
        database.all(
          `SELECT * FROM recall_marks WHERE workspace = ? AND mark = ? AND sequence < ?
           ORDER BY sequence DESC LIMIT ?`,
          workspace,
          mark,
          last,
          pageSize,
        ),
      )
      .sort((a, b) => sequenceOf(b) - sequenceOf(a))
      .slice(0, pageSize);
    yield* page;
    const end = page.at(-1);
    if (!end || page.length < pageSize) return;
    last = sequenceOf(end);
  }
}

/** Undefined where nothing is known to have such an id. */
function placeOf(scope: Scope, target: MarkTarget): MarkedPlace | undefined {
  if ('factId' in target) {
    const id = storedText(target.factId);
    return { kind: 'fact', owner: id, id };
  }
  const id = storedText(target.messageId);
  const owner = target.turnId === undefined ? ownerOf(scope, id) : storedText(target.turnId);
  return owner === undefined ? undefined : { kind: 'message', owner, id };
}

/** The turn of a message. One that was imported with an id of its own is found by looking through the messages. */
function ownerOf(scope: Scope, id: string): string | undefined {
  const { database, workspace } = scope;
  const told = turnIdIn(id);
  const turn = told === undefined ? undefined : findTurn(scope, told);
  const sound = turn && soundTurnOf(scope, turn, sessionIdOf(scope, turn.session));
  if (sound && messageIn(sound, id)) return told;
  // A message's id comes first in its body.
  const start = JSON.stringify({ id }).slice(0, -1);
  const row = database.get(
    `SELECT t.* FROM messages m JOIN turns t ON t.key = m.key / ${messagesPerTurn}
     WHERE substr(m.body, 1, ?) = ? AND t.workspace = ? LIMIT 1`,
    start.length,
    start,
    workspace,
  );
  return row && turnRowOf(row).id;
}

/** Of what there is to be marked. @throws HistoryError `busy`, `corrupt` */
function markedText(scope: Scope, { kind, owner, id }: MarkedPlace): string | undefined {
  if (kind === 'fact') {
    const row = findFact(scope, id);
    const fact = row && factOf(row);
    if (row && !fact) throw new HistoryError({ reason: 'corrupt', message: `The fact ${id} is damaged` });
    return fact?.text;
  }
  const turn = findTurn(scope, owner);
  if (!turn) return undefined;
  if (turn.status === 'running') {
    throw new HistoryError({ reason: 'busy', message: `Turn ${owner} is running` });
  }
  const sound = soundTurnOf(scope, turn, sessionIdOf(scope, turn.session));
  if (!sound)
    throw new HistoryError({ reason: 'corrupt', message: `What is stored of turn ${owner} is damaged` });
  return messageIn(sound, id)?.content;
}

/** What a mark is on, with its text; undefined where it is damaged. */
function recalledOf(scope: Scope, { kind, owner, id, passage }: StoredMark): Recalled | undefined {
  if (kind === 'fact') {
    const row = findFact(scope, id);
    const fact = row && factOf(row);
    return fact && { factId: fact.id, text: fact.text, createdAt: fact.createdAt };
  }
  const turn = findTurn(scope, owner);
  const sound = turn && soundTurnOf(scope, turn, sessionIdOf(scope, turn.session));
  return sound && markedMessage(sound, id, passage);
}

/** Before a turn's messages become these: marks of those that are no more, or say something else, go. */
export function keepMarksOf(scope: Scope, turnId: string, messages: readonly Message[]): void {
  const { database, workspace } = scope;
  const rows = database.all(
    `SELECT * FROM recall_marks WHERE workspace = ? AND kind = 'message' AND owner = ?`,
    workspace,
    turnId,
  );
  if (rows.length === 0) return;
  const row = findTurn(scope, turnId);
  const before = row && soundTurnOf(scope, row, sessionIdOf(scope, row.session));
  for (const id of rows.map((one) => textOf(one, 'id'))) {
    const now = messageIn({ id: turnId, messages }, id);
    const was = before && messageIn(before, id);
    if (now && (!before || was?.content === now.content)) continue;
    database.run(
      `DELETE FROM recall_marks WHERE workspace = ? AND kind = 'message' AND owner = ? AND id = ?`,
      workspace,
      turnId,
      id,
    );
  }
}
