import { HistoryError } from '../../../core/errors';
import type { HistoryDump } from '../../../core/historyLog';
import type { MaskedText } from '../../../core/secrets/maskText';
import { mapDump } from '../../../core/secrets/storedTexts';
import type { MaskChoice, MaskTask } from '../../../protocol/secrets';

/** Loads the rules, when they are first needed. */
export type LoadSecrets = () => { readonly maskTexts: (task: MaskTask) => readonly MaskedText[] };

export interface MaskedDump {
  readonly dump: HistoryDump;
  /** How many secrets were masked. */
  readonly secretsMasked: number;
}

/** What comes from outside may hold secrets, too. @throws HistoryError `no-masking` where they cannot be looked for */
export function maskDump(
  dump: HistoryDump,
  choice: MaskChoice | undefined,
  load: LoadSecrets | undefined,
): MaskedDump {
  if (!choice || (choice.known.length === 0 && !choice.rules)) return { dump, secretsMasked: 0 };
  const { maskTexts } = loaded(load);
  let secretsMasked = 0;
  const masked = mapDump(dump, (text) => {
    const [found] = maskTexts({ texts: [text], unfinished: false, ...choice });
    if (!found) throw noMasking();
    secretsMasked += found.kinds.length;
    return found.text;
  });
  return { dump: masked, secretsMasked };
}

function loaded(load: LoadSecrets | undefined): ReturnType<LoadSecrets> {
  try {
    if (load) return load();
  } catch (cause) {
    throw noMasking(cause);
  }
  throw noMasking();
}

function noMasking(cause?: unknown): HistoryError {
  const message = 'Secrets cannot be looked for, so nothing was imported.';
  return new HistoryError({ reason: 'no-masking', message, ...(cause !== undefined && { cause }) });
}
