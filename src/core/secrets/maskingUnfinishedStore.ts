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
        const left = this.#without(unfinished);
        if (left) await this.#store.write(left);
      }
    });
    return this.#writing;
  }

  /** What is kept already, less what is unfinished no more: that may be forgotten. */
  #without({ sessionId, prompts, turns }: Unfinished): Unfinished | undefined {
    const kept = this.#store.read().find((one) => one.sessionId === sessionId);
    if (!kept) return undefined;
    const ids = new Set([...prompts.map(({ turnId }) => turnId), ...turns.map(({ id }) => id)]);
    return {
      ...kept,
      prompts: kept.prompts.filter(({ turnId }) => ids.has(turnId)),
      turns: kept.turns.filter(({ id }) => ids.has(id)),
    };
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
