import { baseInstructions } from '../../src/core/instructions';
import type { Context } from '../../src/core/context/context';
import type { MemoryPolicy } from '../../src/core/memory/memoryPolicy';
import { noRecallMarks } from '../../src/core/memory/recallMarks';
import { Recaller, type RecallSettings } from '../../src/core/memory/recaller';
import type { Session } from '../../src/core/session';
import { Sessions } from '../../src/core/sessions';
import { calculatorTool } from '../../src/core/tools/calculator';
import { currentTimeTool } from '../../src/core/tools/currentTime';
import { memoryTools } from '../../src/core/tools/memoryTools';
import { ScriptedModel } from '../../test/support/scriptedModel';
import { setUpSessions } from '../../test/support/sessionSetup';
import { scoredQuestions, type LabelledConversation } from './data';
import { prefixOf } from './quality';
import { smallTalk } from './smallTalk';
import { store, type StoredConversations } from './stored';

/** `throughline.context.maxTokens`: instructions, tools, window, what is recalled, the prompt and the answer. */
export const promptTokens = 4_000;

/** As the settings have it, but for the deadline: here it is measured what is found, however busy the machine is. */
const recall: RecallSettings = { limit: 20, maxTokens: 2_000, deadlineMs: 60_000 };

export interface EvidenceShares {
  readonly questions: number;
  /** Of the evidence messages, the share that the request holds: a passage of one, or all of it. */
  readonly slidingWindow: number;
  readonly longTerm: number;
  /** How many passages a question recalls, and how many tokens they take. */
  readonly passages: number;
  readonly tokens: number;
  /** What asking with recall takes longer, in milliseconds. */
  readonly added: { readonly p50: number; readonly p95: number };
  /** How many prompts of small talk were asked, and how many recalled something. */
  readonly smallTalk: { readonly asked: number; readonly recalled: number };
}

/** The newest turns, as many as fit. */
const slidingWindow: MemoryPolicy = {
  select({ turns, budget, cost }) {
    let first = turns.length;
    let spent = 0;
    for (const turn of turns.toReversed()) {
      spent += cost(turn);
      if (spent > budget) break;
      first -= 1;
    }
    const demoted = turns.slice(0, first).map((turn) => ({ turn, reason: 'over-budget' as const }));
    return { kept: turns.slice(first), demoted };
  },
};

/** Asks each question as the next prompt of its conversation's newest session, with recall and without. */
export async function measureEvidence(
  conversations: readonly LabelledConversation[],
): Promise<EvidenceShares> {
  const shares: { window: number; longTerm: number; recalled: Context['items'] }[] = [];
  const added: number[] = [];
  const talk = { asked: 0, recalled: 0 };
  for (const conversation of conversations) {
    const questions = scoredQuestions(conversation);
    if (questions.length === 0) continue;
    const prefix = prefixOf(conversation);
    const stored = await store([conversation], () => prefix);
    const newest = Math.max(...conversation.turns.map(({ session }) => session));
    let now = conversation.turns.at(-1)?.date ?? '';
    const open = (settings?: RecallSettings): Promise<Session> =>
      openSession(stored, `${prefix}${newest}`, () => new Date(now), settings);
    const [plain, recalling] = [await open(), await open(recall)];
    for (const { question, evidence, date } of questions) {
      if (date !== undefined) now = date;
      const ids = evidence.map((id) => `${prefix}${id}`);
      const [before, without] = await timed(() => plain.requests.inspect(question));
      const [after, withRecall] = await timed(() => recalling.requests.inspect(question));
      added.push(after - before);
      const recalled = withRecall.items.filter(({ source, included }) => source === 'recalled' && included);
      shares.push({ window: shareOf(without, ids), longTerm: shareOf(withRecall, ids), recalled });
    }
    for (const prompt of smallTalk) {
      const { items } = await recalling.requests.inspect(prompt);
      talk.asked += 1;
      if (items.some(({ source, included }) => source === 'recalled' && included)) talk.recalled += 1;
    }
    await stored.close();
  }
  const mean = (of: (share: (typeof shares)[number]) => number): number =>
    shares.reduce((sum, share) => sum + of(share), 0) / shares.length;
  const times = added.toSorted((a, b) => a - b);
  return {
    questions: shares.length,
    slidingWindow: mean(({ window }) => window),
    longTerm: mean(({ longTerm }) => longTerm),
    passages: mean(({ recalled }) => recalled.length),
    tokens: mean(({ recalled }) => recalled.reduce((sum, { tokens }) => sum + tokens, 0)),
    added: {
      p50: times[Math.floor(times.length / 2)] ?? 0,
      p95: times[Math.floor(times.length * 0.95)] ?? 0,
    },
    smallTalk: talk,
  };
}

async function openSession(
  { log, memory }: StoredConversations,
  sessionId: string,
  clock: () => Date,
  settings: RecallSettings | undefined,
): Promise<Session> {
  const timeZone = 'UTC';
  const tools = [
    calculatorTool(),
    currentTimeTool({ clock, timeZone }),
    ...memoryTools({ memory, clock, newId: () => '', timeZone }),
  ];
  const failed = (error: unknown): void => {
    throw error;
  };
  const deps = setUpSessions(new ScriptedModel(), {
    log,
    tools,
    settings: {
      maxTokens: promptTokens,
      policy: slidingWindow,
      instructions: [{ source: 'instructions', text: baseInstructions, reason: '' }],
      ...(settings && { recall: settings }),
    },
  });
  const recaller = new Recaller({ memory, log, marks: noRecallMarks, clock, timeZone, failed });
  return new Sessions({ ...deps, recaller }).open(sessionId);
}

async function timed<T>(run: () => Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now();
  const result = await run();
  return [performance.now() - start, result];
}

function shareOf({ items }: Context, evidence: readonly string[]): number {
  const held = new Set(
    items
      .filter(({ included }) => included)
      .flatMap(({ messages, recalled }) =>
        recalled
          ? 'messageId' in recalled
            ? [recalled.messageId]
            : []
          : messages.flatMap(({ id }) => id ?? []),
      ),
  );
  return evidence.filter((id) => held.has(id)).length / evidence.length;
}
