import type { Actions } from './actions';
import { showRecallMarks, type MarksPickOptions } from './marksPick';
import type { CommandEntry } from './register';

export interface RecallCommandOptions extends Pick<MarksPickOptions, 'reveal' | 'describe'> {
  /** Searches as a person types. */
  readonly recall: () => Promise<void>;
}

/** What searches the past, and decides over what is recalled of it. */
export function recallCommands(
  actions: Actions,
  { recall, reveal, describe }: RecallCommandOptions,
): Readonly<Record<string, CommandEntry>> {
  const titles = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await actions.sessions({})).map(({ id, title }) => [id, title]));
  return {
    recall: { scripted: actions.recall, dialog: recall },
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
