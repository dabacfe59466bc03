import type { HostMessage, MeterReading, TurnMark } from '../protocol/chat';
import { nearKey } from './contextNote';
import { emptyViewModel, type ViewModel } from './viewModel';

/** What goes when another session is shown. */
export const withoutContext: Pick<ViewModel, 'reading' | 'marks' | 'dismissed'> = {
  reading: emptyViewModel.reading,
  marks: emptyViewModel.marks,
  dismissed: emptyViewModel.dismissed,
};

/** A reading of another session than the one shown is of no use. */
export function reduceMeter(model: ViewModel, reading: MeterReading): ViewModel {
  if (reading.sessionId !== model.state?.session.id) return model;
  // What is no longer so may be told again.
  const dismissed = !reading.near && model.dismissed === nearKey ? undefined : model.dismissed;
  return { ...model, reading, dismissed };
}

/** A turn whose mark is as it was keeps the very same object, so that it is not drawn again. */
export function reduceContextTurns(
  model: ViewModel,
  { sessionId, turns, unread }: Extract<HostMessage, { type: 'context-turns' }>,
): ViewModel {
  if (sessionId !== model.state?.session.id) return model;
  const { byId } = model.marks;
  const kept = turns.map((mark) => {
    const known = byId[mark.id];
    return [mark.id, known && isSame(known, mark) ? known : mark] as const;
  });
  const before = model.marks.unread;
  const same = unread && before?.before === unread.before && before.leftOut.label === unread.leftOut.label;
  const rest = same ? before : unread;
  return { ...model, marks: { byId: Object.fromEntries(kept), ...(rest && { unread: rest }) } };
}

function isSame(a: TurnMark, b: TurnMark): boolean {
  return (
    a.tokens === b.tokens && a.leftOut?.label === b.leftOut?.label && a.leftOut?.reason === b.leftOut?.reason
  );
}
