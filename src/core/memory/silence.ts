import { targetOf } from './recalled';
import type { Recalled } from './recalled';
import type { MarkedRecalled, RecallMarks } from './recallMarks';
import { Saying } from './saying';

/** Something that may go into a request. */
export type Sayable = Recalled & {
  /** Of a fact: the turn that it was remembered in. */
  readonly rememberedIn?: string;
};

/** So many of the newest marks are looked at for what says the same, so that it costs no more with many. */
const mostMarks = 200;

/**
 * Which of these must not be recalled: what the user muted, what holds the same text, and facts that were made of a turn of
 * which a message is muted. A mark of its own counts before that: what is kept on purpose is recalled.
 * @returns in their order, why it is silent
 */
export async function silenceOf(
  ones: readonly Sayable[],
  marks: Pick<RecallMarks, 'marksOf' | 'list'>,
): Promise<readonly ('muted' | 'same' | undefined)[]> {
  if (ones.length === 0) return [];
  const [own, { marks: newest }] = await Promise.all([
    marks.marksOf(ones.map(targetOf)),
    marks.list({ limit: mostMarks }),
  ]);
  const muted = [
    ...newest.filter(({ mark }: MarkedRecalled) => mark === 'muted'),
    ...ones.filter((_, index) => own[index] === 'muted'),
  ];
  const turns = new Set(muted.flatMap((one) => ('turnId' in one ? [one.turnId] : [])));
  const sayings = muted.map(sayingOf);
  return ones.map((one, index) => {
    if (own[index] !== undefined) return own[index] === 'muted' ? 'muted' : undefined;
    if (muted.length === 0) return undefined;
    if (one.rememberedIn !== undefined && turns.has(one.rememberedIn)) return 'same';
    const saying = sayingOf(one);
    return sayings.some((other) => saying.isSaidIn(other) || other.isSaidIn(saying)) ? 'same' : undefined;
  });
}

export function sayingOf(recalled: Recalled): Saying {
  return new Saying(recalled.text, 'factId' in recalled ? undefined : recalled.role);
}
