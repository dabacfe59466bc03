/**
 * The messages between the Context panel and the extension host. Both sides validate what they get.
 *
 * The panel says with one `look` all that it wants to see; the host answers with `shown`, complete each time, and
 * again whenever that has changed. So a lost message costs nothing, and a panel that was hidden or reloaded only looks
 * again. The panel owns what it looks at: the tab, the prompt, settings that are being tried, and what is open.
 */
import * as z from 'zod/mini';
import { maxPromptLength, type Parsed } from './chat';
import { maxIdLength } from './ids';
import { recallMarkChange, recallSource } from './receipt';

const id = z.string().check(z.minLength(1), z.maxLength(maxIdLength));
const count = z.int().check(z.nonnegative());
const tokens = z.number();

/** Longer ones are no summaries. In characters. */
export const maxSummaryLength = 100_000;
/** So many of the turns that a summary stands for are read at a time. */
export const coveredPage = 20;
const maxOpen = 1000;
const maxListed = 10_000;
const maxRequests = 1000;

export const contextTabs = ['next', 'past', 'summaries'] as const;
export const contextSources = [
  'instructions',
  'environment',
  'tools',
  'summary',
  'pin',
  'window',
  'recalled',
  'prompt',
] as const;
export const policyNames = ['tokenBudget', 'slidingWindow', 'selectiveRetention'] as const;

/** What decides which turns a request carries. */
const choice = z.object({
  maxTokens: z.int().check(z.minimum(256), z.maximum(10_000_000)),
  policies: z.array(z.enum(policyNames)),
  windowTurns: count,
  windowMessages: count,
  recentTurns: z.int().check(z.minimum(1)),
});

/** A text as it is sent. `cutAt`: what follows that character is the mark of a cut. */
const text = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool', 'definition']),
  content: z.string(),
  cutAt: z.optional(z.number()),
  calls: z.optional(z.array(z.object({ name: z.string(), arguments: z.string() }))),
});

const item = z.object({
  /** The same for the same thing from one look to the next. */
  key: z.string(),
  source: z.enum(contextSources),
  title: z.string(),
  reason: z.string(),
  tokens,
  included: z.boolean(),
  turnId: z.optional(z.string()),
  summaryId: z.optional(z.string()),
  createdAt: z.optional(z.string()),
  pinned: z.optional(z.boolean()),
  /** Of what is recalled, and still there: where it was said, and how it is marked. */
  recalled: z.optional(
    z.object({
      messageId: z.optional(z.string()),
      turnId: z.optional(z.string()),
      sessionId: z.optional(z.string()),
      sessionTitle: z.optional(z.string()),
      factId: z.optional(z.string()),
      passage: z.optional(z.object({ start: count, end: count })),
      mark: z.optional(z.enum(['muted', 'kept'])),
    }),
  ),
  /** How many turns it stands for, where they are not listed one by one. */
  turns: z.optional(z.number()),
  /** How many of its messages are cut. */
  cut: z.optional(z.number()),
  /** Against the settings in force: comes in or goes out. */
  change: z.optional(z.enum(['in', 'out'])),
  /** Of a past request: what has become of it since. */
  since: z.optional(z.enum(['deleted', 'edited'])),
  /** Whether there is a text to open. */
  opens: z.boolean(),
  /** Of an open one. */
  texts: z.optional(z.array(text)),
});

const context = z.object({
  tokens,
  maxTokens: tokens,
  /** Kept free for the answer. */
  reserve: tokens,
  /** Kept free beside it, as estimates may be too low. */
  margin: tokens,
  /** Where the oldest turns are summarised by themselves: once a request takes so many. */
  summarisedFrom: z.optional(tokens),
  items: z.array(item),
});

/** What trying other settings changes, in tokens and turns. `before`: in force; left out where nothing fits then. */
const difference = z.object({
  before: z.optional(tokens),
  after: tokens,
  cameIn: count,
  wentOut: count,
});

