import * as vscode from 'vscode';
import type { Chat } from './chat';
import { tellUnsaved } from './tellOutage';

/**
 * After a switch away from a history in memory: asks whether to save it, where the new one is stored. It is kept until
 * the question is answered, and gone if it is not saved, as it was chosen to be. A history that is stored is left once all
 * of it is written: it goes on trying.
 */
export async function offerToSave(before: Chat, now: Chat): Promise<void> {
  await before.sessions.settled();
  if (!before.stored && now.stored) {
    const active = (await before.sessions.active()).id;
    const dump = await before.log.dump();
    const turns = dump.sessions.reduce((total, session) => total + session.turns.length, 0);
    if (turns + dump.facts.length > 0 && (await wanted(turns, dump.facts.length))) {
      await now.log.load(dump, 'skip');
      await now.sessions.refresh();
      if (dump.sessions.some(({ id }) => id === active)) await now.sessions.activate(active);
    }
  }
  if (before.sessions.unsaved > 0) {
    void tellUnsaved(before.sessions.unsaved);
    await before.sessions.saved();
  }
  await before.sessions.dispose();
  await before.log.close();
}

async function wanted(turns: number, facts: number): Promise<boolean> {
  const answer = await vscode.window.showInformationMessage(
    `Conversations are stored from now on. Save the ones of this window so far (${turns} turns, ${facts} facts) too? Otherwise they are gone.`,
    'Save',
    'Discard',
  );
  return answer === 'Save';
}
