import type { StoredTurn } from '../../../core/historyLog';
import type { RecallHit, RecallOptions, RecallWorkspace } from '../../../core/memory/longTermMemory';
import { isUnanswered, messageId } from '../../../core/message';
import { calledIn } from '../../../core/recall/called';
import { neighbourOf } from '../../../core/recall/neighbour';
import type { Ranked } from '../../../core/recall/rank';
import type { StoredMessage } from './recallThreads';
import type { Scope } from './scope';
import { findTurn, sessionIdOf, soundTurnOf, turnRowOf } from './turnRows';
import { namedWorkspace } from './workspaces';

type HitOptions = Pick<RecallOptions, 'limit' | 'neighbours' | 'everywhere' | 'answered'>;

interface FoundHit {
  readonly hit: RecallHit;
  /** The row of its workspace. */
  readonly workspace: number;
}

/** The first of these that are sound, as they are told. */
export function hitsOf(
  scope: Scope,
  ranked: readonly Ranked<StoredMessage>[],
  { limit, neighbours = false, everywhere = false, answered = false }: HitOptions,
): readonly RecallHit[] {
  const hits: FoundHit[] = [];
  for (const one of ranked) {
    if (hits.length >= limit) break;
    const { workspace } = one.message.turn;
    const hit = hitOf({ ...scope, workspace }, one, { neighbours, answered });
    if (hit) hits.push({ hit, workspace });
  }
  return everywhere ? withWorkspaces(scope, hits) : hits.map(({ hit }) => hit);
}

function withWorkspaces(
  { database, workspace: here }: Scope,
  hits: readonly FoundHit[],
): readonly RecallHit[] {
  const known = new Map<number, RecallWorkspace>();
  return hits.map(({ hit, workspace: key }) => {
    const workspace = known.get(key) ?? { ...namedWorkspace(database, key), here: key === here };
    known.set(key, workspace);
    return { ...hit, workspace };
  });
}

function hitOf(
  scope: Scope,
  ranked: Ranked<StoredMessage>,
  { neighbours, answered }: Required<Pick<HitOptions, 'neighbours' | 'answered'>>,
): RecallHit | undefined {
  const { message, score, relevance, passage, highlights } = ranked;
  const { turn: { id: turnId, session, position }, place } = message; // prettier-ignore
  const found = findTurn(scope, turnId);
  const sessionId = sessionIdOf(scope, session);
  const turn = found && soundTurnOf(scope, found, sessionId);
  const sound = turn?.messages[place];
  if (!sound) return undefined;
  const beside = (side: 'before' | 'after') => (): StoredTurn | undefined => {
    const one = turnBeside(scope, { session, sessionId, position }, side);
    return answered && one && isUnanswered(one) ? undefined : one;
  };
  const neighbour = neighbours
    ? neighbourOf({ turn, place, before: beside('before'), after: beside('after') })
    : undefined;
  return {
    messageId: sound.id ?? messageId(turnId, place),
    turnId,
    sessionId,
    role: sound.role,
    ...(sound.name !== undefined && { name: sound.name }),
    score,
    relevance,
    text: sound.content,
    createdAt: sound.createdAt ?? turn.createdAt,
    passage,
    highlights,
    ...calledIn(ranked),
    ...(neighbour && { neighbour }),
  };
}

/** The turn said just before or after, if it is sound. */
function turnBeside(
  scope: Scope,
  {
    session,
    sessionId,
    position,
  }: { readonly session: number; readonly sessionId: string; readonly position: number },
  side: 'before' | 'after',
): StoredTurn | undefined {
  const [than, order] = side === 'before' ? ['<', 'DESC'] : ['>', 'ASC'];
  const row = scope.database.get(
    `SELECT * FROM turns WHERE session = ? AND position ${than} ? AND status <> 'running' ORDER BY position ${order} LIMIT 1`,
    session,
    position,
  );
  return row && soundTurnOf(scope, turnRowOf(row), sessionId);
}
