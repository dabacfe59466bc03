import { createHash } from 'node:crypto';
import { embeddedPassages } from '../../../../core/recall/embeddedPassages';
import { factOf, messageOf } from '../bodies';
import { sameBytes } from '../checksums';
import { integerOf, type Database, type Row } from '../database';
import { messageRows, messagesPerTurn } from '../messageRows';
import type { Scope } from '../scope';

/** A passage as the model is to be given it. */
export interface EmbeddablePassage {
  /** The message's key; of a fact, see `keyOfFact`. */
  readonly message: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** SHA-256 of the text. */
  readonly hash: Uint8Array;
}

/**
 * What of a turn is embedded: what the user and the model said. What tools gave is their raw material, and found by its
 * words; what is damaged is not read.
 */
export function embeddableIn(database: Database, turn: number): readonly EmbeddablePassage[] {
  return messageRows(database, turn).flatMap(embeddableOf);
}

/** Facts are kept among the messages: keys of messages are above 0, theirs below. */
export function keyOfFact(key: number): number {
  return -key;
}

/** What a remembered fact says now. */
export function embeddableFact(row: Row): readonly EmbeddablePassage[] {
  return passagesIn(keyOfFact(integerOf(row, 'key')), factOf(row)?.text ?? '');
}

function embeddableOf(row: Row): readonly EmbeddablePassage[] {
  if (row.role !== 'user' && row.role !== 'assistant') return [];
  const content = messageOf(row)?.content ?? '';
  return passagesIn(integerOf(row, 'key'), content);
}

function passagesIn(message: number, content: string): readonly EmbeddablePassage[] {
  return embeddedPassages(content).map(({ start, end }) => {
    const text = content.slice(start, end);
    return { message, start, end, text, hash: createHash('sha256').update(text).digest() };
  });
}

/** Whether passages that were given out are still in messages or facts of the workspace as they were. Reads each once. */
export class ThereStill {
  readonly #scope: Scope;
  readonly #read = new Map<number, readonly EmbeddablePassage[]>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  has({ message, start, end, hash }: Omit<EmbeddablePassage, 'text'>): boolean {
    const passages = this.#read.get(message) ?? this.#passagesOf(message);
    this.#read.set(message, passages);
    return passages.some((one) => one.start === start && one.end === end && sameBytes(one.hash, hash));
  }

  #passagesOf(message: number): readonly EmbeddablePassage[] {
    const { database, workspace } = this.#scope;
    if (message < 0) {
      const fact = database.get('SELECT * FROM facts WHERE key = ? AND workspace = ?', -message, workspace);
      return fact ? embeddableFact(fact) : [];
    }
    const row = database.get(
      `SELECT m.key, m.role, m.checksum, m.body FROM messages m JOIN turns t ON t.key = ?
       WHERE m.key = ? AND t.workspace = ? AND t.status <> 'running'`,
      Math.floor(message / messagesPerTurn),
      message,
      workspace,
    );
    return row ? embeddableOf(row) : [];
  }
}
