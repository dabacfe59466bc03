import type { Message } from '../message';
import { readRecallResult } from '../memory/recallResult';
import type { Fact } from '../memory/fact';
import type { ForgetReason } from './forgetting';

/** Shorter texts ("ok, thanks") say nothing about where they come from. In characters, once normalised. */
export const leastAlike = 16;
/** Of one turn the longest texts alone are compared. */
const mostTexts = 40;

export interface TextTurn {
  readonly id: string;
  readonly messages: readonly Message[];
}

/** With its earlier texts: they go with it. */
export type TextFact = Pick<Fact, 'id' | 'text' | 'source' | 'history'>;

export function textsOfFact({ text, history = [] }: Pick<TextFact, 'text' | 'history'>): readonly string[] {
  return [text, ...history.map((version) => version.text)];
}

/** Whether a text of it was remembered in the turn. */
export function isFrom(
  { source, history = [] }: Pick<TextFact, 'source' | 'history'>,
  turnId: string,
): boolean {
  return [source, ...history.map((version) => version.source)].some((one) => one?.turnId === turnId);
}

/** Case and white space aside. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** What a message says, and each text that it gives to a tool. */
export function textsOf({ content, tool_calls: calls }: Message): readonly string[] {
  return [content, ...(calls ?? []).flatMap(({ function: call }) => stringsIn(call.arguments))];
}

function stringsIn(json: string): readonly string[] {
  try {
    const found: string[] = [];
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'string') found.push(value);
      return value;
    });
    return found;
  } catch {
    return [json];
  }
}

/** What recognises the text of what is to be forgotten in other turns, facts and texts. */
export class Likeness {
  readonly #turns: readonly TextTurn[];
  readonly #prompts: ReadonlySet<string>;
  readonly #wholes: ReadonlySet<string>;
  readonly #factIds: readonly string[];
  readonly #factTexts: ReadonlySet<string>;
  /** To be looked for, as they are and normalised: all that are long enough. */
  readonly texts: readonly { readonly text: string; readonly normalised: string }[];

  constructor(turns: readonly TextTurn[], facts: readonly TextFact[] = []) {
    this.#turns = turns;
    this.#prompts = new Set(turns.map(promptOf).filter((text) => text.length >= leastAlike));
    this.#wholes = new Set(turns.map(wholeOf));
    this.#factIds = facts.map(({ id }) => id);
    this.#factTexts = new Set(facts.flatMap(textsOfFact).map(normalised));
    this.texts = longTexts([
      ...turns.map(({ messages }) => messages.flatMap(textsOf)),
      facts.flatMap(textsOfFact),
    ]);
  }

  turn({ id, messages }: TextTurn): ForgetReason | undefined {
    if (this.#turns.some((turn) => turn.id === id)) return undefined;
    if (this.#wholes.has(wholeOf({ id, messages })) || this.#prompts.has(promptOf({ id, messages })))
      return 'copy';
    const held = messages.flatMap(textsOf).map(normalised);
    if (this.texts.some(({ normalised: text }) => held.includes(text))) return 'same';
    if (this.texts.some(({ normalised: text }) => held.some((other) => other.includes(text))))
      return 'quotes';
    return messages.some((message) => this.#isRecalledIn(message)) ? 'recalled' : undefined;
  }

  #isRecalledIn({ role, content }: Message): boolean {
    if (role !== 'tool' || readRecallResult(content) === undefined) return false;
    return [...this.#turns.map(({ id }) => id), ...this.#factIds].some((id) =>
      content.includes(JSON.stringify(id)),
    );
  }

  fact(fact: TextFact): ForgetReason | undefined {
    if (this.#factIds.includes(fact.id)) return undefined;
    const others = textsOfFact(fact).map(normalised);
    if (others.some((other) => this.#factTexts.has(other))) return 'copy';
    const own = this.texts.map((one) => one.normalised);
    if (others.some((other) => own.includes(other))) return 'same';
    if (others.some((other) => own.some((one) => isWithin(one, other)))) return 'quotes';
    return this.#turns.some(({ id }) => isFrom(fact, id)) ? 'from' : undefined;
  }

  /** Of a summary, or whatever else is one text. */
  text(text: string): ForgetReason | undefined {
    const other = normalised(text);
    return this.texts.some((one) => other.includes(one.normalised)) ? 'quotes' : undefined;
  }
}

/** One within the other. */
function isWithin(one: string, other: string): boolean {
  return other.includes(one) || (other.length >= leastAlike && one.includes(other));
}

function promptOf({ messages }: TextTurn): string {
  return normalised(messages.find(({ role }) => role === 'user')?.content ?? '');
}

/** Of a short turn, too: the same in all that was said. */
function wholeOf({ messages }: TextTurn): string {
  return JSON.stringify(messages.map((message) => [message.role, ...textsOf(message).map(normalised)]));
}

function longTexts(sources: readonly (readonly string[])[]): Likeness['texts'] {
  const unique = new Map<string, string>();
  for (const texts of sources) {
    const long = texts
      .map((text) => ({ text, normalised: normalised(text) }))
      .filter((one) => one.normalised.length >= leastAlike && readRecallResult(one.text) === undefined)
      .sort((a, b) => b.normalised.length - a.normalised.length)
      .slice(0, mostTexts);
    for (const one of long) unique.set(one.normalised, one.text);
  }
  return [...unique].map(([key, text]) => ({ text, normalised: key }));
}

/** How a text begins, on one line. */
export function beginningOf(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim();
  return line.length > 120
    ? `${line
        .slice(0, 119)
        .toWellFormed()
        .replace(/\ufffd$/u, '')}…`
    : line;
}
