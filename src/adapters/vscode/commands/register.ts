import * as vscode from 'vscode';
import { isAbort } from '../../../core/errors';
import { plainText } from '../plainText';
import { CommandError } from './commandError';

export interface CommandEntry {
  /** With an argument: asks nothing, returns JSON. */
  readonly scripted?: (argument: never) => Promise<unknown>;
  /** Without: asks the person. From the view's context menu: about the turn that was clicked on. */
  readonly dialog?: (turnId?: string) => Promise<unknown>;
}

export type Describe = (error: unknown) => { readonly reason: string; readonly message: string };

/** Registers `throughline.<name>` for each entry. */
export function registerCommands(
  entries: Readonly<Record<string, CommandEntry>>,
  describe: Describe,
): vscode.Disposable {
  const commands = Object.entries(entries).map(([name, { scripted, dialog }]) =>
    vscode.commands.registerCommand(`throughline.${name}`, async (argument: unknown) => {
      const isMenu = isContextMenu(argument);
      if (scripted && ((isPlainObject(argument) && !isMenu) || !dialog)) {
        return runScripted(scripted as (argument: unknown) => Promise<unknown>, argument, describe);
      }
      await runDialog(() => dialog?.(isMenu ? argument.turnId : undefined), describe);
      return undefined;
    }),
  );
  return vscode.Disposable.from(...commands);
}

async function runScripted(
  action: (argument: unknown) => Promise<unknown>,
  argument: unknown,
  describe: Describe,
): Promise<unknown> {
  try {
    return await action(argument);
  } catch (error) {
    throw new CommandError(describe(error), error);
  }
}

async function runDialog(dialog: () => Promise<unknown> | undefined, describe: Describe): Promise<void> {
  try {
    await dialog();
  } catch (error) {
    if (!isAbort(error)) void vscode.window.showErrorMessage(plainText(describe(error).message));
  }
}

/** Menus may pass a Uri or a view; a script passes an object literal. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What VS Code makes of the view's `data-vscode-context`. */
function isContextMenu(value: unknown): value is { readonly turnId?: string } {
  if (typeof value !== 'object' || value === null || !('webviewSection' in value)) return false;
  return !('turnId' in value) || typeof value.turnId === 'string';
}