const turnLine = z.object({ id: z.string(), title: z.string(), createdAt: z.string() });

const compaction = z.discriminatedUnion('status', [
  z.object({ status: z.literal('idle') }),
  z.object({ status: z.literal('running'), turns: z.number(), done: z.number() }),
  /** `note`: why the chosen model did not write it. */
  z.object({ status: z.literal('done'), summaryId: z.string(), note: z.optional(z.string()) }),
  z.object({ status: z.literal('failed'), message: z.string() }),
]);

const turnStart = z.object({ prompt: z.string(), createdAt: z.string() });

const summary = z.object({
  id: z.string(),
  createdAt: z.string(),
  /** Undefined: written without a model. */
  by: z.optional(z.string()),
  state: z.enum(['active', 'undone']),
  /** Of an active one that the next request does not carry: why. */
  out: z.optional(z.enum(['replaced', 'left-out', 'part-undone'])),
  edited: z.boolean(),
  /** Of a merged one: how many summaries it takes the place of. */
  replaces: z.optional(z.number()),
  /** How many turns it stands for, and the first and the last of them, where they can be read. */
  length: count,
  first: z.optional(turnStart),
  last: z.optional(turnStart),
  /** What it costs a request. */
  tokens,
  /** Of the one that is being reviewed. */
  opened: z.optional(
    z.object({
      text: z.string(),
      /** The turns that it stands for, from this one on, a page of them: those that can be read, of so many. */
      from: count,
      listed: count,
      turns: z.array(
        z.object({
          id: z.string(),
          createdAt: z.string(),
          prompt: z.string(),
          answer: z.string(),
          calls: z.number(),
        }),
      ),
      /** What its turns would cost a request, where all of them are on the page. */
      replaced: z.optional(tokens),
    }),
  ),
});

const view = z.discriminatedUnion('tab', [
  z.object({
    tab: z.literal('next'),
    /** A turn is running: the next request is known once it has ended. */
    waiting: z.boolean(),
    /** Sends the very bytes shown. */
    contextId: z.optional(z.string()),
    prompt: z.string(),
    context: z.optional(context),
    /** Why there is no context. */
    error: z.optional(z.string()),
    difference: z.optional(difference),
    /** How many turns a trim that can be undone leaves out, where there are any. */
    trimmed: z.optional(count),
  }),
  z.object({
    tab: z.literal('past'),
    /** The newest first. */
    turns: z.array(turnLine),
    more: z.boolean(),
    turn: z.optional(turnLine),
    /** How many requests the turn made, as far as they are told of, and which is shown, from 1. */
    requests: z.optional(z.object({ told: count, untold: count, shown: count })),
    /** Why no turn is shown, or nothing is known of what it carried. */
    missing: z.optional(z.enum(['no-turns', 'deleted', 'unknown'])),
    context: z.optional(context),
    /** What the model reported of the whole turn. */
    usage: z.optional(z.object({ prompt_tokens: tokens, cached_tokens: z.optional(tokens) })),
    model: z.optional(z.string()),
  }),
  z.object({
    tab: z.literal('summaries'),
    /** The newest first. */
    summaries: z.array(summary),
    more: z.boolean(),
    /** What a summary made now would stand for. */
    plan: z.object({ turns: count, tokens }),
  }),
]);

const hostMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('shown'),
    /** Of the look that this answers. */
    n: count,
    session: z.object({ id: z.string(), title: z.string() }),
    strategy: z.enum(['none', 'session', 'workspace', 'longTerm']),
    settings: choice,
    view,
  }),
  z.object({ type: z.literal('compaction'), compaction }),
  /** Look at this instead. */
  z.object({
    type: z.literal('show'),
    tab: z.enum(contextTabs),
    turnId: z.optional(id),
    summaryId: z.optional(id),
    /** What is being typed in the chat: whose request is shown, where the panel has no prompt of its own. */
    prompt: z.optional(z.string().check(z.maxLength(maxPromptLength))),
  }),
  /** The prompt was accepted as this turn, or refused. */
  z.object({ type: z.literal('sent'), turnId: id, refused: z.optional(z.string()) }),
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'error']), message: z.string() }),
]);

const panelMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('look'),
    n: count,
    tab: z.enum(contextTabs),
    prompt: z.string().check(z.maxLength(maxPromptLength)),
    /** Tried instead of the settings. */
    instead: z.optional(choice),
    /** The past turn; the newest where it is left out. */
    turnId: z.optional(id),
    /** Which of its requests, from 1; the first where it is left out. */
    request: z.optional(z.int().check(z.minimum(1), z.maximum(maxRequests))),
    /** The summary that is being reviewed, and from which of its turns on they are wanted. */
    review: z.optional(id),
    coveredFrom: z.optional(count),
    /** How many past turns, or summaries, to list. */
    listed: count.check(z.maximum(maxListed)),
    /** Keys of the items whose texts are wanted. */
    open: z.array(z.string()).check(z.maxLength(maxOpen)),
  }),
  z.object({
    type: z.literal('send'),
    turnId: id,
    contextId: id,
    prompt: z.string().check(z.maxLength(maxPromptLength)),
  }),
  z.object({ type: z.literal('pin'), turnId: id, pinned: z.boolean() }),
  /** Shows the turn in the chat. */
  z.object({ type: z.literal('reveal'), turnId: id }),
  z.object({ type: z.literal('recall-mark'), change: recallMarkChange }),
  /** Shows the turn that something recalled was said in, in its session. */
  z.object({ type: z.literal('recall-reveal'), source: recallSource }),
  z.object({ type: z.literal('use-settings'), choice }),
  z.object({ type: z.literal('copy-json') }),
  z.object({
    type: z.literal('summary-change'),
    summaryId: id,
    state: z.optional(z.enum(['active', 'undone'])),
    text: z.optional(z.string().check(z.minLength(1), z.maxLength(maxSummaryLength))),
  }),
  z.object({ type: z.literal('undo-trim') }),
  /** Asks which turns requests are to carry. */
  z.object({ type: z.literal('trim') }),
  z.object({ type: z.literal('summarise') }),
  z.object({ type: z.literal('summarise-cancel') }),
]);

export type ContextHostMessage = z.infer<typeof hostMessage>;
export type ContextPanelMessage = z.infer<typeof panelMessage>;
export type ContextShown = Extract<ContextHostMessage, { type: 'shown' }>;
export type ContextShow = Extract<ContextHostMessage, { type: 'show' }>;
export type ContextLook = Extract<ContextPanelMessage, { type: 'look' }>;
export type ContextTab = (typeof contextTabs)[number];
export type ContextSourceName = (typeof contextSources)[number];
export type ContextChoice = z.infer<typeof choice>;
export type ContextDifference = z.infer<typeof difference>;
export type ShownView = z.infer<typeof view>;
export type ShownNext = Extract<ShownView, { tab: 'next' }>;
export type ShownPast = Extract<ShownView, { tab: 'past' }>;
export type ShownSummaries = Extract<ShownView, { tab: 'summaries' }>;
export type ShownContext = z.infer<typeof context>;
export type ShownItem = z.infer<typeof item>;
export type ShownText = z.infer<typeof text>;
export type ShownSummary = z.infer<typeof summary>;
export type ShownCompaction = z.infer<typeof compaction>;

function parseWith<S extends z.ZodMiniType>(schema: S, value: unknown): Parsed<z.infer<S>> {
  const result = z.safeParse(schema, value);
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, why: z.prettifyError(result.error) };
}

export const parseContextHostMessage = (value: unknown): Parsed<ContextHostMessage> =>
  parseWith(hostMessage, value);
export const parseContextPanelMessage = (value: unknown): Parsed<ContextPanelMessage> =>
  parseWith(panelMessage, value);
