/**
 * The messages between the chat view and the extension host. Both sides validate what they get.
 *
 * The view says `ready` whenever it (re)starts or finds a gap in the numbers; the host answers with one complete
 * `snapshot`, which restarts the numbering, and then sends changes. The view owns only the draft and the scroll
 * position. Turn ids are minted by the view, so that sending one twice is one turn.
 */
import * as z from 'zod/mini';
import { maxIdLength } from './ids';
import { meterReading } from './meterReading';
import { recallMarkChange, recallSource, viewReceipt } from './receipt';
import { leftOut, turnMark } from './turnMark';
import { usage } from './usage';
import { viewCompaction } from './viewCompaction';

/** The longest prompt that is accepted, in characters. */
export const maxPromptLength = 400_000;

const toolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const message = z.object({
  id: z.optional(z.string()),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  name: z.optional(z.string()),
  tool_calls: z.optional(z.array(toolCall)),
  tool_call_id: z.optional(z.string()),
  createdAt: z.optional(z.string()),
});

const turn = z.object({
  id: z.string(),
  createdAt: z.string(),
  status: z.enum(['queued', 'running', 'complete', 'stopped', 'failed']),
  model: z.optional(z.string()),
  usage: z.optional(usage),
  /** `message` is the sentence to show; `actions` are what the user can do about it. */
  error: z.optional(
    z.object({
      reason: z.string(),
      message: z.string(),
      actions: z.array(z.enum(['retry', 'set-api-key', 'connect-model', 'open-settings'])),
    }),
  ),
  /** What the built-in model cannot do, another could. */
  connect: z.optional(z.boolean()),
  /** Running in another window. */
  elsewhere: z.optional(z.boolean()),
  /** False: ended, but not on disk yet. */
  saved: z.boolean(),
  /** Which secrets were masked when it ended: told once, and not with a snapshot. */
  masked: z.optional(z.string()),
  /** Every request carries it. */
  pinned: z.optional(z.boolean()),
  /** How many passages and facts were recalled for it. */
  recalled: z.optional(z.number()),
  /** A summary stands for it once it no longer fits. */
  summarised: z.optional(z.boolean()),
  /** The next request does not carry this turn: why, in a sentence, and in a word or two. */
  leftOut: z.optional(z.string()),
  leftOutLabel: z.optional(z.string()),
  /** A trim that can be undone leaves it out. */
  trimmed: z.optional(z.boolean()),
  messages: z.array(message),
});

const state = z.object({
  session: z.object({ id: z.string(), title: z.string(), length: z.number() }),
  /** Oldest first: the newest page of the session, the running and queued turns last. */
  turns: z.array(turn),
  /** Whether there are older turns than these. */
  more: z.boolean(),
  model: z.object({ label: z.string(), builtIn: z.boolean() }),
  strategy: z.enum(['none', 'session', 'workspace', 'longTerm']),
  compaction: z.optional(viewCompaction),
});

const index = z.int().check(z.nonnegative());
const id = z.string().check(z.minLength(1), z.maxLength(maxIdLength));

const waitingPrompt = z.object({ turnId: id, text: z.string() });

const hostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), n: index, state }),
  z.object({ type: z.literal('turn-change'), n: index, turn }),
  z.object({ type: z.literal('text-delta'), n: index, turnId: id, index, text: z.string() }),
  z.object({ type: z.literal('reasoning-delta'), n: index, turnId: id, text: z.string() }),
  z.object({ type: z.literal('message'), n: index, turnId: id, index, message }),
  /** Refused before it was accepted: nothing is stored, `text` goes back into an empty composer. */
  z.object({
    type: z.literal('turn-rejected'),
    n: index,
    turnId: id,
    text: z.string(),
    reason: z.string(),
    message: z.string(),
    /** What another window's doing leaves to choose: look at it first, or let it end and send all the same. */
    choices: z.optional(z.array(z.enum(['reload', 'wait']))),
  }),
  /** What waited when the window closed: back into the composer, before what is in it. Comes with each snapshot. */
  z.object({ type: z.literal('prompts-return'), n: index, prompts: z.array(waitingPrompt) }),
  /** Older turns, oldest first, to go before those shown. */
  z.object({ type: z.literal('page'), n: index, before: id, turns: z.array(turn), more: z.boolean() }),
  z.object({
    type: z.literal('notice'),
    n: index,
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
  }),
  z.object({ type: z.literal('composer-focus'), n: index }),
  /** This was sent in the session from elsewhere: it is no draft any more. */
  z.object({ type: z.literal('draft-sent'), n: index, sessionId: id, text: z.string() }),
  /** Scroll to a turn of the session, loading older ones until it is there. */
  z.object({ type: z.literal('turn-reveal'), n: index, turnId: id }),
  z.object({ type: z.literal('context-meter'), n: index, reading: meterReading }),
  /** What the session's turns mean to the next request; `unread` goes for all of them before the turn `before`. */
  z.object({
    type: z.literal('context-turns'),
    n: index,
    sessionId: z.string(),
    turns: z.array(turnMark),
    unread: z.optional(z.object({ before: id, leftOut, summarised: leftOut })),
  }),
  z.object({ type: z.literal('compaction-change'), n: index, compaction: viewCompaction }),
  /** What was recalled for a turn, for as long as its receipt is open; without one, it cannot be told. */
  z.object({
    type: z.literal('receipt-change'),
    n: index,
    turnId: id,
    receipt: z.optional(viewReceipt),
  }),
]);

