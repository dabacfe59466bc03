import { builtInModelId, builtInModelLabel, offersConnecting } from '../../core/builtIn/connecting';
import type { SessionSummary, StoredTurn } from '../../core/historyLog';
import type { LiveTurn } from '../../core/liveTurn';
import type { DemotionReason } from '../../core/memory/memoryPolicy';
import { answerText } from '../../core/message';
import { maskedWords } from '../../core/secrets/secretMark';
import type { ErrorAction, ViewTurn } from '../../protocol/chat';
import { leftOutFor } from './turnMarks';

export interface ViewTurnOptions {
  readonly summary: SessionSummary | undefined;
  readonly strategy: string;
  /** Ids of the turns for which a summary stands, or will. */
  readonly summarised: ReadonlySet<string>;
  readonly actions: (reason: string) => readonly ErrorAction[];
}

/** A turn as the view shows it. */
export function toViewTurn(turn: StoredTurn | LiveTurn, options: ViewTurnOptions): ViewTurn {
  const reason = leftOutReason(turn, options);
  const left = reason && leftOutFor(reason);
  const error = turn.error ?? ('outage' in turn ? turn.outage : undefined);
  return {
    id: turn.id,
    createdAt: turn.createdAt,
    status: turn.status,
    ...(turn.model !== undefined && {
      model: turn.model === builtInModelId ? builtInModelLabel : turn.model,
    }),
    ...(turn.usage && { usage: turn.usage }),
    ...(error && { error: { ...error, actions: [...options.actions(error.reason)] } }),
    ...(offersConnecting(turn) && { connect: true }),
    ...(turn.status === 'running' && !('saved' in turn) && { elsewhere: true }),
    saved: 'saved' in turn ? turn.saved : true,
    ...('masked' in turn && { masked: maskedWords(turn.masked) }),
    ...(turn.pinned && { pinned: true }),
    ...(turn.recalled !== undefined && { recalled: turn.recalled }),
    ...(options.summarised.has(turn.id) && { summarised: true }),
    ...(left && { leftOut: left.reason, leftOutLabel: left.label }),
    ...(reason === 'trimmed' && (options.summary?.trims ?? 0) > 0 && { trimmed: true }),
    messages: turn.messages.map((message) => ({
      ...message,
      tool_calls: message.tool_calls?.map((call) => ({ ...call })),
    })),
  };
}

/** Why the next request does not carry the turn, as far as it does not depend on the prompt to come. */
function leftOutReason(turn: StoredTurn | LiveTurn, options: ViewTurnOptions): DemotionReason | undefined {
  if (turn.status === 'queued' || turn.status === 'running') return undefined;
  if (options.strategy === 'none') return 'strategy-none';
  if (turn.pinned) return undefined;
  const { contextStart = 0, contextKept = [] } = options.summary ?? {};
  if ('position' in turn && turn.position < contextStart && !contextKept.includes(turn.position)) {
    return options.summarised.has(turn.id) ? 'summarised' : 'trimmed';
  }
  return turn.status === 'failed' && answerText(turn) === '' ? 'failed' : undefined;
}
