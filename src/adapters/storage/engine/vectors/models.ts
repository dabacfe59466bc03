import type { EmbeddingSource, VectorModel } from '../../../../core/memory/embedding/vectorStore';
import { integerOf, textOf, type Row } from '../database';
import type { VectorFile } from './vectorFile';

export interface KnownModel extends VectorModel {
  readonly key: number;
}

/** The model as it answered last: with other dimensions than before, it is another. */
export function findModel(file: VectorFile, { name, baseUrl }: EmbeddingSource): KnownModel | undefined {
  const row = file.get(
    'SELECT *, 0 AS complete FROM models WHERE name = ? AND base_url = ? ORDER BY key DESC LIMIT 1',
    name,
    baseUrl,
  );
  return row && modelOf(row);
}

export function makeModel(file: VectorFile, { name, baseUrl }: EmbeddingSource, dimensions = 0): KnownModel {
  const key = file.insert(
    'INSERT INTO models (name, base_url, dimensions) VALUES (?, ?, ?)',
    name,
    baseUrl,
    dimensions,
  );
  return { key, name, baseUrl, dimensions, complete: false };
}

/** The model by which vectors of so many dimensions are kept. */
export function modelFor(file: VectorFile, source: EmbeddingSource, dimensions: number): KnownModel {
  const known = findModel(file, source);
  if (!known) return makeModel(file, source, dimensions);
  if (known.dimensions === dimensions) return known;
  if (known.dimensions !== 0) return makeModel(file, source, dimensions);
  file.run('UPDATE models SET dimensions = ? WHERE key = ?', dimensions, known.key);
  return { ...known, dimensions };
}

/** Those that a workspace has vectors of, the newest first. */
export function modelsOf(file: VectorFile, workspace: number): readonly KnownModel[] {
  return file
    .all(
      `SELECT m.*, p.complete FROM models m JOIN progress p ON p.model = m.key
       WHERE p.workspace = ? AND m.dimensions > 0 ORDER BY m.key DESC`,
      workspace,
    )
    .map(modelOf);
}

function modelOf(row: Row): KnownModel {
  return {
    key: integerOf(row, 'key'),
    name: textOf(row, 'name'),
    baseUrl: textOf(row, 'base_url'),
    dimensions: integerOf(row, 'dimensions'),
    complete: integerOf(row, 'complete') === 1,
  };
}
