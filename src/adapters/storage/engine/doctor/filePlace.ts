import { fileIdentity, type HistoryFiles } from './historyFiles';

/** Another file is where the open one was, or a repair is about to put one there. What was not acknowledged is redone. */
export class LogMoved extends Error {}

/**
 * Whether the open database is still the file at its path: one that was moved away would go on swallowing commits.
 * Asked after each commit, before it is acknowledged.
 */
export class FilePlace {
  readonly #files: HistoryFiles;
  readonly #identity: string | undefined;

  constructor(files: HistoryFiles) {
    this.#files = files;
    this.#identity = fileIdentity(files.database);
  }

  get isCurrent(): boolean {
    return fileIdentity(this.#files.database) === this.#identity && !this.#files.isUnderRepair;
  }

  /** @throws LogMoved */
  check(): void {
    if (!this.isCurrent) throw new LogMoved('The history is at another place, or being repaired');
  }
}
