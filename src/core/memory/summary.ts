/** What stands in a request for turns that it does not carry. Made from these turns, never from another summary. */
export interface Summary {
  readonly id: string;
  readonly sessionId: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly text: string;
  /** Id of the model that wrote it, `template` for none. */
  readonly by: string;
  /** The turns that it covers, in their order. */
  readonly turnIds: readonly string[];
  /** Positions of the first and the last of them. */
  readonly from: number;
  readonly to: number;
  /** `active`: requests carry it in place of its turns. `undone`: kept to look at; its turns speak for themselves. */
  readonly state: 'active' | 'undone';
  /** Whether the user has changed the text. */
  readonly edited?: boolean;
  /** Of a merged summary: ids of those whose place it can take, none of them merged. It covers all of their turns. */
  readonly replaces?: readonly string[];
}

export function isMerged({ replaces = [] }: Summary): boolean {
  return replaces.length > 0;
}

/** As it is exported, with its session: where its turns stand there is known from them. */
export type SummaryDump = Omit<Summary, 'sessionId' | 'from' | 'to'>;

/** Those that cover none but these turns, as a dump has them. */
export function dumpedSummaries(
  summaries: readonly Summary[],
  turnIds: ReadonlySet<string>,
): { readonly summaries?: readonly SummaryDump[] } {
  const dumped = summaries
    .filter((one) => one.turnIds.every((id) => turnIds.has(id)))
    .map(({ sessionId: _session, from: _from, to: _to, ...dump }) => dump);
  return dumped.length === 0 ? {} : { summaries: dumped };
}

/** Undefined where one of its turns is not in the session, or has not ended. */
export function summaryFrom(
  dump: SummaryDump,
  sessionId: string,
  positionOf: (turnId: string) => number | undefined,
): Summary | undefined {
  const places: { readonly id: string; readonly position: number }[] = [];
  for (const id of new Set(dump.turnIds)) {
    const position = positionOf(id);
    if (position === undefined) return undefined;
    places.push({ id, position });
  }
  places.sort((a, b) => a.position - b.position);
  const [first, last] = [places[0], places.at(-1)];
  if (!first || !last) return undefined;
  const turnIds = places.map(({ id }) => id);
  return { ...dump, turnIds, sessionId, from: first.position, to: last.position };
}
