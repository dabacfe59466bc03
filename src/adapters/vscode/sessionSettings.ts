import * as vscode from 'vscode';
import type { Instruction } from '../../core/context/context';
import { environmentInstructions } from '../../core/environment';
import { baseInstructions } from '../../core/instructions';
import { chosenPolicy, type PolicyChoice } from '../../core/memory/chosenPolicy';
import { isStored, type MemoryStrategy } from '../../core/memory/memoryStrategy';
import type { MemoryPolicy } from '../../core/memory/memoryPolicy';
import { noMemory } from '../../core/memory/noMemory';
import type { SessionSettings } from '../../core/sessionDependencies';
import { maxPromptLength } from '../../protocol/chat';
import type { AgentsFile } from './agentsFile';
import type { Settings } from './settings';

export interface SessionSettingsOptions {
  readonly settings: () => Settings;
  readonly agentsFile: AgentsFile;
  readonly workspaceName: () => string;
  /** Of the model in use. */
  readonly costs: () => Required<Pick<SessionSettings, 'counter' | 'margin' | 'estimate'>>;
  /** What it takes at most, of so many tokens that the user allows. */
  readonly contextWindow: (setting: number) => number;
}

/** What sessions need to know of the settings, as they are now. */
export function sessionSettings(
  strategy: MemoryStrategy,
  { settings, agentsFile, workspaceName, costs, contextWindow }: SessionSettingsOptions,
): () => SessionSettings {
  const policyOf = rememberingLast(chosenPolicy);
  return () => {
    const now = settings();
    return {
      maxTokens: contextWindow(now.maxTokens),
      stepLimit: now.stepLimit,
      maxPromptLength,
      ...costs(),
      policy: strategy === 'none' ? noMemory : policyOf(now.policy),
      compaction: { ...now.compaction, automatic: now.compaction.automatic && strategy !== 'none' },
      ...(isStored(strategy) && now.strategy === 'longTerm' && { recall: now.recall }),
      instructions: [
        ...(now.introduction ? [whatItIs] : []),
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

const whatItIs: Instruction = {
  source: 'instructions',
  text: baseInstructions,
  reason: 'What Throughline is: setting "throughline.context.introduction"',
};

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
