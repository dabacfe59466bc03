/** A fact read as: of this subject, this is said. Words in lower case, but for what is said. */
export interface FactSentence {
  readonly subject: readonly string[];
  readonly verb: string;
  readonly said: readonly string[];
  /** It says that it has changed: "is now", "from now on". */
  readonly isChange: boolean;
}

const fillers = /^(?:please\s+)?(?:remember|note|keep in mind|fyi)(?:\s+that)?\s*[:,-]?\s+/i;
const changes =
  /(?<![\p{L}\p{N}_'-])(?:from now on|these days|at the moment|as of today|now|currently|nowadays|instead|jetzt|nun|maintenant|désormais|ahora|adesso|agora)(?![\p{L}\p{N}_'-]),?/giu;
/** Where one of these words stands, it is not for sure that only one of two things holds. */
const unsure =
  /(?<![\p{L}\p{N}_'-])(?:also|too|another|maybe|perhaps|probably|possibly|might|may be|could|should|would|will|sometimes|usually|often|mostly|either|both|if|when|whenever|unless|except|was|were|had|used to|war|waren|était|fue|era|either|auch|aussi|también|unter anderem|for example|e\.g)(?![\p{L}\p{N}_'-])/iu;

/** One of the verbs whose subject has one such thing at a time. What follows it is what is said. */
const verbs = [
  ['be', /^(?:is|am|are|=|:|ist|sind|est|es|è|é|är|er|jest|は|是)$/],
  ['run on', /^(?:runs?|running)$/],
  ['listen', /^(?:listens?|listening)$/],
  ['cost', /^costs?$/],
  ['weigh', /^weighs?$/],
  ['start', /^(?:starts?|begins?)$/],
  ['end', /^(?:ends?|expires?|closes?)$/],
  ['open', /^opens?$/],
  ['last', /^(?:lasts?|takes?)$/],
  ['live', /^(?:lives?|resides?)$/],
  ['work', /^works?$/],
  ['use', /^uses?$/],
] as const;

export interface PlainSentence {
  readonly text: string;
  readonly isChange: boolean;
}

/** The text in one line and without what does not count; undefined where it is more than one sentence, or unsure. */
export function plainSentence(text: string): PlainSentence | undefined {
  const line = text.normalize('NFKC').replaceAll('’', "'").trim().replace(fillers, '');
  if (
    line.length > 300 ||
    /\n|[.!?;。]\s*\S+\s+\S/u.test(line.replace(/\d[.]\d/g, '0')) ||
    /[?？]$/.test(line)
  ) {
    return undefined;
  }
  const isChange = changes.test(line);
  changes.lastIndex = 0;
  const plain = line
    .replace(changes, ' ')
    .replace(/[.!。\s]+$/u, '')
    .replace(/["“”„«»`]/g, '')
    .replace(/(?<=\p{L}{2})our(?=\p{L}*)/giu, 'or')
    .replace(/^(?:the )?user'?s\b/i, 'my')
    .replace(/^(?:the )?user\b/i, 'i')
    .replace(/^([\p{L}\p{N}_. -]{2,60}?)\s*([:=])\s+/u, '$1 $2 ')
    .replace(/^([\p{L}\p{N}_.-]{2,60})=(?=\S)/u, '$1 = ')
    .replace(/^([\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]+?)(は|是)(.+?)(?:です|だ)?$/u, '$1 $2 $3')
    .replace(/\s+/g, ' ')
    .trim();
  return unsure.test(plain) ? undefined : { text: plain, isChange };
}

/** Undefined where it has no such form. */
export function readFactSentence({ text, isChange }: PlainSentence): FactSentence | undefined {
  const words = text.split(' ');
  for (const [at, word] of words.entries()) {
    const verb = verbs.find(([, form]) => form.test(word.toLowerCase()));
    if (!verb || at === 0) continue;
    const subject = withoutArticle(words.slice(0, at).map((one) => one.toLowerCase()));
    const said = words.slice(at + 1);
    return subject && said.length > 0 ? { subject, verb: verb[0], said, isChange } : undefined;
  }
  return undefined;
}

const articles = new Set(['the', 'der', 'die', 'das', 'le', 'la', 'les', 'el', 'los', 'las', 'il', 'lo', 'de', 'het']); // prettier-ignore
/** Of such a subject there may be many. */
const unnamed = new Set([
  'a', 'an', 'one', 'some', 'any', 'each', 'every', 'it', 'this', 'that', 'these', 'those', 'there', 'here', 'he',
  'she', 'they', 'what', 'not', 'note', 'todo', 'reminder', 'fact', 'ein', 'eine', 'es', 'un', 'une', 'uno', 'una',
]); // prettier-ignore

function withoutArticle(subject: readonly string[]): readonly string[] | undefined {
  const [first = '', ...rest] = subject;
  if (unnamed.has(first) || subject.some((word) => /[,;]$|^(?:and|or|und|oder|et|ou|not|no)$/.test(word))) {
    return undefined;
  }
  return articles.has(first) && rest.length > 0 ? rest : subject;
}

export function isArticle(word: string): boolean {
  return articles.has(word.toLowerCase()) || /^(?:an?|un[ae]?|eine?)$/i.test(word);
}
