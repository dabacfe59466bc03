import type { MakeBaseline } from './baselines';
import { scoredQuestions, type LabelledConversation, type LabelledQuestion } from './data';
import { mean, qualityOf, type Found, type Quality } from './metrics';
import { store } from './stored';

/** Enough to fill 2,000 tokens with short messages. */
const depth = 100;

export interface Scores {
  readonly questions: number;
  readonly all: Quality;
  /** Of the questions whose evidence is the assistant's alone; undefined where there are none. */
  readonly assistant: Quality | undefined;
}

export type Searching = (
  conversations: readonly LabelledConversation[],
) => Promise<{ find: (question: LabelledQuestion) => Promise<readonly Found[]>; close: () => Promise<void> }>;

/** Ids of a pooled run begin with their conversation. */
export const prefixOf = ({ id }: LabelledConversation): string => `${id}/`;

export const throughline: Searching = async (conversations) => {
  const stored = await store(conversations, prefixOf);
  return { find: (question) => stored.find(question, depth), close: () => stored.close() };
};

export function baseline(make: MakeBaseline): Searching {
  return (conversations) => {
    const turns = conversations.flatMap((conversation) =>
      conversation.turns.map((turn) => ({ ...turn, id: `${prefixOf(conversation)}${turn.id}` })),
    );
    const index = make(turns);
    return Promise.resolve({
      find: ({ question }) => Promise.resolve(index.search(question, depth)),
      close: () => Promise.resolve(),
    });
  };
}

/** Each question searches its own conversation, or all of them. */
export async function score(
  conversations: readonly LabelledConversation[],
  searching: Searching,
  pooled: boolean,
): Promise<Scores> {
  const all: Quality[] = [];
  const assistant: Quality[] = [];
  for (const group of pooled ? [conversations] : conversations.map((one) => [one])) {
    if (group.every((conversation) => scoredQuestions(conversation).length === 0)) continue;
    const search = await searching(group);
    for (const conversation of group) {
      const speakers = new Map(conversation.turns.map(({ id, speaker }) => [id, speaker]));
      for (const question of scoredQuestions(conversation)) {
        const evidence = question.evidence.map((id) => `${prefixOf(conversation)}${id}`);
        const quality = qualityOf(await search.find(question), evidence);
        all.push(quality);
        if (question.evidence.every((id) => speakers.get(id) === 'assistant')) assistant.push(quality);
      }
    }
    await search.close();
  }
  return {
    questions: all.length,
    all: mean(all),
    assistant: assistant.length > 0 ? mean(assistant) : undefined,
  };
}
