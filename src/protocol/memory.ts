/**
 * The messages between the Memory view and the extension host. Both sides validate what they get.
 *
 * As with the Context panel, the view says with one `look` all that it wants to see; the host answers with `shown`,
 * complete each time, and again whenever that has changed. So a lost message costs nothing, and a view that was hidden
 * only looks again. The view owns what it looks at: the tab, what is typed, how much is listed.
 */
import * as z from 'zod/mini';
import type { Parsed } from './chat';
import { maxIdLength } from './ids';

export {
  filtersIn,
  withFilter,
  withoutFilters,
  type FilterName,
  type WrittenFilters,
} from '../core/recall/searchFilters';

const id = z.string().check(z.minLength(1), z.maxLength(maxIdLength));
const count = z.int().check(z.nonnegative());

/** Longer ones are no searches. In characters. */
export const maxSearchLength = 2000;
/** So many hits are shown at a time, and at most. */
export const hitsPerPage = 50;
export const maxHits = 500;
/** In rounds of a list. */
export const maxReach = 1000;

/** More is no fact; the host says how long one may be. In characters. */
export const maxWrittenFact = 10_000;

export const memoryTabs = ['search', 'facts'] as const;

const hit = z.object({
  /** The message's id. */
  id: z.string(),
  sessionId: z.string(),
  turnId: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  /** The session's title. */
  title: z.string(),
  createdAt: z.string(),
  /** What it says, and what of it was looked for. */
  pieces: z.array(z.object({ text: z.string(), marked: z.boolean() })),
  /** Never, or always, recalled into requests. */
  mark: z.optional(z.enum(['muted', 'kept'])),
  /** Of another workspace: its id and name. */
  workspace: z.optional(z.object({ id: z.string(), name: z.string() })),
});

const outcome = z.discriminatedUnion('status', [
  /** There is nothing to look for. */
  z.object({ status: z.literal('idle') }),
  z.object({
    status: z.literal('found'),
    hits: z.array(hit),
    more: z.boolean(),
    /** All that fits the filters, newest first: no word is looked for. */
    listed: z.optional(z.literal(true)),
    /** It looked no further back than this time, and goes on with more `reach`. */
    lookedBackTo: z.optional(z.string()),
  }),
  z.object({ status: z.literal('failed'), message: z.string() }),
]);

const fact = z.object({
  id: z.string(),
  text: z.string(),
  createdAt: z.string(),
});

const factVersion = z.object({ text: z.string(), createdAt: z.string() });

const listedFact = z.object({
  id: z.string(),
  text: z.string(),
  createdAt: z.string(),
  /** The turn that it was remembered in; `deleted` since. Left out where it was by hand. */
  source: z.optional(z.object({ turnId: z.string(), deleted: z.boolean() })),
  /** Earlier texts, the newest first. */
  history: z.array(factVersion),
});

const factsOutcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('found'), facts: z.array(listedFact), more: z.boolean() }),
  z.object({ status: z.literal('failed'), message: z.string() }),
]);

const view = z.discriminatedUnion('tab', [
  /** All facts that hold what is typed, the newest first. */
  z.object({ tab: z.literal('facts'), text: z.string(), outcome: factsOutcome }),
  z.object({
    tab: z.literal('search'),
    /** What was looked for, as it was typed. */
    text: z.string(),
    /** Of filters that make no sense, a sentence each. */
    problems: z.array(z.string()),
    outcome,
    /** Facts that say it, best first; where nothing is looked for, the newest. */
    facts: z.array(fact),
  }),
]);

const hostMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('shown'),
    /** Of the look that this answers. */
    n: count,
    strategy: z.enum(['none', 'session', 'workspace', 'longTerm']),
    view,
  }),
  /** Look at this instead, and give its field the focus. */
  z.object({
    type: z.literal('show'),
    tab: z.enum(memoryTabs),
    text: z.optional(z.string().check(z.maxLength(maxSearchLength))),
  }),
  /** How the change that was asked for with this number went: what is told of it, or why it failed. */
  z.object({
    type: z.literal('fact-changed'),
    request: count,
    told: z.optional(z.string()),
    failure: z.optional(z.string()),
  }),
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'error']), message: z.string() }),
]);

/** Commands that the view may ask the host to run. */
export const memoryCommands = ['workbench.action.openSettings'] as const;

const written = z.string().check(z.maxLength(maxWrittenFact));

const factChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), text: written }),
  z.object({ kind: z.literal('edit'), factId: id, text: written }),
  /** Its earlier text of this time counts again. */
  z.object({ kind: z.literal('restore'), factId: id, createdAt: id }),
  /** For good, with its earlier texts: the user has confirmed it. */
  z.object({ kind: z.literal('delete'), factId: id }),
]);

const viewMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('look'),
    n: count,
    tab: z.enum(memoryTabs),
    text: z.string().check(z.maxLength(maxSearchLength)),
    /** How many hits to show. */
    limit: z.int().check(z.minimum(1), z.maximum(maxHits)),
    /** How far back to look where few fit the filters, in rounds; 1 where it is left out. */
    reach: z.optional(z.int().check(z.minimum(1), z.maximum(maxReach))),
  }),
  /** Shows the turn of a hit where it was said. */
  z.object({ type: z.literal('open'), turnId: id, workspaceId: z.optional(id) }),
  /** Copies the text of a hit that is shown, all of it. */
  z.object({ type: z.literal('copy'), turnId: id, id }),
  /** Of a hit, from the next request on; without `mark` its mark is taken back. */
  z.object({ type: z.literal('mark'), turnId: id, id, mark: z.optional(z.enum(['muted', 'kept'])) }),
  /** Shows what would go with the turn of a hit, and asks. */
  z.object({ type: z.literal('forget'), turnId: id }),
  z.object({ type: z.literal('fact-change'), request: count, change: factChange }),
  z.object({ type: z.literal('command-run'), command: z.enum(memoryCommands) }),
]);

export type MemoryHostMessage = z.infer<typeof hostMessage>;
export type MemoryViewMessage = z.infer<typeof viewMessage>;
export type MemoryShown = Extract<MemoryHostMessage, { type: 'shown' }>;
export type MemoryShow = Extract<MemoryHostMessage, { type: 'show' }>;
export type MemoryLook = Extract<MemoryViewMessage, { type: 'look' }>;
export type MemoryTab = (typeof memoryTabs)[number];
export type ShownMemoryView = z.infer<typeof view>;
export type ShownSearch = Extract<ShownMemoryView, { tab: 'search' }>;
export type ShownFacts = Extract<ShownMemoryView, { tab: 'facts' }>;
export type ShownListedFact = z.infer<typeof listedFact>;
export type FactChange = z.infer<typeof factChange>;
export type ShownHit = z.infer<typeof hit>;
export type ShownFact = z.infer<typeof fact>;

function parseWith<S extends z.ZodMiniType>(schema: S, value: unknown): Parsed<z.infer<S>> {
  const result = z.safeParse(schema, value);
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, why: z.prettifyError(result.error) };
}

export const parseMemoryHostMessage = (value: unknown): Parsed<MemoryHostMessage> =>
  parseWith(hostMessage, value);
export const parseMemoryViewMessage = (value: unknown): Parsed<MemoryViewMessage> =>
  parseWith(viewMessage, value);
