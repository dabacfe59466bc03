import { boolean, int, nonnegative, optional, strictObject } from 'zod/mini';
import type { Retention, RetentionLimits } from '../../../core/retention';
import { defineAction } from './defineAction';

export interface RetentionActionDependencies {
  readonly retention: Retention;
  /** The limits that the settings set. */
  readonly limits: () => RetentionLimits;
}

const limit = optional(int().check(nonnegative()));

export function createRetentionActions({ retention, limits }: RetentionActionDependencies) {
  return {
    /** By the settings' limits where it names none. Without `confirm` it only tells what would go. */
    applyRetention: defineAction(
      strictObject({ days: limit, megabytes: limit, confirm: optional(boolean()) }),
      async ({ days, megabytes, confirm }) => {
        const chosen =
          days === undefined && megabytes === undefined
            ? limits()
            : { ...(days !== undefined && { days }), ...(megabytes !== undefined && { megabytes }) };
        const applied = confirm === true;
        const report = await (applied ? retention.apply(chosen) : retention.preview(chosen));
        return { applied, limits: chosen, ...report };
      },
    ),
  };
}

export type RetentionActions = ReturnType<typeof createRetentionActions>;
