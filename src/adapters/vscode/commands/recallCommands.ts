import type { CurrentChat } from '../chat';
import type { Actions } from './actions';
import { showRecallMarks, type MarksPickOptions } from './marksPick';
import { showRecallPick } from './recallPick';
import type { CommandEntry } from './register';

export interface RecallCommandOptions extends Pick<MarksPickOptions, 'reveal' | 'describe'> {
  readonly chat: CurrentChat;
}

/** What searches the past, and decides over what is recalled of it. */
export function recallCommands(
  actions: Actions,
  { chat, reveal, describe }: RecallCommandOptions,
): Readonly<Record<string, CommandEntry>> {
  const titles = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await actions.sessions({})).map(({ id, title }) => [id, title]));
  return {
    recall: {
      scripted: actions.recall,
      dialog: () =>
        showRecallPick({
          search: (query) => actions.recall({ query, limit: 30 }),
          titles,
          marksOf: async (targets) => (await chat.get()).marks.marksOf(targets),
          reveal,
          describe,
        }),
    },
    markRecall: { scripted: actions.markRecall },
    recallMarks: {
      scripted: actions.recallMarks,
      dialog: () =>
        showRecallMarks({
          list: (page) => actions.recallMarks(page),
          titles,
          mark: async (target, mark): Promise<void> => {
            await actions.markRecall({ ...target, mark: mark ?? null });
          },
          reveal,
          describe,
        }),
    },
    showTurn: { scripted: actions.showTurn },
    receipt: { scripted: actions.receipt },
  };
}
