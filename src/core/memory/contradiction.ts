import { isArticle, plainSentence, readFactSentence, type FactSentence } from './factSentence';
import { areDifferent, areOpposites, kindOfValue } from './factValue';

/**
 * Whether the newer of two facts says something else of the same thing, so that the older no longer holds. By words
 * alone, and only where that is as good as sure: what is missed stands beside the other, what is wrongly taken for a
 * contradiction would hide a fact.
 */
export function contradicts(newer: string, older: string): boolean {
  const [plainer, plain] = [plainSentence(newer), plainSentence(older)];
  if (!plainer || !plain) return false;
  if (negates(plainer.text, plain.text) || swaps(plainer.text, plain.text)) return true;
  const [one, other] = [readFactSentence(plainer), readFactSentence(plain)];
  if (!one || !other || one.verb !== other.verb || !sameWords(one.subject, other.subject)) return false;
  return saysOther(one, other);
}

function saysOther(newer: FactSentence, older: FactSentence): boolean {
  const { before, one, other, after } = difference(newer.said, older.said);
  if (one.length === 0 || other.length === 0 || isList(newer.said) || isList(older.said)) return false;
  const [value, known] = [one.join(' '), other.join(' ')];
  if (!areDifferent(value, known)) return false;
  const frame = before.filter((word) => !isArticle(word));
  const kind = kindOfValue(value);
  if (kind !== undefined || kindOfValue(known) !== undefined) {
    if (kind !== kindOfValue(known)) return false;
    return newer.verb === 'be' ? true : hasOneValue(newer.verb, frame);
  }
  if (newer.verb === 'be' && frame.length === 0 && after.length === 0) {
    return (
      areOpposites(value, known) || (isAttribute(newer.subject, value, known) && sameManner(value, known))
    );
  }
  // Where somebody lives may be told as a town and as a country; that it has changed must be said.
  const isPlace = /^(?:in|at|for)$/i.test(frame[0] ?? '') && ['be', 'live', 'work'].includes(newer.verb);
  return (
    newer.isChange && isPlace && frame.length === 1 && after.length === 0 && isName(value) && isName(known)
  );
}

/** "Uses port 8080" may hold of several ports; "uses Node 20" of one version. */
function hasOneValue(verb: string, frame: readonly string[]): boolean {
  if (verb === 'use') return frame.length === 1 && /^\p{Lu}/u.test(frame[0] ?? '');
  return ['cost', 'weigh', 'start', 'end', 'open', 'last', 'listen', 'run on'].includes(verb);
}

function difference(newer: readonly string[], older: readonly string[]) {
  const same = (a: string | undefined, b: string | undefined): boolean =>
    a?.toLowerCase() === b?.toLowerCase();
  const least = Math.min(newer.length, older.length);
  let start = 0;
  while (start < least && same(newer[start], older[start])) start += 1;
  let end = 0;
  while (end < least - start && same(newer.at(-1 - end), older.at(-1 - end))) end += 1;
  const middle = (words: readonly string[]) =>
    words.slice(start, words.length - end).filter((word, at) => at > 0 || !isArticle(word));
  return {
    before: newer.slice(0, start),
    one: middle(newer),
    other: middle(older),
    after: newer.slice(newer.length - end),
  };
}

function isList(words: readonly string[]): boolean {
  return words.some((word) => /,$|^(?:and|or|und|oder|et|ou|y|o|e|&|not|nicht|pas|no)$/i.test(word));
}

/** There is one of each of these. */
const onlyOne =
  /^(?:favorite|preferred|default|main|primary|official|lieblings\p{L}*|favorit[oa]?|favoriet\p{L}?|preferit[oa]|préféré\p{L}*|preferid[oa]|.*(?:好きな|最喜欢的|最喜歡的).*)$/u;
const attributes =
  /^(?:colou?r|name|nickname|username|surname|birthday|birthplace|address|email|e-mail|phone|branch|region|host|hostname|editor|language|currency|timezone|zone|password|theme|owner|lead|manager|boss|capital|ceo|cto|employer|hometown|city|country|job|profession|nationality|status|environment|database|framework|codename|farbe|couleur|nom|nombre|cor|colore|nome|.*(?:名前|名字|色))$/u;
/** A person may have several of them, each with a name of its own. */
const relatives =
  /^(?:sister|brother|sibling|son|daughter|child|kid|cat|dog|pet|friend|colleague|coworker|cousin|aunt|uncle|neighbo?r|teammate)s?(?:'s?)?$/;
/** What is said of a thing rather than what it is. */
const judging =
  /(?:ive|able|ible|ful|less|ous|ish|ing|ed|ly)$|^(?:nice|good|bad|great|best|cheap|old|new|ready|done|slow|fast|important|rare|common|easy|hard|long|short|wrong|right|fine|safe|up|down|busy|away|here|gone|broken|unknown|known|different|similar|free|open|closed|happy|sad|too|very|really|quite|so|still|always|never)$/i;

function isAttribute(subject: readonly string[], ...values: readonly string[]): boolean {
  const of = subject.findIndex((word) => /^(?:of|for|in|von|de)$/.test(word));
  const head = (of > 0 ? subject[of - 1] : subject.at(-1)) ?? '';
  if (subject.some((word) => relatives.test(word))) return false;
  const isUnique = subject.some((word) => onlyOne.test(word)) || attributes.test(head);
  return (
    isUnique &&
    values.every((value) => isShort(value) && !value.split(' ').some((word) => judging.test(word)))
  );
}

function isShort(value: string): boolean {
  const words = value.split(' ');
  return (
    words.length <= 3 && !/^(?:in|on|at|by|to|with|from|under|over|about|near|for|of)$/i.test(words[0] ?? '')
  );
}

/** A name and a name, or words and words: "The lead is Ada" and "The lead is asleep" both hold. */
function sameManner(one: string, other: string): boolean {
  return isName(one) === isName(other);
}

function isName(value: string): boolean {
  return value.split(' ').every((word) => /^\p{Lu}/u.test(word) || /^(?:of|de|van|von|der|la)$/.test(word));
}

/** The very same but for a "not", or "always" for "never". */
function negates(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const plain = text.toLowerCase();
    const negations = plain.match(negation)?.length ?? 0;
    const words = plain.replace(negation, ' ').replace(/(?<![\p{L}'])(?:do|does|always)(?![\p{L}'])/gu, ' ');
    return { negations, words: words.trim().split(/\s+/).map(withoutEnding) };
  });
  if (!a?.words || !b?.words || a.words.length < 2 || a.negations + b.negations !== 1) return false;
  return sameWords(a.words, b.words);
}

const negation =
  /(?<![\p{L}'])(?:no longer|do not|does not|don't|doesn't|is not|isn't|are not|aren't|am not|cannot|can't|can not|never|not)(?![\p{L}'])/gu;

/** I like, she likes. "Is not" has taken its verb with it. */
function withoutEnding(word: string): string {
  return /^(?:is|are|am|can)$/.test(word) ? '' : word.replace(/(?<=\p{L}{3})s$/u, '');
}

const preferring = /^(?<who>.+?) prefers? (?<first>.+?) (?:over|to|rather than|instead of) (?<second>.+)$/;

/** A rather than B, and B rather than A. */
function swaps(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => preferring.exec(text.toLowerCase())?.groups);
  return (
    a !== undefined && b !== undefined && a.who === b.who && a.first === b.second && a.second === b.first
  );
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [one, other].map((words) => words.filter(Boolean).join(' '));
  return a === b && a !== '';
}
