import type { SettingProblem } from './settings';

export interface SettingProblemsOptions {
  readonly log: (message: string) => void;
  /** Tells the user. @param key of the setting to open */
  readonly tell: (message: string, key: string) => void;
}

/** Tells of each setting that cannot be used what is used instead: once, until it is another. */
export class SettingProblems {
  readonly #options: SettingProblemsOptions;
  readonly #told = new Map<string, string>();

  constructor(options: SettingProblemsOptions) {
    this.#options = options;
  }

  readonly report = ({ key, value, used }: SettingProblem): void => {
    const what = JSON.stringify(value);
    if (this.#told.get(key) === what) return;
    this.#told.set(key, what);
    const message = `The setting "${key}" cannot be ${shortened(what)}: ${JSON.stringify(used)} is used instead.`;
    this.#options.log(message);
    this.#options.tell(message, key);
  };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
