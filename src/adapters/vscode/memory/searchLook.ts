import type { HistoryLog } from '../../../core/historyLog';
import type { LongTermMemory, RecallHit, RecallOptions } from '../../../core/memory/longTermMemory';
import type { RecallMark, RecallMarks } from '../../../core/memory/recallMarks';
import { excerptOf } from '../../../core/recall/excerpt';
import { readSearch, type Search } from '../../../core/recall/searchFilters';
import { shownTitle } from '../../../core/shownTitle';
import type { MemoryLook, ShownFact, ShownHit, ShownSearch } from '../../../protocol/memory';

/** What a search looks through. */
export interface Searched {
  readonly memory: LongTermMemory;
  readonly marks: Pick<RecallMarks, 'marksOf'>;
  readonly log: Pick<HistoryLog, 'onChange'>;
  /** The session that is shown in the chat. */
  readonly activeSessionId: string;
  /** Of a workspace of the log; of this one, where it is left out. */
  readonly sessionsOf: (workspaceId?: string) => Pick<HistoryLog, 'session'>;
}

/** Characters of a hit that are shown. */
const excerptLength = 320;
/** Facts that stand above the hits, and that a search begins with. */
const factsShown = { beside: 3, newest: 5 };

export function recallOptionsOf(
  { scope, role, after, before, hasToolCall, path }: Search,
  activeSessionId: string,
): Omit<RecallOptions, 'limit'> {
  return {
    ...(scope === 'session' && { sessionId: activeSessionId }),
    ...(scope === 'everywhere' && { everywhere: true }),
    ...(role !== undefined && { role }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(hasToolCall !== undefined && { hasToolCall }),
    ...(path !== undefined && { path }),
  };
}

/** Whether nothing but words was given, so that facts can answer, too. */
function isPlain(search: Search): boolean {
  const { scope, role, after, before, hasToolCall, path } = search;
  return scope !== 'session' && [role, after, before, hasToolCall, path].every((one) => one === undefined);
}

/**
 * What the search finds. A path alone is looked for by its words.
 * @param now from which "today" is told
 */
export async function lookFor(
  { text, limit }: Pick<MemoryLook, 'text' | 'limit'>,
  searched: Searched,
  now: Date,
): Promise<{ readonly view: ShownSearch; readonly hits: readonly RecallHit[] }> {
  const search = readSearch(text, now);
  const { problems } = search;
  const query = search.words === '' ? (search.path ?? '') : search.words;
  const { memory } = searched;
  if (query === '') {
    const facts = (await memory.facts({ limit: factsShown.newest })).facts.map(shownFact);
    const outcome = { status: 'idle' } as const;
    return { view: { tab: 'search', text, problems: [...problems], outcome, facts }, hits: [] };
  }
  const options = { ...recallOptionsOf(search, searched.activeSessionId), limit: limit + 1 };
  const [found, facts] = await Promise.all([
    memory.recall(query, options),
    isPlain(search) ? memory.recallFacts(query, factsShown.beside) : [],
  ]);
  const hits = found.slice(0, limit);
  const outcome = {
    status: 'found' as const,
    hits: await shownHits(hits, searched),
    more: found.length > limit,
  };
  return {
    view: { tab: 'search', text, problems: [...problems], outcome, facts: facts.map(shownFact) },
    hits,
  };
}

function shownFact({ id, text, createdAt }: ShownFact): ShownFact {
  return { id, text, createdAt };
}

async function shownHits(
  hits: readonly RecallHit[],
  { sessionsOf, marks }: Pick<Searched, 'sessionsOf' | 'marks'>,
): Promise<ShownHit[]> {
  const titles = new Map<string, Promise<string>>();
  const titleOf = ({ sessionId, workspace }: RecallHit): Promise<string> => {
    const place = workspace?.here === false ? workspace.id : undefined;
    const key = `${place ?? ''} ${sessionId}`;
    const title =
      titles.get(key) ??
      sessionsOf(place)
        .session(sessionId)
        .then((session) => shownTitle(session?.title ?? ''));
    titles.set(key, title);
    return title;
  };
  // Marks are of this workspace's messages.
  const here = hits.filter(({ workspace }) => workspace?.here !== false);
  const marked = await marks.marksOf(here);
  const markOf = new Map(here.map((hit, at) => [hit, marked[at]]));
  return Promise.all(hits.map(async (hit) => shownHit(hit, await titleOf(hit), markOf.get(hit))));
}

function shownHit(hit: RecallHit, title: string, mark: RecallMark | undefined): ShownHit {
  const { messageId: id, sessionId, turnId, role, createdAt, workspace } = hit;
  return {
    id,
    sessionId,
    turnId,
    role,
    title,
    createdAt,
    pieces: [...excerptOf(hit, excerptLength)],
    ...(mark && { mark }),
    ...(workspace?.here === false && { workspace: { id: workspace.id, name: workspace.name } }),
  };
}
