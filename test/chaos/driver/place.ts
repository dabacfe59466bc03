import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../host/paths.ts';
import { temporaryFolder } from '../../host/processes.ts';
import { Random } from '../random';
import type { KillOrder, VictimOptions } from '../victim/protocol';
import { Ledger } from './ledger';
import { Victim, type Window } from './victim';

/** A lease is 15 s long. */
export const pastEveryLease = 60_000;

/** A copy: another build must not change the worker in the middle of a run. */
export const workerCopy = path.join(temporaryFolder(), 'worker.js');
copyFileSync(path.join(root, 'dist', 'worker.js'), workerCopy);

export interface RunOptions {
  readonly seed: number;
  readonly kills: number;
  readonly short: boolean;
}

/** Where victims live: one database, one window's globalState, one ledger. */
export class Place {
  readonly folder = temporaryFolder();
  readonly databasePath = path.join(this.folder, 'history.db');
  readonly workerPath = workerCopy;
  readonly window: Window = { records: {} };
  readonly ledger: Ledger;
  readonly random: Random;
  clockOffsetMs = 0;
  #windows = 0;
  #turns = 0;

  constructor(seed: number, ledger = new Ledger()) {
    this.random = new Random(seed);
    this.ledger = ledger;
  }

  start(options: Partial<VictimOptions> & { readonly kill?: KillOrder } = {}, window = this.window): Victim {
    this.#windows += 1;
    const victimOptions: VictimOptions = {
      databasePath: this.databasePath,
      workerPath: this.workerPath,
      alias: 'file:///chaos',
      owner: `window-${this.#windows}`,
      clockOffsetMs: this.clockOffsetMs,
      records: window.records,
      mutant: false,
      ...options,
    };
    return new Victim(victimOptions, window, this.ledger);
  }

  readonly newTurnId = (): string => {
    this.#turns += 1;
    const id = `turn-${this.#turns}`;
    this.ledger.turn(id);
    return id;
  };
}
