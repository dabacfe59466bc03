import type { Meaning } from '../../../../core/memory/embedding/vectorStore';
import type { Near } from './nearest';

/** What the history's own parts ask of the vectors of its messages. */
export interface VectorIndex {
  /** Before a turn goes, or becomes another. */
  removeTurn(workspace: number, turn: number): number;
  /** Before a fact goes, or says something else. */
  removeFact(fact: number): number;
  /** The nearest first, of `count` passages; none where there are no vectors by that model. */
  nearest(workspace: number, meaning: Meaning, everywhere: boolean, count: number): Near;
}

/** Where there are none. */
export const noVectors: VectorIndex = {
  removeTurn: () => 0,
  removeFact: () => 0,
  nearest: () => ({ messages: [], facts: [], isAll: true }),
};
