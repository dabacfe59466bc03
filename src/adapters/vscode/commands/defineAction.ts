import { prettifyError, safeParse, type infer as Infer, type ZodMiniType } from 'zod/mini';
import '../../../core/zodLocale';
import { InputError } from '../../../core/errors';

/** @throws InputError `invalid-argument` where the argument does not fit */
export type Action<A, R> = (argument: A, signal?: AbortSignal) => Promise<R>;

/** Makes an action whose argument is checked, whoever calls it. Leaving the argument out means an empty one. */
export function defineAction<S extends ZodMiniType, R>(
  schema: S,
  run: (argument: Infer<S>, signal?: AbortSignal) => Promise<R>,
): Action<Infer<S>, R> {
  return async (argument, signal) => {
    const parsed = safeParse(schema, argument ?? {});
    if (!parsed.success) {
      throw new InputError({
        reason: 'invalid-argument',
        message: prettifyError(parsed.error),
        cause: parsed.error,
      });
    }
    return run(parsed.data, signal);
  };
}
