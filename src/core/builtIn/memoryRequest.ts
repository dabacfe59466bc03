import { contentWords } from './words';

export type MemoryRequest =
  /** '' where nothing was said to remember. */
  | { readonly kind: 'remember'; readonly text: string }
  /** `about` is what the question names, for the search; '' asks for all that is remembered. */
  | { readonly kind: 'recall'; readonly about: string; readonly asksWhen: boolean }
  | { readonly kind: 'forget'; readonly about: string }
  /** Something of the person or the work that nobody asked to remember. */
  | { readonly kind: 'told'; readonly text: string }
  /** "Forget everything": for the user's own hand. */
  | { readonly kind: 'forget-all' };

const polite =
  /^(?:(?:please|hey|hi|ok|okay|so|and|also|now|well)[\s,]+|(?:can|could|would|will) you (?:please )?)*/i;

/** What a sentence wants of the memory; undefined where it wants something else. */
export function readMemoryRequest(sentence: string): MemoryRequest | undefined {
  const text = sentence.trim().replace(polite, '').replaceAll('’', "'");
  if (text.length > 4000) return undefined;
  return readForget(text) ?? readRecall(text) ?? readRemember(text);
}

const forgetting = /^(?:forget|delete|erase|unlearn|do not remember|don't remember)\b\s*(?<rest>.*)$/is;
const everything =
  /^(?:everything|all|it all|all of it|all that|the past|your memory|the history|all (?:facts|memories))\b/i;

function readForget(text: string): MemoryRequest | undefined {
  const rest = forgetting.exec(text)?.groups?.rest;
  if (rest === undefined) return undefined;
  const about = withoutEnd(
    rest.replace(/^(?:about|that|the fact that|what i (?:said|told you) about|:)\s+/i, ''),
  );
  if (everything.test(about)) return { kind: 'forget-all' };
  // "Forget it" names nothing.
  return { kind: 'forget', about: contentWords(about).length === 0 ? '' : about };
}

const said =
  '(?:say|said|tell|told|mention|mentioned|write|wrote|ask|asked|decide|decided|agree|agreed|talk|talked|speak|discuss|discussed|note|noted|explain|explained|state|stated)';
const recalling: readonly RegExp[] = [
  new RegExp(
    `^(?:what|which|where|who|how much|how many|why|when|how)(?:'s)?\\b.{0,60}?\\b(?:did|do|have|had|were|was|are) (?:i|we|you)\\b.{0,20}?\\b${said}\\b(?: (?:to )?(?:you|me|us))?(?: (?:about|regarding|on|of|over|for|as))?\\s*(?<about>.*)$`,
    'is',
  ),
  /^(?:when|where|how) (?:did|have|was|were) (?:i|we|you)\b(?<about>.*)$/is,
  new RegExp(
    `^(?:did|have|had) (?:i|we|you) (?:ever |already )?${said}\\b(?: (?:to )?(?:you|me|us))?(?: (?:about|regarding|on|of))?\\s*(?<about>.*)$`,
    'is',
  ),
  /^(?:what|which|who|where|when|how)(?:'s|'re)?(?: (?:is|are|was|were|does|do|did))? (?<about>(?:my|our)\b.*)$/is,
  /^(?:what|which|who|where)\b(?<about>.*\b(?:do|am|did|have) (?:i|we)\b.*)$/is,
  /^do (?<about>(?:i|we)\b.*)\?$/is,
  /^(?:do you (?:still )?(?:know|remember|recall))\b(?: (?:about|of|that|when|what|who|where|if|whether))?\s*(?<about>.*)$/is,
  /^what (?:do|can) you (?:know|remember|recall)\b(?: (?:about|of|on))?\s*(?<about>.*)$/is,
  /^(?:recall|look up|look for|search(?: (?:my|the|your|our))?(?: (?:memory|history|conversations?|chats?))?(?: for)?|find(?= .*\b(?:memory|history|said|told|remember)))\b[\s:,]*(?<about>.*)$/is,
  /^remind (?:me|us)(?: (?:again|of|about|what|who|when|where))*\s+(?<about>(?!to\b).+)$/is,
  /^(?:tell|show|give) me (?:again )?(?:what|everything|all|anything|when|where)\b(?<about>.*\b(?:i|we|you|remember(?:ed)?|know)\b.*)$/is,
  /^(?:list|show)(?: me)? (?:all|everything|whatever|what)?(?: that)? ?you (?:have )?(?:know|remember(?:ed)?)\b(?: (?:about|of|on))?\s*(?<about>.*)$/is,
  /^(?:list|show)(?: me)? (?:all )?(?:my |your |the |of )*(?:facts|memories|notes)(?: (?:about|on|of))?\s*(?<about>.*)$/is,
];

function readRecall(text: string): MemoryRequest | undefined {
  if (/^who am i\b/i.test(text)) return { kind: 'recall', about: 'my name', asksWhen: false };
  for (const pattern of recalling) {
    const about = pattern.exec(text)?.groups?.about;
    if (about !== undefined)
      return {
        kind: 'recall',
        about: withoutEnd(about),
        asksWhen: /^when (?:did|have|had|was it|were) (?:i|we|you|that)\b/i.test(text),
      };
  }
  return undefined;
}

const remembering =
  /^(?:i want you to |i'd like you to )?(?:remember|note|memori[sz]e|keep in mind|bear in mind|don't forget|do not forget|never forget|save|write down|jot down|make a note|take a note)\b(?:\s+(?:this|that|down|the fact that|of (?:this|that)|it|for me|for later))*(?:\s*[:,-])?\s*(?<fact>.*)$/is;
/** What people tell of themselves without being asked. */
const telling =
  /^(?:(?:my|our)\b(?:[^?]{0,60}?)\b(?:is|are|was|were|has|have)\b.+|call me .+|i(?:'m| am) called .+|i (?:live|work|prefer|like|love|hate|dislike|use|speak|was born|grew up)\b.+|i(?:'m| am) (?:allergic|from|vegetarian|vegan|based)\b.*)$/is;

/** Longer ones, in characters, and troubles want an answer. */
const maxTold = 160;
const trouble = /\b(?:not work|doesn't|don't|won't|can't|fail|broken|error|bug|wrong|crash|slow|help|fix)/i;

function readRemember(text: string): MemoryRequest | undefined {
  if (text.endsWith('?')) return undefined;
  const fact = remembering.exec(text)?.groups?.fact;
  if (fact !== undefined) return { kind: 'remember', text: fact.trim() };
  return telling.test(text) && text.length <= maxTold && !trouble.test(text)
    ? { kind: 'told', text }
    : undefined;
}

function withoutEnd(text: string): string {
  return text.trim().replace(/[\s?.!]+$/, '');
}
