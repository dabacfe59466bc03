import * as vscode from 'vscode';
import type { ContextChoice } from '../../protocol/context';
import type { Settings } from './settings';

export function contextChoice({ maxTokens, policy }: Settings): ContextChoice {
  return { maxTokens, ...policy, policies: [...policy.policies] };
}

const keys: Readonly<Record<keyof ContextChoice, string>> = {
  maxTokens: 'context.maxTokens',
  policies: 'context.policies',
  windowTurns: 'context.windowTurns',
  windowMessages: 'context.windowMessages',
  recentTurns: 'context.recentTurns',
};

/** Writes what differs from the settings in force, each where it is set now: in the workspace, else for the user. */
export async function useContextChoice(choice: ContextChoice, inForce: ContextChoice): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('throughline');
  for (const [name, key] of Object.entries(keys) as [keyof ContextChoice, string][]) {
    if (JSON.stringify(choice[name]) === JSON.stringify(inForce[name])) continue;
    const place = configuration.inspect(key);
    const target =
      place?.workspaceFolderValue !== undefined
        ? vscode.ConfigurationTarget.WorkspaceFolder
        : place?.workspaceValue !== undefined
          ? vscode.ConfigurationTarget.Workspace
          : vscode.ConfigurationTarget.Global;
    await configuration.update(key, choice[name], target);
  }
}
