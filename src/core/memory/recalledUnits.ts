import type { FactHit, RecallHit, RecallNeighbour } from './longTermMemory';
import { quotesRecalled, type RecalledPart } from './quotedRecall';
import type { Recalled, RecalledFact, RecalledPassage } from './recalled';
import { isQuotingResult } from './echo';
import { Saying } from './saying';
import { sayingOf, type Sayable } from './silence';

/** What goes into a request together or not at all: a passage, in the order it was said with what it needs. */
export interface RecalledUnit {
  readonly parts: readonly RecalledPart[];
  /** The user wants it in every request. */
  readonly kept: boolean;
}

/** A unit, its headings still to be told. */
export interface FoundUnit extends Omit<RecalledUnit, 'parts'> {
  /** What was found; the others go along with it. */
  readonly main: Recalled;
  readonly parts: readonly Omit<RecalledPart, 'heading'>[];
}

export interface Found {
  readonly prompt: string;
  readonly kept: readonly Recalled[];
  /** Ids of turns that the request carries anyway. */
  readonly carried: ReadonlySet<string>;
  /** Best first. */
  readonly facts: readonly FactHit[];
  readonly hits: readonly RecallHit[];
}

const reasons = {
  kept: 'Always kept',
  fact: 'Remembered, and fits the prompt',
  passage: 'Fits the prompt',
  question: 'With its answer',
  answer: 'With its question',
} as const;

/** All that may be a part of a unit. */
export function sayablesIn({ kept, facts, hits }: Found): readonly Sayable[] {
  return [
    ...kept,
    ...facts.map((fact) => ({ ...factIn(fact), ...(fact.source && { rememberedIn: fact.source.turnId }) })),
    ...hits.flatMap((hit) => unitOf(hit).parts.map(({ recalled }) => recalled)),
  ];
}

/**
 * What was found as units: the kept ones first, then facts, then passages, best first; each message once. Without what
 * says nothing beyond the prompt, what only repeats something better, and what recall itself once gave.
 * @param silent ids (see `idOf`) of what must not be recalled: with such a passage its unit goes, such a neighbour goes alone
 */
export function unitsOf(
  { prompt, kept, carried, facts, hits }: Found,
  silent: ReadonlySet<string> = new Set(),
): readonly FoundUnit[] {
  const units = new Units(prompt, carried, silent);
  for (const one of kept) units.add({ main: one, parts: [partOf(one, reasons.kept)], kept: true });
  for (const fact of facts) {
    const main = factIn(fact);
    units.add({ main, parts: [partOf(main, reasons.fact)], kept: false });
  }
  for (const hit of hits) units.add(unitOf(hit));
  return units.all;
}

function factIn({ id: factId, text, createdAt }: FactHit): RecalledFact {
  return { factId, text, createdAt };
}

export function idOf(recalled: Recalled): string {
  return 'factId' in recalled ? `fact ${recalled.factId}` : `message ${recalled.messageId}`;
}

function unitOf(hit: RecallHit): FoundUnit {
  const { neighbour } = hit;
  const main = passageOf(hit, hit.passage);
  const part = partOf(main, reasons.passage);
  if (!neighbour) return { main, parts: [part], kept: false };
  const whole = passageOf(neighbour, { start: 0, end: neighbour.text.length });
  const reason = neighbour.isBefore ? reasons.question : reasons.answer;
  const beside = { ...partOf(whole, reason), isNeighbour: true };
  return { main, parts: neighbour.isBefore ? [beside, part] : [part, beside], kept: false };
}

function passageOf(
  { messageId, turnId, sessionId, role, name, createdAt, text }: RecallHit | RecallNeighbour,
  passage: RecalledPassage['passage'],
): RecalledPassage {
  const said = text.slice(passage.start, passage.end);
  const named = name !== undefined && { name };
  return { messageId, turnId, sessionId, role, ...named, createdAt, passage, text: said };
}

function partOf(recalled: Recalled, reason: string): Omit<RecalledPart, 'heading'> {
  const speaker = 'factId' in recalled ? '' : (recalled.name ?? recalled.role);
  return { recalled, speaker, reason };
}

class Units {
  readonly all: FoundUnit[] = [];
  readonly #prompt: Saying;
  readonly #promptWords: ReadonlySet<string>;
  readonly #carried: ReadonlySet<string>;
  readonly #silent: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  readonly #said: Saying[] = [];

  constructor(prompt: string, carried: ReadonlySet<string>, silent: ReadonlySet<string>) {
    this.#silent = silent;
    this.#prompt = new Saying(prompt, 'user');
    this.#promptWords = new Set(this.#prompt.plain.split(' '));
    this.#carried = carried;
  }

  /** Where the passage itself is no news but its neighbour is, that one alone. */
  add(unit: FoundUnit): void {
    if (this.#silent.has(idOf(unit.main))) return;
    const main = sayingOf(unit.main);
    const parts = unit.parts.filter(
      ({ recalled }) =>
        this.#isNews(recalled, unit.kept) && (recalled === unit.main || !sayingOf(recalled).isSaidIn(main)),
    );
    const tells = parts.some(({ recalled }) => unit.kept || !this.#isInPrompt(recalled));
    if (!tells) return;
    this.all.push({ ...unit, parts });
    for (const { recalled } of parts) {
      this.#ids.add(idOf(recalled));
      this.#said.push(sayingOf(recalled));
    }
  }

  #isNews(recalled: Recalled, isKept: boolean): boolean {
    const { text } = recalled;
    // What tools gave, and what an imported file says in the system's voice, was said by nobody.
    if ('role' in recalled && recalled.role !== 'user' && recalled.role !== 'assistant') return false;
    if (
      text.trim() === '' ||
      this.#ids.has(idOf(recalled)) ||
      this.#silent.has(idOf(recalled)) ||
      isQuotingResult(text) ||
      quotesRecalled(text)
    ) {
      return false;
    }
    if (!('factId' in recalled) && this.#carried.has(recalled.turnId)) return false;
    if (isKept) return true;
    const said = sayingOf(recalled);
    return said.plain !== this.#prompt.plain && !this.#said.some((other) => said.isSaidIn(other));
  }

  /** It holds no word that the prompt does not. */
  #isInPrompt(recalled: Recalled): boolean {
    return sayingOf(recalled)
      .plain.split(' ')
      .every((word) => this.#promptWords.has(word));
  }
}
