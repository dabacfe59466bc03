import { safeParse } from 'zod/mini';
import '../../core/zodLocale';
import type { Unfinished, UnfinishedStore } from '../../core/unfinished';
import { unfinishedSchema } from '../../protocol/unfinished';
import type { RecordStore } from './workspaceRecords';

export interface MementoUnfinishedStoreOptions {
  /** Of the workspace, and written by nobody else in this window. */
  readonly memento: RecordStore;
  /** Told of what is too large to be kept, and of what could not be kept. */
  readonly report: (message: string) => void;
}

const prefix = 'unfinished:';
/** Of JSON, a session. VS Code complains of 512 kB in all. */
const mostBytes = 256 * 1024;

/** Keeps what is unfinished in VS Code's own storage of the workspace: one update at a time, as others are dropped. */
export class MementoUnfinishedStore implements UnfinishedStore {
  readonly #options: MementoUnfinishedStoreOptions;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: MementoUnfinishedStoreOptions) {
    this.#options = options;
  }

  read(): readonly Unfinished[] {
    const { memento } = this.#options;
    const keys = memento.keys().filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => {
      const parsed = safeParse(unfinishedSchema, memento.get(key));
      return parsed.success ? [parsed.data] : [];
    });
  }

  write(unfinished: Unfinished): Promise<void> {
    const { memento, report } = this.#options;
    const { kept, left } = bounded(unfinished);
    if (left > 0) report(`${left} prompts and unsaved turns are too large to outlive the window`);
    const isNothing = kept.prompts.length + kept.turns.length === 0;
    this.#writing = this.#writing.then(async () => {
      try {
        await memento.update(prefix + kept.sessionId, isNothing ? undefined : { format: 1, ...kept });
      } catch (error) {
        report(`What is unfinished could not be kept: ${String(error)}`);
      }
    });
    return this.#writing;
  }
}

/** The prompts first, as they are small and nowhere else to be seen; then the turns, oldest first. */
function bounded({ prompts, turns, ...session }: Unfinished): {
  readonly kept: Unfinished;
  readonly left: number;
} {
  let bytes = 0;
  const fits = (value: unknown): boolean => (bytes += JSON.stringify(value).length) <= mostBytes;
  const kept = { ...session, prompts: prompts.filter(fits), turns: turns.filter(fits) };
  return { kept, left: prompts.length + turns.length - kept.prompts.length - kept.turns.length };
}