/** Commands that the view may ask the host to run. */
export const viewCommands = [
  'throughline.newSession',
  'throughline.switchSession',
  'throughline.setApiKey',
  'throughline.connectModel',
  'throughline.undoTrim',
  'throughline.inspectContext',
  'throughline.reviewSummaries',
  'workbench.action.openSettings',
] as const;

const viewMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('turn-send'),
    turnId: id,
    /** Waits for another window's turn to end, instead of being refused. */
    wait: z.optional(z.boolean()),
    text: z.string().check(z.maxLength(maxPromptLength)),
  }),
  z.object({ type: z.literal('turn-stop'), turnId: id }),
  /** Asks the prompt of an ended turn again, as a new turn. */
  z.object({ type: z.literal('turn-retry'), turnId: id, newTurnId: id }),
  /** What was returned was sent, or taken out of the composer. */
  z.object({ type: z.literal('prompts-returned'), turnIds: z.array(id) }),
  /** Deletes an ended turn for good, once the user has confirmed it. */
  z.object({ type: z.literal('turn-delete'), turnId: id }),
  z.object({ type: z.literal('turn-pin'), turnId: id, pinned: z.boolean() }),
  /** Shows what the model saw when it answered this turn. */
  z.object({ type: z.literal('turn-context'), turnId: id }),
  /** The draft as it is now: the meter counts it in. */
  z.object({ type: z.literal('context-measure'), text: z.string().check(z.maxLength(maxPromptLength)) }),
  /** Asks for a turn's receipt, and for what changes of it. */
  z.object({ type: z.literal('receipt-open'), turnId: id }),
  z.object({ type: z.literal('receipt-close'), turnId: id }),
  z.object({ type: z.literal('recall-mark'), change: recallMarkChange }),
  /** Shows the turn that something recalled was said in. */
  z.object({ type: z.literal('recall-reveal'), source: recallSource }),
  z.object({ type: z.literal('compaction-run') }),
  z.object({ type: z.literal('compaction-cancel') }),
  z.object({ type: z.literal('summary-undo'), summaryId: id }),
  /** The page before the turn `before`. */
  /** `long`: a page of many turns, on the way to one far up. */
  z.object({ type: z.literal('page-load'), before: id, long: z.optional(z.literal(true)) }),
  z.object({ type: z.literal('link-open'), href: z.string().check(z.maxLength(4000)) }),
  z.object({ type: z.literal('command-run'), command: z.enum(viewCommands) }),
]);

export type HostMessage = z.infer<typeof hostMessage>;
export type ViewMessage = z.infer<typeof viewMessage>;
export type ViewState = z.infer<typeof state>;
export type ViewTurn = z.infer<typeof turn>;
export type ViewTranscriptMessage = z.infer<typeof message>;
export type { MeterReading } from './meterReading';
export type { RecallMarkChange, RecallSource, ViewReceipt, ViewReceiptEntry } from './receipt';
export type { LeftOut, TurnMark } from './turnMark';
export type { ViewCompaction } from './viewCompaction';
export type ErrorAction = NonNullable<ViewTurn['error']>['actions'][number];

/** A host message before the channel numbers it. */
export type HostMessageBody = HostMessage extends infer M
  ? M extends unknown
    ? Omit<M, 'n'>
    : never
  : never;

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

function parseWith<S extends z.ZodMiniType>(schema: S, value: unknown): Parsed<z.infer<S>> {
  const result = z.safeParse(schema, value);
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, why: z.prettifyError(result.error) };
}

export const parseHostMessage = (value: unknown): Parsed<HostMessage> => parseWith(hostMessage, value);
export const parseViewMessage = (value: unknown): Parsed<ViewMessage> => parseWith(viewMessage, value);
