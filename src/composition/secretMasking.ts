import { createRequire } from 'node:module';
import type * as secretsBundle from '../adapters/secrets/secrets';
import { ThreadSecretMasker } from '../adapters/secrets/threadSecretMasker';
import { MementoUnfinishedStore } from '../adapters/storage/unfinishedStore';
import type { RecordStore } from '../adapters/storage/workspaceRecords';
import type { ApiKeys } from '../adapters/vscode/apiKeys';
import { Masking } from '../core/secrets/masking';
import { MaskingUnfinishedStore } from '../core/secrets/maskingUnfinishedStore';
import { describeError } from '../core/userMessage';
import type { MaskChoice } from '../protocol/secrets';

/**
 * A part of the composition root: what keeps secrets from being stored.
 * @param secretsPath the bundled rules, dist/secrets.js
 * @param rules whether secrets are looked for by rules; the keys that we keep are masked in any case
 * @param output told where they cannot be looked for
 */
export function secretMasking(
  secretsPath: string,
  keys: Pick<ApiKeys, 'all'>,
  rules: () => boolean,
  output: { error(message: string): void },
) {
  const require = createRequire(__filename);
  // A key that cannot be read cannot be looked for.
  const known = (): Promise<readonly string[]> => keys.all().catch(() => []);
  const choice = async (): Promise<MaskChoice> => ({ known: await known(), rules: rules() });
  const masker = new ThreadSecretMasker({
    secretsPath,
    choice,
    report: (message) => output.error(message),
    load: () => require(secretsPath) as typeof secretsBundle,
  });
  const masking = new Masking(masker);
  return {
    masking,
    choice,
    /** Why nothing can be stored; undefined where it can, as far as masking goes. */
    problem: (): Promise<string | undefined> =>
      masker.check().then(
        () => undefined,
        (error: unknown) => describeError(error).message,
      ),
    unfinishedStore: (memento: RecordStore, report: (message: string) => void) =>
      new MaskingUnfinishedStore(new MementoUnfinishedStore({ memento, report }), masking, report),
    dispose: () => masker.dispose(),
  };
}
