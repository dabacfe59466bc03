import type {
  BatchLimits,
  EmbeddingSource,
  EmbeddingState,
  MadeVector,
  Meaning,
  VectorBatch,
} from '../../../../core/memory/embedding/vectorStore';
import { packVector, signsOf } from '../../../../core/recall/vectors';
import { integerOf, textOf, type Database } from '../database';
import { messagesPerTurn } from '../messageRows';
import type { Scope } from '../scope';
import { Backlog, newestTurn } from './backlog';
import { keyOfFact, ThereStill } from './embeddable';
import { dropVectors, keepVector } from './keptVectors';
import { findModel, makeModel, modelFor, modelsOf } from './models';
import { nearestMessages, type Near } from './nearest';
import { OpenVectors } from './openVectors';
import { SignCache } from './signCache';
import type { VectorFile } from './vectorFile';
import { noVectors, type VectorIndex } from './vectorIndex';

/** So many vectors of models that are no longer used are dropped at a time. */
const mostDropped = 500;
/** Where one in so many of the nearest is gone, the signs are read anew. */
const goneShare = 10;

/**
 * The vectors of the history's messages and facts. All that changes them runs within the history's own `write`, so that a message
 * that another window is deleting gets none, and what is deleted leaves them before it leaves the history.
 */
export class Vectors implements VectorIndex {
  readonly #database: Database;
  readonly #open: OpenVectors;
  readonly #caches = new Map<string, SignCache>();
  #cachedOf: VectorFile | undefined;

  constructor(database: Database, path: string, newId: () => string) {
    this.#database = database;
    this.#open = new OpenVectors(database, path, newId);
  }

  /** Runs `work` inside the history's `write`; what it changes here is kept before the history commits. */
  within<T>(work: () => T): T {
    try {
      const result = work();
      this.#open.guarded(() => this.#commit());
      return result;
    } catch (error) {
      this.#open.opened?.rollBack();
      throw error;
    }
  }

  #commit(): void {
    const file = this.#open.opened;
    if (!file?.isChanging) return;
    // A key of a deleted turn may be given out again.
    const newest = newestTurn({ database: this.#database });
    file.run('UPDATE progress SET high = ? WHERE high > ?', newest, newest);
    file.run('DELETE FROM again WHERE turn > ?', newest);
    file.commit();
  }

  #change(file: VectorFile): void {
    if (!file.isChanging) file.begin();
  }

