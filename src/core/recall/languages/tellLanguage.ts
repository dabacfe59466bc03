import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as russian } from '@orama/stemmers/russian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stopWords } from '../stopWords';
import { fold } from '../words';
import { functionWords } from './functionWords';
import type { Language, TellLanguage } from './language';

const stemmers: Readonly<Record<string, (word: string) => string>> = {
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  pt: portuguese,
  nl: dutch,
  sv: swedish,
  no: norwegian,
  da: danish,
  fi: finnish,
  ru: russian,
};

/** A stem of fewer letters brings together what has nothing in common. */
const shortestStem = 3;
/** A longer run of letters is no word: a stemmer could take long over it. */
const longestWord = 64;

const languages: readonly Language[] = Object.entries(stemmers).map(([tag, stemmer]) => ({
  tag,
  stem(word) {
    const stem = word.length > longestWord ? '' : fold(stemmer(word.toLowerCase()));
    return stem.length < shortestStem ? fold(word) : stem;
  },
  stopWords: new Set((functionWords[tag] ?? '').split(/\s+/).map(fold)),
}));

/**
 * By its function words: the language that has more of them than English and any other; where English has as many, it is
 * English. Of languages that have equally many, the first of the list, as those are near relatives.
 */
export const tellLanguage: TellLanguage = (words) => {
  const folded = words.map(fold);
  let best: Language | undefined;
  let most = countIn(folded, stopWords);
  for (const language of languages) {
    const count = countIn(folded, language.stopWords);
    if (count > most) [best, most] = [language, count];
  }
  return best;
};

function countIn(words: readonly string[], list: ReadonlySet<string>): number {
  return words.filter((word) => list.has(word)).length;
}
