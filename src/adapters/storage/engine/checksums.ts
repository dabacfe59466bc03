import { hash } from 'node:crypto';

/**
 * SHA-256 over what a row shows. A message's is over its body; a turn's is over its place, its body and its messages'
 * checksums in order, so that nothing can be changed, moved, lost or swapped unseen, and saving progress needs to
 * read none of the messages that stay.
 */
export function bodyChecksum(body: string): Uint8Array {
  return hash('sha256', body, 'buffer');
}

export function turnChecksum(
  place: { readonly sessionId: string; readonly position: number },
  body: string,
  messages: readonly Uint8Array[],
): Uint8Array {
  const own = Buffer.from(JSON.stringify([place.sessionId, place.position, body]));
  return hash('sha256', Buffer.concat([own, ...messages]), 'buffer');
}

export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
