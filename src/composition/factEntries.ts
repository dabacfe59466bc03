import type { CurrentChat } from '../adapters/vscode/chat';
import { createFactActions } from '../adapters/vscode/commands/factActions';
import { factCommands } from '../adapters/vscode/commands/factCommands';
import type { FactDialogDependencies } from '../adapters/vscode/commands/factDialogs';
import type { CommandEntry } from '../adapters/vscode/commands/register';

/** A part of the composition root: the commands about the facts of the chat in force. */
export function factEntries(
  chat: CurrentChat,
  reveal: FactDialogDependencies['reveal'],
): Readonly<Record<string, CommandEntry>> {
  return factCommands(createFactActions({ facts: async () => (await chat.get()).facts }), { reveal });
}
