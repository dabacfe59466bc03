import type { ContextPanel } from '../contextPanel';
import type { Actions } from './actions';
import type { Dialogs } from './dialogs';
import type { CommandEntry } from './register';

export interface ContextPlaces {
  readonly panel: ContextPanel;
  /** What is being typed in the chat. */
  readonly draft: () => string;
}

/** What shows and decides the content of requests. */
export function contextCommands(
  actions: Actions,
  dialogs: Dialogs,
  { panel, draft }: ContextPlaces,
): Readonly<Record<string, CommandEntry>> {
  const open = (target: Parameters<ContextPanel['open']>[0]): Promise<void> => {
    panel.open(target);
    return Promise.resolve();
  };
  return {
    inspectContext: {
      scripted: actions.inspectContext,
      dialog: () => open({ tab: 'next', prompt: draft() }),
    },
    showSentContext: {
      scripted: actions.showSentContext,
      dialog: async (turnId) => {
        if (turnId === undefined) await open({ tab: 'past' });
        else await actions.showSentContext({ turnId });
      },
    },
    reviewSummaries: { dialog: () => open({ tab: 'summaries' }) },
    sentContext: { scripted: actions.sentContext },
    pinTurn: { scripted: actions.pinTurn, dialog: (turnId) => dialogs.pinTurn(true, turnId) },
    unpinTurn: { scripted: actions.unpinTurn, dialog: (turnId) => dialogs.pinTurn(false, turnId) },
    summaries: { scripted: actions.summaries },
    changeSummary: { scripted: actions.changeSummary },
  };
}
