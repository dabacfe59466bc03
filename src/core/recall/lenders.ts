import { lending } from './constants';
import type { RecallMessage } from './rank';
import { isQuestion, type Voice } from './talk';

/** Who lends to the message in a place: how far from it, and how much. */
export function lendersOf(
  said: readonly { readonly message: RecallMessage; readonly voice: Voice }[],
  place: number,
  asksAssistant: boolean,
): readonly (readonly [number, number])[] {
  const at = (offset: number): RecallMessage | undefined => said[place + offset]?.message;
  const receiver = at(0);
  if (!receiver) return [];
  const voice = said[place]?.voice;
  if (!voice?.isPerson || (asksAssistant && voice.speaker === undefined)) {
    const reply = at(1);
    if (asksAssistant) {
      if (receiver.role !== 'assistant') return [];
      return [[-1, at(-1)?.role === 'user' ? lending.askedReplyFromPrompt : 0]];
    }
    if (receiver.role !== 'user') return [[2, lending.twoAhead]];
    return [
      [1, reply?.role === 'assistant' ? lending.promptFromReply : 0],
      [2, lending.twoAhead],
    ];
  }
  const isPerson = (offset: number): boolean => said[place + offset]?.voice.isPerson === true;
  const asked = isQuestion(at(-1)?.text ?? '');
  return [
    [-2, isPerson(-2) ? lending.personTwoBack : 0],
    [-1, isPerson(-1) ? lending.personPrevious + (asked ? lending.personAsked : 0) : 0],
    [1, isPerson(1) ? lending.personNext : 0],
    [2, isPerson(2) ? lending.personTwoAhead : 0],
  ];
}
