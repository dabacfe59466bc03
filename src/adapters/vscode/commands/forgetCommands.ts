import {
  array,
  boolean,
  enum as zEnum,
  maxLength,
  minLength,
  optional,
  refine,
  strictObject,
  string,
  type infer as Infer,
} from 'zod/mini';
import { InputError } from '../../../core/errors';
import { selectionOf, type ForgetTarget } from '../../../core/forgetting/forgetting';
import { maxIdLength } from '../../../protocol/ids';
import type { CurrentChat } from '../chat';
import { defineAction } from './defineAction';
import type { CommandEntry } from './register';

const id = string().check(minLength(1), maxLength(maxIdLength));
const time = string().check(refine((value) => !Number.isNaN(Date.parse(value)), 'is no time'));

const forgetSchema = strictObject({
  turnId: optional(id),
  sessionId: optional(id),
  factId: optional(id),
  query: optional(string().check(minLength(1), maxLength(1000))),
  role: optional(zEnum(['system', 'user', 'assistant', 'tool'])),
  after: optional(time),
  before: optional(time),
  include: optional(array(id)),
  exclude: optional(array(id)),
  confirm: optional(boolean()),
});

export interface ForgetDialogs {
  readonly forget: () => Promise<void>;
  readonly forgetReceipts: () => Promise<void>;
}

/** Scripts and people forget, and look at receipts. */
export function forgetCommands(
  chat: Pick<CurrentChat, 'get'>,
  dialogs: ForgetDialogs,
): Readonly<Record<string, CommandEntry>> {
  return {
    forget: {
      /** Without `confirm` it only tells what would go. */
      scripted: defineAction(forgetSchema, async (argument) => {
        const { forgetting, sessions } = await chat.get();
        const { include = [], exclude = [], confirm } = argument;
        const preview = await forgetting.preview(targetOf(argument));
        const chosen = [
          ...preview.items.filter((item) => !exclude.includes(item.id)),
          ...preview.alike.filter((item) => include.includes(item.id)),
        ];
        if (confirm !== true) return { forgotten: false, ...preview };
        const receipt = await forgetting.forget(selectionOf(chosen));
        await sessions.refresh();
        return { forgotten: true, ...receipt };
      }),
      dialog: () => dialogs.forget(),
    },
    forgetReceipts: {
      scripted: defineAction(strictObject({}), async () => (await chat.get()).forgetting.receipts()),
      dialog: () => dialogs.forgetReceipts(),
    },
  };
}

function targetOf(argument: Infer<typeof forgetSchema>): ForgetTarget {
  const { turnId, sessionId, factId, query, role, after, before } = argument;
  const isFiltered = [role, after, before].some((filter) => filter !== undefined);
  const targets: readonly ForgetTarget[] = [
    ...(turnId === undefined ? [] : [{ kind: 'turn', turnId } as const]),
    ...(sessionId === undefined || query !== undefined ? [] : [{ kind: 'session', sessionId } as const]),
    ...(factId === undefined ? [] : [{ kind: 'fact', factId } as const]),
    ...(query === undefined
      ? []
      : [
          {
            kind: 'query',
            query,
            ...(role && { role }),
            ...(sessionId !== undefined && { sessionId }),
            ...(after !== undefined && { after }),
            ...(before !== undefined && { before }),
          } as const,
        ]),
  ];
  const [target] = targets;
  if (target && targets.length === 1 && (target.kind === 'query' || !isFiltered)) return target;
  const message = 'One of turnId, sessionId, factId and query; filters go with a query.';
  throw new InputError({ reason: 'invalid-argument', message });
}
