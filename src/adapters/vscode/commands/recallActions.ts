import {
  enum as zEnum,
  int,
  literal,
  maxLength,
  maximum,
  minLength,
  nonnegative,
  optional,
  positive,
  strictObject,
  string,
  union,
} from 'zod/mini';
import { InputError } from '../../../core/errors';
import { recallMarks, type MarkTarget, type RecallMark } from '../../../core/memory/recallMarks';
import type { Span } from '../../../core/recall/passages';
import { maxIdLength } from '../../../protocol/ids';
import type { RecallSource } from '../../../protocol/receipt';
import type { CurrentChat } from '../chat';
import type { RecallReceipts } from '../recallReceipts';
import { defineAction } from './defineAction';

const id = string().check(minLength(1), maxLength(maxIdLength));
const mark = union([zEnum(recallMarks), literal(null)]);
const passage = optional(strictObject({ start: int().check(nonnegative()), end: int().check(positive()) }));

/** What decides over, and shows, what is recalled into requests. Part of `createActions`. */
export function createRecallActions({
  chat,
  receipts,
  reveal,
}: {
  readonly chat: CurrentChat;
  readonly receipts: RecallReceipts;
  readonly reveal: (source: RecallSource) => Promise<void>;
}) {
  const set = async (target: MarkTarget, wanted: RecallMark | null, span?: Span) => {
    await receipts.mark(target, wanted ?? undefined, span);
    return { ...target, mark: wanted };
  };
  return {
    /** `null` takes a mark back. */
    markRecall: defineAction(
      union([
        strictObject({ messageId: id, turnId: optional(id), mark, passage }),
        strictObject({ factId: id, mark }),
      ]),
      (argument) => {
        if ('factId' in argument) return set({ factId: argument.factId }, argument.mark);
        const { messageId, turnId, mark: wanted, passage: span } = argument;
        return set({ messageId, ...(turnId !== undefined && { turnId }) }, wanted, span);
      },
    ),

    recallMarks: defineAction(
      strictObject({
        limit: optional(int().check(positive(), maximum(1000))),
        before: optional(int().check(nonnegative())),
      }),
      async ({ limit = 100, before }) =>
        (await chat.get()).marks.list({ limit, ...(before !== undefined && { before }) }),
    ),

    /** Shows a turn in its session, in the chat view. */
    showTurn: defineAction(strictObject({ turnId: id }), async ({ turnId }) => {
      const turn = await (await chat.get()).log.turn(turnId);
      if (!turn) throw noTurn(turnId);
      await reveal({ sessionId: turn.sessionId, turnId });
      return { sessionId: turn.sessionId, turnId };
    }),

    receipt: defineAction(strictObject({ turnId: id }), async ({ turnId }) => {
      const receipt = await receipts.of(turnId);
      if (receipt) return receipt;
      throw noTurn(turnId);
    }),
  };
}

function noTurn(turnId: string): InputError {
  return new InputError({ reason: 'invalid-argument', message: `There is no turn "${turnId}".` });
}
