import type { FactActions } from './factActions';
import { FactDialogs, type FactDialogDependencies } from './factDialogs';
import type { CommandEntry } from './register';

/** Remembering, and what is remembered. */
export function factCommands(
  actions: FactActions,
  dependencies: Omit<FactDialogDependencies, 'actions'>,
): Readonly<Record<string, CommandEntry>> {
  const dialogs = new FactDialogs({ ...dependencies, actions });
  return {
    remember: { scripted: actions.remember, dialog: () => dialogs.remember() },
    facts: { scripted: actions.facts, dialog: () => dialogs.facts() },
    editFact: { scripted: actions.editFact },
    restoreFact: { scripted: actions.restoreFact },
    separateFact: { scripted: actions.separateFact },
    forgetFact: { scripted: actions.forgetFact },
  };
}
