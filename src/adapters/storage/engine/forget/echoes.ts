import { placeWord } from '../searchPlace';

/**
 * Messages that call the tools that quote what is stored, as FTS5 takes it: the index leaves out what these gave, and so
 * it is found by the turn that asked for it.
 */
export function quotingCalls(knowsPlaces: boolean): string {
  const calls = `{extra} : ("recall" OR "list facts")`;
  return knowsPlaces ? `(${calls} AND place : "${placeWord.toolCall}")` : `(${calls})`;
}
