import { isEcho } from '../../../core/memory/echo';
import { parsedBody } from './bodies';
import { textOf, type Row } from './database';
import type { PlaceWords } from './searchPlace';

/** A message as the index has it, column by column: to be taken out again by the very same words. */
export function indexedOf(
  row: Row,
  placeOfMessage: PlaceWords,
): Record<'content' | 'extra' | 'place', string> {
  const body = textOf(row, 'body');
  const parsed = parsedBody(body);
  const name = parsed?.name;
  const speaker = typeof name === 'string' ? { name } : {};
  const role = textOf(row, 'role');
  const content = contentOf(body);
  const echoes = isEcho({ role, ...speaker, text: content });
  const extra = [textOf(row, 'extra'), ...(speaker.name === undefined ? [] : [speaker.name])].join(' ');
  return {
    content: echoes ? '' : content,
    extra: echoes ? '' : extra,
    place: placeOfMessage(role, parsed),
  };
}

export function contentOf(body: string, field: 'content' | 'text' = 'content'): string {
  const value = parsedBody(body)?.[field];
  return typeof value === 'string' ? value : '';
}
