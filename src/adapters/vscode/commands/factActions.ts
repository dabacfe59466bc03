import {
  boolean,
  int,
  iso,
  literal,
  maximum,
  maxLength,
  minLength,
  optional,
  positive,
  strictObject,
  string,
} from 'zod/mini';
import { HistoryError, InputError } from '../../../core/errors';
import type { Facts } from '../../../core/memory/facts';
import { maxIdLength } from '../../../protocol/ids';
import { defineAction } from './defineAction';

export interface FactActionDependencies {
  /** Of the memory strategy in force. */
  readonly facts: () => Promise<Facts>;
}

const factId = string().check(minLength(1), maxLength(maxIdLength));
const time = iso.datetime({ offset: true });

/** What the commands do with remembered facts: see createActions. What is remembered here has no source turn. */
export function createFactActions({ facts }: FactActionDependencies) {
  return {
    remember: defineAction(
      strictObject({ text: string(), replaces: optional(factId) }),
      async ({ text, replaces }) =>
        (await facts()).remember(text, { ...(replaces !== undefined && { replaces }) }),
    ),

    facts: defineAction(
      strictObject({
        limit: optional(int().check(positive(), maximum(1000))),
        before: optional(factId),
        filter: optional(string().check(maxLength(1000))),
        history: optional(boolean()),
      }),
      async ({ limit = 100, before, filter, history }) => {
        const page = await (
          await facts()
        ).list({
          limit,
          ...(before !== undefined && { before }),
          ...(filter !== undefined && { filter }),
          ...(history !== undefined && { history }),
        });
        return page.facts;
      },
    ),

    editFact: defineAction(strictObject({ factId, text: string() }), async ({ factId: id, text }) =>
      (await facts()).edit(id, text),
    ),

    /** Left out, `createdAt` means the newest earlier text. */
    restoreFact: defineAction(
      strictObject({ factId, createdAt: optional(time) }),
      async ({ factId: id, createdAt }) => (await facts()).restore(id, createdAt),
    ),

    separateFact: defineAction(strictObject({ factId }), async ({ factId: id }) =>
      (await facts()).separate(id),
    ),

    forgetFact: defineAction(
      strictObject({ factId, confirm: optional(literal([true, false])) }),
      async ({ factId: id, confirm }) => {
        if (confirm !== true) {
          const message = 'Forgetting is for good: pass { confirm: true }.';
          throw new InputError({ reason: 'confirmation-required', message });
        }
        if (await (await facts()).forget(id)) return { forgotten: id };
        throw new HistoryError({ reason: 'not-found', message: `No fact ${id}` });
      },
    ),
  };
}

export type FactActions = ReturnType<typeof createFactActions>;
