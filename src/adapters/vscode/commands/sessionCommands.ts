import type { Actions } from './actions';
import type { Dialogs } from './dialogs';
import type { CommandEntry } from './register';

/** What is done to sessions and what they remember. */
export function sessionCommands(actions: Actions, dialogs: Dialogs): Readonly<Record<string, CommandEntry>> {
  return {
    ask: { scripted: actions.ask, dialog: () => dialogs.ask() },
    stop: { scripted: actions.stop, dialog: () => actions.stop({}) },
    newSession: { scripted: actions.newSession, dialog: () => dialogs.newSession() },
    sessions: { scripted: actions.sessions },
    switchSession: { scripted: actions.switchSession, dialog: () => dialogs.switchSession() },
    renameSession: { scripted: actions.renameSession, dialog: () => dialogs.renameSession() },
    deleteSession: { scripted: actions.deleteSession, dialog: () => dialogs.deleteSession() },
    deleteTurn: { scripted: actions.deleteTurn, dialog: (turnId) => dialogs.deleteTurn(turnId) },
    history: { scripted: actions.history },
    clearMemory: { scripted: actions.clearMemory, dialog: () => dialogs.clearMemory() },
    trimMemory: { scripted: actions.trimMemory, dialog: () => dialogs.trimMemory() },
    undoTrim: { scripted: actions.undoTrim, dialog: () => dialogs.undoTrim() },
    exportMemory: { scripted: actions.exportMemory, dialog: () => dialogs.exportMemory() },
    importMemory: { scripted: actions.importMemory, dialog: () => dialogs.importMemory() },
    setApiKey: { scripted: actions.setApiKey, dialog: () => dialogs.setApiKey() },
  };
}
