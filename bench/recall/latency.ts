import type { Figures } from '../figures';
import type { MakeBaseline } from './baselines';
import { scoredQuestions, type LabelledConversation } from './data';
import { store } from './stored';

export const storedMessages = 100_000;
const limit = 10;
const warmUp = 10;
const most = 200;

export const ours = `recall, ${storedMessages} messages`;
export const theirs = `MiniSearch, ${storedMessages} messages`;

/** The conversations, as often as it takes to have so many messages, each time under other ids. */
function repeated(conversations: readonly LabelledConversation[]): readonly LabelledConversation[] {
  const result: LabelledConversation[] = [];
  let messages = 0;
  for (let round = 0; messages < storedMessages; round += 1) {
    for (const conversation of conversations) {
      const turns = conversation.turns.slice(0, storedMessages - messages);
      if (turns.length > 0) result.push({ ...conversation, id: `${round}.${conversation.id}`, turns });
      messages += turns.length;
    }
  }
  return result;
}

/** The data's own questions, asked of a store of many messages, turn and turn about. In milliseconds. */
export async function measureLatency(
  conversations: readonly LabelledConversation[],
  miniSearch: MakeBaseline | undefined,
  figures: Figures,
): Promise<void> {
  const many = repeated(conversations);
  const stored = await store(many, ({ id }, index) => `${index}.${id}/`);
  const index = miniSearch?.(many.flatMap(({ turns }) => turns));
  const questions = conversations.flatMap(scoredQuestions).slice(0, most);
  for (const question of questions.slice(0, warmUp)) {
    await stored.find(question, limit);
    index?.search(question.question, limit);
  }
  for (const question of questions) {
    await figures.timed(ours, () => stored.find(question, limit));
    if (index) await figures.timed(theirs, () => Promise.resolve(index.search(question.question, limit)));
  }
  await stored.close();
}
