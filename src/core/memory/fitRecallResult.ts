import { readRecallResult, writeRecallResult, type RecallResult } from './recallResult';

export interface FittedResult {
  readonly text: string;
  /** How many facts and messages are left out. */
  readonly leftOut: number;
}

/**
 * As much of what recall gave as `fits`, the best first: facts and messages by turns. A text that is no recall result
 * stays as it is.
 */
export async function fitRecallResult(
  text: string,
  fits: (text: string) => Promise<boolean>,
): Promise<FittedResult> {
  const result = readRecallResult(text);
  if (!result || (await fits(text))) return { text, leftOut: 0 };
  const all = result.facts.length + result.messages.length;
  let [kept, tooMany] = [0, all];
  while (tooMany - kept > 1) {
    const half = Math.floor((kept + tooMany) / 2);
    if (await fits(firstOf(result, half))) kept = half;
    else tooMany = half;
  }
  return { text: firstOf(result, kept), leftOut: all - kept };
}

function firstOf({ facts, messages }: RecallResult, count: number): string {
  const shorter = Math.min(facts.length, messages.length, Math.ceil(count / 2));
  const ofFacts = Math.min(facts.length, Math.max(shorter, count - messages.length));
  return writeRecallResult({ facts: facts.slice(0, ofFacts), messages: messages.slice(0, count - ofFacts) });
}
