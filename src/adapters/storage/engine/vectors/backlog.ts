import type { BatchLimits } from '../../../../core/memory/embedding/vectorStore';
import { sameBytes } from '../checksums';
import { bytesOf, integerOf, textOf, type Row } from '../database';
import { messagesPerTurn } from '../messageRows';
import type { Scope } from '../scope';
import { embeddableFact, embeddableIn, keyOfFact, type EmbeddablePassage } from './embeddable';
import { keepVector } from './keptVectors';
import type { VectorFile } from './vectorFile';

/** So long a walk keeps other writers waiting, in milliseconds, and so many turns it looks at. */
const longestWalk = 25;
const mostTurns = 200;

/** Looks for what has no vector yet, the newest turns first, and notes which turns need not be looked at again. */
export class Backlog {
  readonly #scope: Scope;
  readonly #file: VectorFile;
  readonly #model: number;
  readonly #limits: BatchLimits;
  readonly #began = performance.now();
  readonly #missing = new Map<string, EmbeddablePassage>();
  #characters = 0;
  #isOver = false;

  constructor(scope: Scope, file: VectorFile, model: number, limits: BatchLimits) {
    this.#scope = scope;
    this.#file = file;
    this.#model = model;
    this.#limits = limits;
  }

  /** @returns what is missing, each text once; `more`: it was not looked at all there is */
  walk(): { readonly passages: readonly EmbeddablePassage[]; readonly more: boolean } {
    this.#begin();
    this.#walkFacts();
    this.#walkAgain();
    this.#walkTo('high', 'SELECT key, workspace, status FROM turns WHERE key > ? ORDER BY key LIMIT ?');
    this.#walkTo('low', 'SELECT key, workspace, status FROM turns WHERE key < ? ORDER BY key DESC LIMIT ?');
    const passages = [...this.#missing.values()];
    if (passages.length === 0 && !this.#isOver) this.#set('complete', 1);
    return { passages, more: this.#isOver };
  }

  /** At first, no turn has been looked at: the oldest of the interval is the one behind the newest. */
  #begin(): void {
    const newest = newestTurn(this.#scope);
    this.#file.run(
      'INSERT OR IGNORE INTO progress (workspace, model, low, high, complete) VALUES (?, ?, ?, ?, 0)',
      this.#scope.workspace,
      this.#model,
      newest + 1,
      newest,
    );
  }

  /** Facts are few: which of them have no vector is told from the keys of all. */
  #walkFacts(): void {
    const { database, workspace } = this.#scope;
    const kept = new Set(
      this.#file
        .all(
          'SELECT message FROM vectors WHERE message < 0 AND model = ? AND workspace = ?',
          this.#model,
          workspace,
        )
        .map((row) => integerOf(row, 'message')),
    );
    for (const row of database.all(
      'SELECT key FROM facts WHERE workspace = ? ORDER BY key DESC',
      workspace,
    )) {
      const key = integerOf(row, 'key');
      if (kept.has(keyOfFact(key))) continue;
      if (this.#shouldStop()) return;
      const fact = database.get('SELECT * FROM facts WHERE key = ?', key);
      for (const passage of fact ? embeddableFact(fact) : []) if (!this.#copy(passage)) this.#add(passage);
    }
  }

  #walkAgain(): void {
    const rows = this.#file.all(
      'SELECT turn FROM again WHERE workspace = ? AND model = ? ORDER BY turn DESC LIMIT ?',
      this.#scope.workspace,
      this.#model,
      mostTurns,
    );
    for (const row of rows) {
      if (this.#shouldStop()) return;
      const key = integerOf(row, 'turn');
      const turn = this.#scope.database.get('SELECT key, workspace, status FROM turns WHERE key = ?', key);
      if (this.#look(turn) === 'done') this.#settle(key);
    }
  }

  #walkTo(edge: 'low' | 'high', sql: string): void {
    const from = this.#get(edge);
    const rows = this.#scope.database.all(sql, from, mostTurns);
    let reached = from;
    let isDone = true;
    for (const row of rows) {
      if (this.#shouldStop()) break;
      const key = integerOf(row, 'key');
      const seen = this.#look(row);
      if (seen === 'running') this.#askAgain(key);
      if (seen === 'missing') isDone = false;
      if (isDone) reached = key;
    }
    if (rows.length === mostTurns) this.#isOver = true;
    if (reached !== from) this.#set(edge, reached);
  }

  #look(row: Row | undefined): 'done' | 'missing' | 'running' {
    const { workspace } = this.#scope;
    if (!row || integerOf(row, 'workspace') !== workspace) return 'done';
    if (textOf(row, 'status') === 'running') return 'running';
    const turn = integerOf(row, 'key');
    const kept = this.#kept(turn);
    let isDone = true;
    for (const passage of embeddableIn(this.#scope.database, turn)) {
      const hash = kept.get(`${passage.message}.${passage.start}`);
      if (hash && sameBytes(hash, passage.hash)) continue;
      if (this.#copy(passage)) continue;
      isDone = false;
      this.#add(passage);
    }
    return isDone ? 'done' : 'missing';
  }

  #kept(turn: number): ReadonlyMap<string, Uint8Array> {
    const rows = this.#file.all(
      'SELECT message, start, hash FROM vectors WHERE message >= ? AND message < ? AND model = ?',
      turn * messagesPerTurn,
      (turn + 1) * messagesPerTurn,
      this.#model,
    );
    return new Map(rows.map((row) => [`${integerOf(row, 'message')}.${integerOf(row, 'start')}`, bytesOf(row, 'hash')])); // prettier-ignore
  }

  /** The same text is sent to the same model once. */
  #copy({ message, start, end, hash }: EmbeddablePassage): boolean {
    const like = this.#file.get(
      `SELECT v.vector, s.bits FROM vectors v
       LEFT JOIN signs s ON s.model = v.model AND s.workspace = v.workspace AND s.key = v.key
       WHERE v.hash = ? AND v.model = ? LIMIT 1`,
      hash,
      this.#model,
    );
    if (!like) return false;
    const bits = like.bits === null ? undefined : bytesOf(like, 'bits');
    keepVector(this.#file, {
      model: this.#model,
      workspace: this.#scope.workspace,
      passage: { message, start, end, hash },
      vector: bytesOf(like, 'vector'),
      bits,
    });
    return true;
  }

  #add(passage: EmbeddablePassage): void {
    const { passages, characters } = this.#limits;
    const id = Buffer.from(passage.hash).toString('base64');
    if (this.#missing.has(id)) return;
    const isFull = this.#missing.size >= passages || this.#characters + passage.text.length > characters;
    if (isFull && this.#missing.size > 0) {
      this.#isOver = true;
      return;
    }
    this.#missing.set(id, passage);
    this.#characters += passage.text.length;
  }

  #shouldStop(): boolean {
    if (performance.now() - this.#began > longestWalk) this.#isOver = true;
    return this.#isOver;
  }

  #settle(turn: number): void {
    this.#file.run(
      'DELETE FROM again WHERE workspace = ? AND model = ? AND turn = ?',
      this.#scope.workspace,
      this.#model,
      turn,
    );
  }

  #askAgain(turn: number): void {
    this.#file.run(
      'INSERT OR IGNORE INTO again (workspace, model, turn) VALUES (?, ?, ?)',
      this.#scope.workspace,
      this.#model,
      turn,
    );
  }

  #get(name: 'low' | 'high'): number {
    const sql = 'SELECT low, high FROM progress WHERE workspace = ? AND model = ?';
    return integerOf(this.#file.get(sql, this.#scope.workspace, this.#model), name);
  }

  #set(name: 'low' | 'high' | 'complete', value: number): void {
    const sql = `UPDATE progress SET ${name} = ? WHERE workspace = ? AND model = ?`;
    this.#file.run(sql, value, this.#scope.workspace, this.#model);
  }
}

/** The highest key of any turn; a key that is free again is given out again. */
export function newestTurn({ database }: Pick<Scope, 'database'>): number {
  return integerOf(database.get('SELECT coalesce(max(key), 0) AS key FROM turns'), 'key');
}
