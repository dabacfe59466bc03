import type { Expression } from '../calculator/parseExpression';
import { readArithmetic } from './arithmetic';
import { readMemoryRequest, type MemoryRequest } from './memoryRequest';
import { readTimeQuestion } from './timeQuestion';

/** What a sentence asks for. */
export type Intent =
  | { readonly kind: 'calculate'; readonly expression: Expression }
  /** A calculation with "that result", where there is none. */
  | { readonly kind: 'missing-result' }
  | { readonly kind: 'last-result' }
  | { readonly kind: 'last-prompt' }
  | { readonly kind: 'time'; readonly timeZone?: string }
  | { readonly kind: 'about' }
  | { readonly kind: 'connect' }
  | { readonly kind: 'thanks' }
  | MemoryRequest
  | { readonly kind: 'other'; readonly text: string };

/** `previous`: the last result, which "it" and "that" stand for. A prompt may ask for several things in turn. */
export function readIntents(prompt: string, previous?: Expression): readonly Intent[] {
  const intents: Intent[] = [];
  let it = previous;
  for (const sentence of sentencesOf(prompt)) {
    const intent = readIntent(sentence, it);
    if (intent.kind === 'calculate') it = intent.expression;
    const last = intents.at(-1);
    // "Remember that my doctor is Dr. Smith." is one fact.
    if (intent.kind === 'other' && last?.kind === 'remember') {
      intents[intents.length - 1] = { ...last, text: `${last.text} ${intent.text}` };
    } else if (intent.kind === 'told' && last?.kind === 'remember') {
      // Told in the same breath.
      intents.push({ kind: 'remember', text: intent.text });
    } else intents.push(intent);
  }
  const understood = intents.filter(({ kind }) => kind !== 'other');
  if (understood.length === 0) return [{ kind: 'other', text: prompt.trim() }];
  // A greeting or thanks beside a request needs no answer.
  const requests = intents.filter(({ kind }) => kind !== 'thanks' && kind !== 'about');
  return requests.some(({ kind }) => kind !== 'other') ? requests : understood.slice(0, 1);
}

function readIntent(sentence: string, previous: Expression | undefined): Intent {
  const text = sentence.trim();
  const said = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/^(?:please|hey|hi|hello|ok|okay|so|and|now)[\s,]+(?=\S)/, '')
    .replace(/[\s?.!]+$/, '');
  for (const [pattern, intent] of fixed) if (pattern.test(said)) return intent;
  const time = readTimeQuestion(text);
  if (time) return { kind: 'time', ...time };
  const expression = readArithmetic(text, previous);
  if (expression === 'missing') return { kind: 'missing-result' };
  if (expression) return { kind: 'calculate', expression };
  return readMemoryRequest(text) ?? { kind: 'other', text };
}

const fixed: readonly (readonly [RegExp, Intent])[] = [
  [
    /^(?:what (?:is|was) |what's |tell me |show me )?(?:the|that|your|my) (?:last |previous |current )?(?:result|answer|total)(?: again)?$/,
    { kind: 'last-result' },
  ],
  [
    /^what (?:did i|have i|was it i) (?:just )?(?:say|said|ask|asked|write|wrote|type|typed)(?: you)?(?: (?:just now|last|before|before that|a moment ago))?$|^what (?:was|is) my (?:last|previous) (?:prompt|question|message)$|^repeat (?:that|my last (?:prompt|question|message))$/,
    { kind: 'last-prompt' },
  ],
  [
    /^(?:thanks|thank you|thx|cheers|great|nice|perfect|cool|good|ok|okay)(?: (?:a lot|so much|very much|you))*$/,
    { kind: 'thanks' },
  ],
  [
    /\b(?:connect|set ?up|configure|add|use|install|get)\b.{0,40}\b(?:model|ollama|openai|open ai|llama|lm studio|api key|copilot|gpt|llm)\b/,
    { kind: 'connect' },
  ],
  [
    /^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|help|\/help|\?)(?: there| throughline)?$|^(?:who|what)(?: exactly)? are you\b|^what (?:can|do) you do|^how do you work|^what(?: kind of)? (?:ai|model|llm)(?: model)?(?: are you| is this| do you use)|^are you (?:an? )?(?:ai|llm|model|bot|human|gpt|chatgpt|real|copilot)|^what is (?:this|throughline)$|^introduce yourself/,
    { kind: 'about' },
  ],
];

/** Ends of sentences, not those inside of numbers or names. Lines count as sentences. */
function sentencesOf(prompt: string): readonly string[] {
  const sentences = prompt
    .split(/(?<=[.!?])\s+(?=["“'(]?[\p{Lu}\d])|\n+/u)
    .filter((sentence) => sentence.trim() !== '');
  // A long text is material, not a list of requests.
  return sentences.length > 8 ? [prompt] : sentences;
}
