import * as vscode from 'vscode';
import type { Instruction } from '../../core/context/context';
import { environmentInstructions } from '../../core/environment';
import { baseInstructions } from '../../core/instructions';
import { chosenPolicy, type PolicyChoice } from '../../core/memory/chosenPolicy';
import type { MemoryPolicy } from '../../core/memory/memoryPolicy';
import { noMemory } from '../../core/memory/noMemory';
import type { SessionSettings } from '../../core/session';
import type { TokenCounter } from '../../core/tokenCounter';
import { maxPromptLength } from '../../protocol/chat';
import type { AgentsFile } from './agentsFile';
import type { MemoryStrategy, Settings } from './settings';

export interface SessionSettingsOptions {
  readonly settings: () => Settings;
  readonly agentsFile: AgentsFile;
  readonly workspaceName: () => string;
  readonly counter: () => TokenCounter;
}

/** What sessions need to know of the settings, as they are now. */
export function sessionSettings(
  strategy: MemoryStrategy,
  { settings, agentsFile, workspaceName, counter }: SessionSettingsOptions,
): () => SessionSettings {
  const policyOf = rememberingLast(chosenPolicy);
  return () => {
    const now = settings();
    return {
      maxTokens: now.maxTokens,
      stepLimit: now.stepLimit,
      maxPromptLength,
      counter: counter(),
      policy: strategy === 'none' ? noMemory : policyOf(now.policy),
      compaction: { ...now.compaction, automatic: now.compaction.automatic && strategy !== 'none' },
      instructions: [
        { source: 'instructions', text: baseInstructions, reason: 'What Throughline is' },
        ...environmentInstructions(
          {
            workspace: workspaceName(),
            platform: process.platform,
            timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            language: vscode.env.language,
          },
          now.environment,
        ),
        ...(now.agentsFile ? agentsFile.instructions : []),
        ...ownInstructions(now.instructions),
      ],
    };
  };
}

function ownInstructions(text: string): readonly Instruction[] {
  if (text.trim() === '') return [];
  return [{ source: 'instructions', text, reason: 'Setting "throughline.context.instructions"' }];
}

/** The same choice gives the same object: a session tells by it that nothing has changed. */
function rememberingLast(
  make: (choice: PolicyChoice) => MemoryPolicy,
): (choice: PolicyChoice) => MemoryPolicy {
  let last: { readonly key: string; readonly policy: MemoryPolicy } | undefined;
  return (choice) => {
    const key = JSON.stringify(choice);
    if (last?.key !== key) last = { key, policy: make(choice) };
    return last.policy;
  };
}
