import * as vscode from 'vscode';
import type { Fact, FactVersion } from '../../../core/memory/fact';
import { maxFactLength } from '../../../core/memory/facts';
import type { ListedFact } from '../../../core/memory/longTermMemory';
import { plainLabel, plainText } from '../plainText';
import type { FactActions } from './factActions';

export interface FactDialogDependencies {
  readonly actions: FactActions;
  /** Shows the turn in its session. */
  readonly reveal: (source: { readonly sessionId: string; readonly turnId: string }) => Promise<void>;
}

/** In a list; the command's `filter` finds the rest. */
const mostShown = 1000;

/** The facts as a person reaches them from the command palette. */
export class FactDialogs {
  readonly #actions: FactActions;
  readonly #reveal: FactDialogDependencies['reveal'];

  constructor({ actions, reveal }: FactDialogDependencies) {
    this.#actions = actions;
    this.#reveal = reveal;
  }

  async remember(): Promise<void> {
    const text = await this.#ask('Remember a fact', '', 'For example: The staging port is 8080');
    if (text === undefined) return;
    const { outcome, fact, replaced } = await this.#actions.remember({ text });
    if (outcome === 'known') {
      void vscode.window.showInformationMessage(plainText(`This is remembered already: “${fact.text}”`));
    } else if (!replaced) void vscode.window.showInformationMessage('Remembered.');
    else void this.#tellReplaced(fact, replaced);
  }

  async #tellReplaced(fact: Fact, replaced: FactVersion): Promise<void> {
    const [both, undo] = ['Keep Both', 'Undo'];
    const answer = await vscode.window.showInformationMessage(
      plainText(`Remembered, in place of “${replaced.text}”, which is kept as its history.`),
      both,
      undo,
    );
    if (answer === both) await this.#actions.separateFact({ factId: fact.id });
    if (answer === undo) await this.#actions.restoreFact({ factId: fact.id });
  }

  /** Picking a fact shows what can be done with it; after that the list shows again, until it is left. */
  async facts(): Promise<void> {
    for (;;) {
      const facts = await this.#actions.facts({ limit: mostShown, history: true });
      const picked = await vscode.window.showQuickPick([...facts.map(itemOf), ...addItems(facts.length)], {
        title: 'Remembered facts',
        placeHolder:
          facts.length === 0
            ? 'Nothing is remembered yet'
            : 'Pick a fact to change, forget or see where it comes from',
        matchOnDetail: true,
      });
      if (!picked) return;
      if (!picked.fact) await this.remember();
      else if ((await this.#change(picked.fact)) === 'left') return;
    }
  }

  async #change(fact: ListedFact): Promise<'left' | 'stay'> {
    const picked = await vscode.window.showQuickPick(choicesFor(fact), {
      title: 'Remembered fact',
      placeHolder: plainLabel(fact.text),
    });
    switch (picked?.choice) {
      case undefined:
        return 'stay';
      case 'edit': {
        const text = await this.#ask('Change the fact', fact.text, 'The earlier text is kept as history');
        if (text !== undefined) await this.#actions.editFact({ factId: fact.id, text });
        return 'stay';
      }
      case 'history':
        await this.#history(fact);
        return 'stay';
      case 'separate':
        await this.#actions.separateFact({ factId: fact.id });
        return 'stay';
      case 'source':
        if (fact.source) await this.#reveal(fact.source);
        return 'left';
      case 'forget':
        await this.#forget(fact);
        return 'stay';
    }
  }

  async #history(fact: ListedFact): Promise<void> {
    const items = (fact.history ?? []).map((version) => ({
      label: plainLabel(version.text),
      detail: `Since ${shownDate(version.createdAt)}`,
      version,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: `What it said before “${plainLabel(fact.text)}”`,
      placeHolder: 'Pick a text to restore it; the present one becomes history',
    });
    if (picked) {
      await this.#actions.restoreFact({ factId: fact.id, createdAt: picked.version.createdAt });
    }
  }

  async #forget(fact: ListedFact): Promise<void> {
    const answer = await vscode.window.showWarningMessage(
      `Forget “${fact.text}” for good?`,
      {
        modal: true,
        detail: `The fact${fact.history ? ' and all that it said before' : ''} will be removed from this machine's history. What was said in conversations stays. This cannot be undone.`,
      },
      'Forget',
    );
    if (answer === 'Forget') await this.#actions.forgetFact({ factId: fact.id, confirm: true });
  }

  async #ask(title: string, value: string, placeHolder: string): Promise<string | undefined> {
    const text = await vscode.window.showInputBox({
      title,
      value,
      placeHolder,
      ignoreFocusOut: true,
      validateInput: (given) =>
        given.trim().length > maxFactLength ? `At most ${maxFactLength} characters.` : undefined,
    });
    return text === undefined || text.trim() === '' ? undefined : text;
  }
}

interface FactItem extends vscode.QuickPickItem {
  readonly fact?: ListedFact;
}

function addItems(known: number): readonly FactItem[] {
  const add: FactItem = { label: '$(add) Remember a fact…', alwaysShow: true };
  return known === 0 ? [add] : [{ label: '', kind: vscode.QuickPickItemKind.Separator }, add];
}

function itemOf(fact: ListedFact): FactItem {
  const source = fact.sourceDeleted ? ' · its turn was deleted' : fact.source ? '' : ' · by hand';
  const count = fact.history?.length ?? 0;
  const earlier = count === 0 ? '' : ` · ${count} earlier text${count === 1 ? '' : 's'}`;
  return { label: plainLabel(fact.text), detail: `${shownDate(fact.createdAt)}${source}${earlier}`, fact };
}

type Choice = 'edit' | 'history' | 'separate' | 'source' | 'forget';

function choicesFor({ history, source, sourceDeleted }: ListedFact) {
  const choice = (label: string, value: Choice, detail?: string) => ({
    label,
    choice: value,
    ...(detail !== undefined && { detail }),
  });
  return [
    choice('$(edit) Change…', 'edit'),
    ...(history
      ? [
          choice('$(history) What it said before…', 'history'),
          choice(
            '$(split-horizontal) Keep the last two texts as two facts',
            'separate',
            plainLabel(history[0]?.text ?? ''),
          ),
        ]
      : []),
    ...(source && !sourceDeleted
      ? [choice('$(comment-discussion) Show the turn it comes from', 'source')]
      : []),
    choice('$(trash) Forget…', 'forget'),
  ];
}

function shownDate(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? plainLabel(iso)
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
