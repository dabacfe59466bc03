import {
  array,
  boolean,
  discriminatedUnion,
  enum as zEnum,
  int,
  literal,
  maxLength,
  maximum,
  minimum,
  minLength,
  nonnegative,
  optional,
  positive,
  strictObject,
  string,
  union,
} from 'zod/mini';
import { InputError } from '../../../core/errors';
import { chosenPolicy, type PolicyChoice } from '../../../core/memory/chosenPolicy';
import { trimToSummary } from '../../../core/memory/trimToSummary';
import type { Session } from '../../../core/session';
import { maxIdLength } from '../../../protocol/ids';
import type { CurrentChat } from '../chat';
import { defineAction } from './defineAction';

export interface ContextActionDependencies {
  readonly chat: CurrentChat;
  /** The active one where none is named. */
  readonly sessionOf: (sessionId: string | undefined) => Promise<Session>;
  /** As the settings have it. */
  readonly policyChoice: () => PolicyChoice;
  /** Opens the Context panel on a past turn. */
  readonly showContextOf: (turnId: string) => void;
}

const id = string().check(minLength(1), maxLength(maxIdLength));
const sessionId = optional(id);
const count = int().check(nonnegative());
const preview = optional(boolean());
/** Longer ones are no summaries. In characters. */
const longestSummary = 100_000;

const trim = {
  turns: strictObject({ strategy: literal('slidingWindow'), turns: count, sessionId, preview }),
  messages: strictObject({ strategy: literal('slidingWindow'), messages: count, sessionId, preview }),
  tokens: strictObject({ strategy: literal('tokenBudget'), tokens: count, sessionId, preview }),
  selective: strictObject({ strategy: literal('selectiveRetention'), turns: count, sessionId, preview }),
  summary: strictObject({ strategy: literal('summarisation'), sessionId, preview }),
};

/** What decides over, and shows, the content of requests. Part of `createActions`. */
export function createContextActions({
  chat,
  sessionOf,
  policyChoice,
  showContextOf,
}: ContextActionDependencies) {
  /** The session that has the summary. */
  const summaryOf = async (summaryId: string, chosen: string | undefined) => {
    const session = await sessionOf(chosen);
    const summary = (await session.requests.summaries()).find((one) => one.id === summaryId);
    if (!summary) {
      const message = `The session has no summary "${summaryId}".`;
      throw new InputError({ reason: 'invalid-argument', message });
    }
    return { session, summary };
  };

  const pin = async (turnId: string, pinned: boolean) => {
    const turn = await (await chat.get()).log.turn(turnId);
    if (!turn) throw new InputError({ reason: 'invalid-argument', message: `There is no turn "${turnId}".` });
    await (await sessionOf(turn.sessionId)).requests.pin(turnId, pinned);
    return { turnId, sessionId: turn.sessionId, pinned };
  };

  return {
    /** The next request, item by item. `maxTokens`, `policies` and their numbers stand in for the settings. */
    inspectContext: defineAction(
      strictObject({
        prompt: string(),
        sessionId,
        maxTokens: optional(int().check(minimum(256), maximum(10_000_000))),
        policies: optional(array(zEnum(['slidingWindow', 'selectiveRetention', 'tokenBudget']))),
        windowTurns: optional(count),
        windowMessages: optional(count),
        recentTurns: optional(int().check(positive())),
      }),
      async ({ prompt, sessionId: chosen, maxTokens, ...choice }) => {
        const session = await sessionOf(chosen);
        const given = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
        return session.requests.inspect(prompt, {
          ...(maxTokens !== undefined && { maxTokens }),
          ...(Object.keys(given).length > 0 && { policy: chosenPolicy({ ...policyChoice(), ...given }) }),
        });
      },
    ),

    /** What the requests of a past turn carried, as it was stored then; null where that is not known. */
    sentContext: defineAction(
      strictObject({ turnId: id, sessionId }),
      async ({ turnId, sessionId: chosen }) => {
        const session = await sessionOf(chosen);
        return (await session.requests.sentContext(turnId)) ?? null;
      },
    ),

    /** The same, to be looked at. */
    showSentContext: defineAction(strictObject({ turnId: id }), async ({ turnId }) => {
      const turn = await (await chat.get()).log.turn(turnId);
      if (!turn)
        throw new InputError({ reason: 'invalid-argument', message: `There is no turn "${turnId}".` });
      showContextOf(turnId);
      return { turnId, sessionId: turn.sessionId };
    }),

    unpinTurn: defineAction(strictObject({ turnId: id }), ({ turnId }) => pin(turnId, false)),

    pinTurn: defineAction(
      strictObject({ turnId: id, pinned: optional(boolean()) }),
      ({ turnId, pinned = true }) => pin(turnId, pinned),
    ),

    /** Trimming changes what is sent and nothing else; `undoTrim` takes it back. */
    trimMemory: defineAction(
      union([
        trim.turns,
        trim.messages,
        discriminatedUnion('strategy', [trim.tokens, trim.selective, trim.summary]),
      ]),
      async ({ sessionId: chosen, preview: isPreview = false, ...choice }, signal) => {
        const session = await sessionOf(chosen);
        if (choice.strategy !== 'summarisation') {
          return { sessionId: session.id, ...(await session.requests.trim(choice, { preview: isPreview })) };
        }
        return { sessionId: session.id, ...(await trimToSummary(session, { preview: isPreview, signal })) };
      },
    ),

    summaries: defineAction(strictObject({ sessionId }), async ({ sessionId: chosen }) =>
      (await sessionOf(chosen)).requests.summaries(),
    ),

    /** Undoes a summary (`undone`), takes that back (`active`), or puts another text in its place. */
    changeSummary: defineAction(
      strictObject({
        summaryId: id,
        sessionId,
        state: optional(zEnum(['active', 'undone'])),
        text: optional(string().check(minLength(1), maxLength(longestSummary))),
      }),
      async ({ summaryId, sessionId: chosen, state, text }) => {
        const { session, summary } = await summaryOf(summaryId, chosen);
        const changed = {
          ...summary,
          ...(state !== undefined && { state }),
          ...(text !== undefined && text !== summary.text && { text, edited: true }),
        };
        await session.requests.putSummary(changed);
        return changed;
      },
    ),
  };
}
