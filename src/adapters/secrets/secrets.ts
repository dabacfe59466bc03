/** A bundle of its own, as the rules are large: required where few texts are masked, and entry of a thread. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { maskText, type MaskedText } from '../../core/secrets/maskText';
import type { MaskAnswer, MaskRequest, MaskTask } from '../../protocol/secrets';
import { findSecrets } from './findSecrets';

export function maskTexts({ texts, unfinished, ...choice }: MaskTask): readonly MaskedText[] {
  return texts.map((text) =>
    maskText(text, (part, { name, isEnd }) => findSecrets(part, choice, unfinished && isEnd, name)),
  );
}

/** What the thread is started with: others that require this bundle are threads, too. */
export const threadData = 'throughline-secrets';

if (!isMainThread && workerData === threadData) {
  parentPort?.on('message', ({ id, ...task }: MaskRequest) => {
    const answer: MaskAnswer = { id, masked: maskTexts(task) };
    parentPort?.postMessage(answer);
  });
}
