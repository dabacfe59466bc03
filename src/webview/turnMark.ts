import type { LeftOut, TurnMark, ViewTurn } from '../protocol/chat';
import { isActive, type TurnMarks } from './viewModel';

/** For each of the turns, oldest first: why the next request does not carry it, as far as that is known. */
export function leftOutOf(
  turns: readonly ViewTurn[],
  { byId, unread }: TurnMarks,
): readonly (LeftOut | undefined)[] {
  const read = unread ? turns.findIndex(({ id }) => id === unread.before) : -1;
  return turns.map((turn, index) => {
    if (isActive(turn)) return undefined;
    const mark = byId[turn.id];
    // Whether its summary is sent is known of the request alone.
    if (turn.summarised && mark?.leftOut) return mark.leftOut;
    if (turn.leftOut !== undefined) return ownOf(turn);
    if (mark || index >= read || turn.pinned) return mark?.leftOut;
    return turn.summarised ? unread?.summarised : unread?.leftOut;
  });
}

const known = new WeakMap<ViewTurn, LeftOut>();

/** The same object each time, so that nothing is drawn again. */
function ownOf(turn: ViewTurn): LeftOut {
  const { leftOut: reason = '', leftOutLabel: label = `Left out: ${reason}` } = turn;
  const own = known.get(turn) ?? { label, reason };
  known.set(turn, own);
  return own;
}

/** Such as "Pinned: about 340 tokens in every request". */
export function pinWords(
  pinned: boolean,
  mark: TurnMark | undefined,
  format: (tokens: number) => string,
): string {
  const cost = mark ? `about ${format(mark.tokens)} tokens in every request` : 'carried in every request';
  return `${pinned ? 'Pinned' : 'Pin'}: ${cost}`;
}