  removeTurn(workspace: number, turn: number): number {
    const range = [turn * messagesPerTurn, (turn + 1) * messagesPerTurn] as const;
    const removed = this.#open.guarded(() => {
      const { file } = this.#open;
      if (!file) return 0;
      const within = 'message >= ? AND message < ?';
      const seen = `SELECT workspace, model FROM progress WHERE workspace = ? AND ? BETWEEN low AND high`;
      if (
        !file.get(`SELECT 1 FROM vectors WHERE ${within} LIMIT 1`, ...range) &&
        !file.get(seen, workspace, turn)
      )
        return 0;
      this.#change(file);
      const count = dropVectors(file, within, ...range);
      file.run(`INSERT OR IGNORE INTO again SELECT *, ? FROM (${seen})`, turn, workspace, turn);
      return count;
    });
    return removed ?? 0;
  }

  removeFact(fact: number): number {
    const removed = this.#open.guarded(() => {
      const { file } = this.#open;
      const where = 'message = ?';
      if (!file?.get(`SELECT 1 FROM vectors WHERE ${where} LIMIT 1`, keyOfFact(fact))) return 0;
      this.#change(file);
      return dropVectors(file, where, keyOfFact(fact));
    });
    return removed ?? 0;
  }

  /** Inside `within`. */
  next(scope: Scope, source: EmbeddingSource, request: LeaseRequest): VectorBatch {
    return this.#open.guarded(() => this.#next(scope, source, request)) ?? { passages: [], more: true };
  }

  #next(scope: Scope, source: EmbeddingSource, { owner, leaseMs, limits }: LeaseRequest): VectorBatch {
    const file = this.#open.made;
    this.#change(file);
    const lease = file.get('SELECT owner, until FROM leases WHERE workspace = ?', scope.workspace);
    const until = lease ? integerOf(lease, 'until') : 0;
    // One that ends later than any can was given by a clock that was wrong.
    const isTaken = until > scope.now && until <= scope.now + 2 * leaseMs;
    if (lease && isTaken && textOf(lease, 'owner') !== owner) return { busyUntil: until };
    file.run('INSERT OR REPLACE INTO leases VALUES (?, ?, ?)', scope.workspace, owner, scope.now + leaseMs);
    const model = findModel(file, source) ?? makeModel(file, source);
    const found = new Backlog(scope, file, model.key, limits).walk();
    if (found.passages.length > 0 || found.more) return found;
    return { passages: [], more: this.#dropOthers(file, scope.workspace, model.key) };
  }

  /** Once all is embedded by a model, nothing is asked by an earlier one. @returns whether there may be more to drop */
  #dropOthers(file: VectorFile, workspace: number, model: number): boolean {
    const others = 'workspace = ? AND model <> ?';
    if (!file.get(`SELECT 1 FROM progress WHERE ${others}`, workspace, model)) return false;
    const keys = `key IN (SELECT key FROM vectors WHERE ${others} LIMIT ${mostDropped})`;
    if (dropVectors(file, keys, workspace, model) > 0) return true;
    for (const table of ['progress', 'again'])
      file.run(`DELETE FROM ${table} WHERE ${others}`, workspace, model);
    file.run('DELETE FROM models WHERE key <> ? AND key NOT IN (SELECT model FROM progress)', model);
    return false;
  }

  /** Inside `within`. @returns how many were kept: those of messages that are there as they were */
  put(scope: Scope, source: EmbeddingSource, vectors: readonly MadeVector[]): number {
    return this.#open.guarded(() => this.#put(scope, source, vectors)) ?? 0;
  }

  #put(scope: Scope, source: EmbeddingSource, vectors: readonly MadeVector[]): number {
    const file = this.#open.made;
    this.#change(file);
    const dimensions = vectors.find(({ vector }) => vector.length > 0)?.vector.length;
    const model =
      dimensions === undefined
        ? (findModel(file, source) ?? makeModel(file, source))
        : modelFor(file, source, dimensions);
    const there = new ThereStill(scope);
    let kept = 0;
    for (const { vector, ...passage } of vectors) {
      if (!there.has(passage)) continue;
      const isRefused = vector.length === 0;
      keepVector(file, {
        model: model.key,
        workspace: scope.workspace,
        passage,
        vector: isRefused ? new Uint8Array() : packVector(vector),
        bits: isRefused ? undefined : signsOf(vector),
      });
      kept += 1;
    }
    file.run(`INSERT OR REPLACE INTO meta VALUES ('sequence', ?)`, this.#database.sequence);
    return kept;
  }

  /** Inside `within`. */
  release(scope: Scope, owner: string): undefined {
    this.#open.guarded(() => {
      const { file } = this.#open;
      if (!file) return;
      this.#change(file);
      file.run('DELETE FROM leases WHERE workspace = ? AND owner = ?', scope.workspace, owner);
    });
  }

  state(scope: Scope, source: EmbeddingSource): EmbeddingState {
    const count = (where: string, ...values: number[]): number =>
      integerOf(
        scope.database.get(
          `SELECT count(*) AS n FROM turns WHERE workspace = ? ${where}`,
          scope.workspace,
          ...values,
        ),
        'n',
      );
    const turns = count('');
    const known = this.#open.guarded(() => {
      const { file } = this.#open;
      if (!file) return undefined;
      const model = findModel(file, source);
      const progress =
        model &&
        file.get(
          `SELECT low, high, (SELECT count(*) FROM again a WHERE a.workspace = p.workspace AND a.model = p.model) AS again
           FROM progress p WHERE workspace = ? AND model = ?`,
          scope.workspace,
          model.key,
        );
      const looked = progress
        ? count('AND key BETWEEN ? AND ?', integerOf(progress, 'low'), integerOf(progress, 'high'))
        : 0;
      const embedded = Math.max(0, looked - (progress ? integerOf(progress, 'again') : 0));
      const models = modelsOf(file, scope.workspace).map(({ key: _, ...model }) => model);
      return { models, embedded };
    });
    return { turns, models: known?.models ?? [], embedded: known?.embedded ?? 0 };
  }

  nearest(workspace: number, meaning: Meaning, everywhere: boolean, count: number): Near {
    const nothing = noVectors.nearest(workspace, meaning, everywhere, count);
    return this.#open.guarded(() => this.#nearest(workspace, meaning, everywhere, count)) ?? nothing;
  }

  #nearest(workspace: number, meaning: Meaning, everywhere: boolean, count: number): Near | undefined {
    const { file } = this.#open;
    const model = file && findModel(file, meaning);
    if (!file || model?.dimensions !== meaning.vector.length) return undefined;
    const workspaces = everywhere
      ? file
          .all('SELECT workspace FROM progress WHERE model = ?', model.key)
          .map((row) => integerOf(row, 'workspace'))
      : [workspace];
    const look = (): ReturnType<typeof nearestMessages> => {
      const caches = workspaces.map((one) => this.#cacheOf(file, model.key, one, model.dimensions));
      return nearestMessages(file, caches, meaning, count);
    };
    const near = look();
    // What was deleted must not take the places of what is there.
    if (near.gone * goneShare <= count) return near;
    this.#caches.clear();
    return look();
  }

  #cacheOf(file: VectorFile, model: number, workspace: number, dimensions: number): SignCache {
    if (this.#cachedOf !== file) this.#caches.clear();
    this.#cachedOf = file;
    const id = `${model}.${workspace}`;
    const cache = this.#caches.get(id) ?? new SignCache(model, workspace, dimensions);
    this.#caches.set(id, cache);
    return cache;
  }

  /** Whether what was deleted may still be in the write-ahead log. */
  get holdsDeleted(): boolean {
    return this.#open.opened?.holdsDeleted === true;
  }

  /** Opens the file where it is not: another window may have ended before. @returns false where another window's reader is in the way */
  checkpoint(): boolean {
    return this.#open.guarded(() => this.#open.file?.checkpoint()) ?? true;
  }

  close(): void {
    if (this.holdsDeleted) this.checkpoint();
    this.abandon();
  }

  abandon(): void {
    this.#open.close();
  }
}

export interface LeaseRequest {
  readonly owner: string;
  readonly leaseMs: number;
  readonly limits: BatchLimits;
}
