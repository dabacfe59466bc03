/** What recall must know of a language other than English to bring the forms of a word together. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** What the forms of a word have in common, folded. Of the word as it stands: accents tell endings apart. */
  readonly stem: (word: string) => string;
  /** Folded words that say nothing of what is meant. */
  readonly stopWords: ReadonlySet<string>;
}

/** The language of a question; undefined where it is English, or one that is not known, or cannot be told. */
export type TellLanguage = (words: readonly string[]) => Language | undefined;

/** Every question is taken for English. */
export const englishOnly: TellLanguage = () => undefined;
