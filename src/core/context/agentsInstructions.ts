import type { Instruction } from './context';

/** More of it is cut: it goes with each request. In characters. */
const longest = 32_000;
export const agentsFileName = 'AGENTS.md';

export interface AgentsFolder {
  readonly name: string;
  /** The file's text; rejects where there is none. */
  read(): Promise<string>;
}

export interface AgentsInstructionsOptions {
  /** Asked each time: whoever wrote the file steers the model. */
  readonly trusted: () => boolean;
  readonly folders: () => readonly AgentsFolder[];
}

/**
 * The instructions for agents that a workspace brings along (https://agents.md): the file at the root of each folder.
 * Neither read nor followed in a workspace that is not trusted.
 */
export class AgentsInstructions {
  readonly #options: AgentsInstructionsOptions;
  #reading: Promise<readonly Instruction[]> | undefined;
  #known: readonly Instruction[] = [];

  constructor(options: AgentsInstructionsOptions) {
    this.#options = options;
  }

  /** As last read: see `load`. */
  get instructions(): readonly Instruction[] {
    return this.#options.trusted() ? this.#known : [];
  }

  /** Reads the files unless they have been; resolves once they are known as they were last asked for. Never rejects. */
  async load(): Promise<void> {
    for (;;) {
      const reading = (this.#reading ??= this.#read());
      const read = await reading;
      // A later reading knows better.
      if (reading !== this.#reading) continue;
      this.#known = read;
      return;
    }
  }

  /** Files, folders or trust are others now: reads them again. */
  reload(): Promise<void> {
    this.#reading = undefined;
    return this.load();
  }

  async #read(): Promise<readonly Instruction[]> {
    const { trusted, folders } = this.#options;
    if (!trusted()) return [];
    const read = await Promise.all(folders().map(instructionIn));
    return read.filter((instruction) => instruction !== undefined);
  }
}

async function instructionIn(folder: AgentsFolder): Promise<Instruction | undefined> {
  const whole = (await folder.read().catch(() => '')).trim();
  if (whole === '') return undefined;
  const isCut = whole.length > longest;
  const text = isCut ? `${whole.slice(0, longest).toWellFormed()}\n[… the rest of the file is cut]` : whole;
  const reason = `${agentsFileName} of ${folder.name}${isCut ? ', cut' : ''} (setting "throughline.context.agentsFile")`;
  return { source: 'instructions', text, reason };
}
