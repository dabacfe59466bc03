/** A text of a fact, and where it comes from. */
export interface FactVersion {
  readonly text: string;
  /** Since when the fact says this. ISO 8601, UTC. */
  readonly createdAt: string;
  /** The turn that it was remembered in; left out where it was by hand. */
  readonly source?: { readonly sessionId: string; readonly turnId: string };
}

/**
 * A fact that the user or the model asked to keep. What it says may change: the newest text counts, and those before it
 * are its history, under one id, so that what names a fact names it still, and forgetting it forgets all of its texts.
 */
export interface Fact extends FactVersion {
  readonly id: string;
  /** Earlier texts, the newest first; left out where there are none. */
  readonly history?: readonly FactVersion[];
}

/** The fact as of a newer text; the same where it says so already. */
export function revisedFact(fact: Fact, version: FactVersion): Fact {
  if (version.text === fact.text) return fact;
  return { id: fact.id, ...versionOf(version), history: [versionOf(fact), ...(fact.history ?? [])] };
}

export function withoutHistory({ id, ...version }: Fact): Fact {
  return { id, ...versionOf(version) };
}

/**
 * Two facts in place of one that turned out to be two: its present text, and the one before it with the rest of the
 * history. Undefined where it has no history.
 */
export function separatedFact(
  fact: Fact,
  ids: { readonly present: string; readonly earlier: string },
): { readonly present: Fact; readonly earlier: Fact } | undefined {
  const [version, ...history] = fact.history ?? [];
  if (!version) return undefined;
  return {
    present: { id: ids.present, ...versionOf(fact) },
    earlier: { id: ids.earlier, ...version, ...(history.length > 0 && { history }) },
  };
}

/** All texts that either knows of; `fact` says which of them counts. Joining the same again changes nothing. */
export function joinedFact(fact: Fact, other: Fact): Fact {
  const history = fact.history ?? [];
  const seen = new Set([fact, ...history].map(keyOf));
  const more = [versionOf(other), ...(other.history ?? [])].filter((version) => {
    const isNew = !seen.has(keyOf(version));
    seen.add(keyOf(version));
    return isNew;
  });
  if (more.length === 0) return fact;
  const all = [...history, ...more].sort((a, b) => timeOf(b) - timeOf(a));
  return { id: fact.id, ...versionOf(fact), history: all };
}

/** All texts of a fact that two histories have; the newer present text counts, the first's where they are as old. */
export function mergedFact(first: Fact, second: Fact): Fact {
  return timeOf(second) > timeOf(first) ? joinedFact(second, first) : joinedFact(first, second);
}

/** Whether any of its texts, its history's only where that is `looked at`, holds every word of a filter. */
export function fitsFilter(fact: Fact, filter: string, withHistory: boolean): boolean {
  const words = folded(filter).split(/\s+/).filter(Boolean);
  const texts = [fact.text, ...(withHistory ? (fact.history ?? []).map(({ text }) => text) : [])].map(folded);
  return texts.some((text) => words.every((word) => text.includes(word)));
}

function versionOf({ text, createdAt, source }: FactVersion): FactVersion {
  return { text, createdAt, ...(source && { source }) };
}

function keyOf({ text, createdAt }: FactVersion): string {
  return JSON.stringify([text, createdAt]);
}

/** Times from outside may be anything; what cannot be read is the oldest. */
function timeOf({ createdAt }: FactVersion): number {
  const time = Date.parse(createdAt);
  return Number.isNaN(time) ? -8.64e15 : time;
}

/** Without regard to case and accents. */
function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
