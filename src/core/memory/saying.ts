import { stemOf, fold, wordsOf } from '../recall/words';
import type { Role } from '../message';

/** A few words may well be in another text, and mean something else. In characters. */
const shortest = 40;
/** So many telling words in a row are not said twice by chance. */
const fewest = 3;

/**
 * What says nothing of what is told: articles, the copula, whose it is, and how one asks to remember and says that one
 * will. Not tenses, negations, places and times: what differs in these says something else.
 */
const empty: ReadonlySet<string> = new Set(
  `a an the this that these those is are am be my our your please remember remind note noted save saved store stored
  memory memorize memorise mind keep kept got okay ok sure thanks thank yes alright understood fact s ll ve m re`.split(
    /\s+/,
  ),
);
const ofTheUser: ReadonlySet<string> = new Set(['i', 'we', 'me', 'us', 'mine', 'ours', 'user']);
const assistantToUser: ReadonlySet<string> = new Set(['you', 'yours']);
const assistantItself: ReadonlySet<string> = new Set(['i', 'will', 'have', 'has']);

/** A text by what it says, so that the same is known again in other marks, cases and small words. */
export class Saying {
  readonly plain: string;
  readonly #text: string;
  readonly #role: Role | undefined;
  #telling: string | undefined;

  /** @param role whose words they are: the user's "I" is the assistant's "you"; left out for a fact */
  constructor(text: string, role?: Role) {
    this.#text = text;
    this.#role = role;
    this.plain = (text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).join(' ');
  }

  /** Whether all that this says is said there, word for word but for small words and endings. */
  isSaidIn(other: Saying): boolean {
    if (this.plain === other.plain) return true;
    if (this.plain.length >= shortest && other.plain.includes(this.plain)) return true;
    const [mine, theirs] = [this.telling, other.telling];
    if (mine.trim() === '') return false;
    return mine === theirs || (mine.split(' ').length >= fewest + 2 && theirs.includes(mine));
  }

  /** The words that tell something, their stems, a space before and after each. */
  get telling(): string {
    this.#telling ??= ` ${this.#words().join(' ')} `;
    return this.#telling;
  }

  #words(): readonly string[] {
    const text = this.#text.replace(/\b(?:the )?user['’]s\b/gi, 'my');
    const words = wordsOf(text).map(fold);
    const isAssistant = this.#role === 'assistant';
    // "I will remember for you that …": what the assistant says of itself goes with that.
    const begin = isAssistant ? words.findIndex((word) => !assistantItself.has(word) && !empty.has(word)) : 0;
    return words.slice(Math.max(0, begin)).flatMap((word) => {
      if (empty.has(word)) return [];
      if (ofTheUser.has(word) || (isAssistant && assistantToUser.has(word))) return ['user'];
      return [stemOf(word)];
    });
  }
}
