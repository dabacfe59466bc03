import type { Unfinished, UnfinishedStore } from '../unfinished';
import type { Masking } from './masking';

/** Keeps no secret. Prompts come back with marks in the place of theirs. */
export class MaskingUnfinishedStore implements UnfinishedStore {
  readonly #store: UnfinishedStore;
  readonly #masking: Masking;
  readonly #report: (message: string) => void;
  #writing: Promise<void> = Promise.resolve();

  constructor(store: UnfinishedStore, masking: Masking, report: (message: string) => void) {
    this.#store = store;
    this.#masking = masking;
    this.#report = report;
  }

  read(): readonly Unfinished[] {
    return this.#store.read();
  }

  /** In order, as what is written last stands. */
  write(unfinished: Unfinished): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#store.write(await this.#masked(unfinished));
      } catch {
        this.#report('What is unfinished is not kept: secrets cannot be looked for');
      }
    });
    return this.#writing;
  }

  async #masked({ prompts, turns, ...session }: Unfinished): Promise<Unfinished> {
    const { value } = await this.#masking.in(prompts, (list, map) =>
      list.map((prompt) => ({ ...prompt, text: map(prompt.text) })),
    );
    const masked = turns.map(async (turn) => ({
      ...turn,
      messages: (await this.#masking.messages(turn.messages)).value,
    }));
    return { ...session, prompts: value, turns: await Promise.all(masked) };
  }
}
