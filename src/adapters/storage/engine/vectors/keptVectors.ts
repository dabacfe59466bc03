import type { SQLInputValue } from 'node:sqlite';
import { integerOf } from '../database';
import type { EmbeddablePassage } from './embeddable';
import type { VectorFile } from './vectorFile';

export interface KeptVector {
  readonly model: number;
  readonly workspace: number;
  readonly passage: Omit<EmbeddablePassage, 'text'>;
  /** Packed; empty where the model refuses the text. */
  readonly vector: Uint8Array;
  readonly bits: Uint8Array | undefined;
}

export function keepVector(file: VectorFile, { model, workspace, passage, vector, bits }: KeptVector): void {
  const { message, start, end, hash } = passage;
  dropVectors(file, 'message = ? AND model = ? AND start = ?', message, model, start);
  const key = file.insert(
    `INSERT INTO vectors (model, workspace, message, start, end, hash, vector) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    model,
    workspace,
    message,
    start,
    end,
    hash,
    vector,
  );
  if (bits)
    file.run(
      'INSERT INTO signs (model, workspace, key, bits) VALUES (?, ?, ?, ?)',
      model,
      workspace,
      key,
      bits,
    );
}

/** With their signs. @returns how many there were */
export function dropVectors(file: VectorFile, where: string, ...values: SQLInputValue[]): number {
  const rows = file.all(`SELECT key, model, workspace FROM vectors WHERE ${where}`, ...values);
  for (const row of rows) {
    const key = integerOf(row, 'key');
    file.run(
      'DELETE FROM signs WHERE model = ? AND workspace = ? AND key = ?',
      integerOf(row, 'model'),
      integerOf(row, 'workspace'),
      key,
    );
    file.run('DELETE FROM vectors WHERE key = ?', key);
  }
  if (rows.length > 0) file.noteDelete();
  return rows.length;
}
