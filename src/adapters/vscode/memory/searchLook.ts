import type { HistoryLog } from '../../../core/historyLog';
import type {
  LongTermMemory,
  MessagePage,
  RecallHit,
  RecallOptions,
} from '../../../core/memory/longTermMemory';
import type { RecallMark, RecallMarks } from '../../../core/memory/recallMarks';
import { excerptOf, type ExcerptSource } from '../../../core/recall/excerpt';
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
 * What the search finds; where filters alone are typed, all that fits them, newest first.
 * @param now from which "today" is told
 */
export async function lookFor(
  { text, limit, reach }: Pick<MemoryLook, 'text' | 'limit' | 'reach'>,
  searched: Searched,
  now: Date,
): Promise<{ readonly view: ShownSearch; readonly hits: readonly RecallHit[] }> {
  const search = readSearch(text, now);
  const { memory } = searched;
  const answer = async (outcome: Found | { readonly status: 'idle' }, facts: readonly ShownFact[]) => {
    const told =
      outcome.status === 'idle' ? outcome : { ...outcome, hits: await shownHits(outcome.hits, searched) };
    const problems = [...search.problems];
    const hits = outcome.status === 'idle' ? [] : outcome.hits;
    return {
      view: { tab: 'search' as const, text, problems, outcome: told, facts: facts.map(shownFact) },
      hits,
    };
  };
  if (text.trim() === '') {
    return answer({ status: 'idle' }, (await memory.facts({ limit: factsShown.newest })).facts);
  }
  const options = recallOptionsOf(search, searched.activeSessionId);
  if (search.words === '') {
    const { messages, ...rest } = await memory.listMessages({
      ...options,
      limit,
      ...(reach !== undefined && { reach }),
    });
    return answer({ status: 'found', hits: messages, listed: true, ...rest }, []);
  }
  const [found, facts] = await Promise.all([
    memory.recall(search.words, { ...options, limit: limit + 1 }),
    isPlain(search) ? memory.recallFacts(search.words, factsShown.beside) : [],
  ]);
  return answer({ status: 'found', hits: found.slice(0, limit), more: found.length > limit }, facts);
}

interface Found extends Omit<MessagePage, 'messages'> {
  readonly status: 'found';
  readonly hits: readonly RecallHit[];
  readonly listed?: true;
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
    pieces: [...excerptOf(hit.called ? wholeOf(hit.called) : hit, excerptLength)],
    ...(mark && { mark }),
    ...(workspace?.here === false && { workspace: { id: workspace.id, name: workspace.name } }),
  };
}

function wholeOf(called: NonNullable<RecallHit['called']>): ExcerptSource {
  return { ...called, passage: { start: 0, end: called.text.length } };
}
