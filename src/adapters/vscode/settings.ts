import * as vscode from 'vscode';
import type { RetentionLimits } from '../../core/retention';
import {
  array,
  boolean,
  enum as zEnum,
  int,
  maximum,
  minimum,
  number,
  safeParse,
  string,
  type ZodMiniType,
} from 'zod/mini';
import { environmentFacts, type EnvironmentFact } from '../../core/environment';
import type { CompactionSettings } from '../../core/memory/compaction';
import type { PolicyChoice } from '../../core/memory/chosenPolicy';
import type { RecallSettings } from '../../core/memory/recaller';
import { memoryStrategies, type MemoryStrategy } from '../../core/memory/memoryStrategy';
import { SettingProblems } from './settingProblems';

export type ModelProvider = 'auto' | 'openai' | 'vscode' | 'builtIn';

export interface Settings {
  readonly provider: ModelProvider;
  /** '' for the provider's own. */
  readonly baseUrl: string;
  /** '' for the provider's own choice. */
  readonly modelName: string;
  readonly stepLimit: number;
  readonly strategy: MemoryStrategy;
  readonly maxTokens: number;
  readonly instructions: string;
  /** Whether the model is told what Throughline is. */
  readonly introduction: boolean;
  /** Whether the workspace's AGENTS.md is sent. */
  readonly agentsFile: boolean;
  readonly environment: readonly EnvironmentFact[];
  readonly policy: PolicyChoice;
  readonly compaction: CompactionSettings;
  /** What each prompt recalls, where the strategy is to. */
  readonly recall: RecallSettings;
  /** Whether the status bar shows the meter. */
  readonly statusBar: boolean;
  readonly retention: RetentionLimits;
  /** Whether secrets are looked for, and masked before they are stored. */
  readonly maskSecrets: boolean;
  readonly embeddings: {
    /** '' for none. */
    readonly model: string;
    /** '' for the chat model's. */
    readonly baseUrl: string;
  };
}

/** A setting whose value does not fit, and what is used instead. */
export interface SettingProblem {
  readonly key: string;
  readonly value: unknown;
  readonly used: unknown;
}

/** Reads the settings as they are now. A value that does not fit falls back to its default and is reported. */
export function readSettings(report: (problem: SettingProblem) => void = () => undefined): Settings {
  const configuration = vscode.workspace.getConfiguration('throughline');
  const read = <T>(key: string, schema: ZodMiniType<T>, fallback: T): T => {
    const value = configuration.get<unknown>(key, fallback);
    const parsed = safeParse(schema, value);
    if (parsed.success) return parsed.data;
    report({ key: `throughline.${key}`, value, used: fallback });
    return fallback;
  };
  return {
    provider: read('model.provider', zEnum(['auto', 'openai', 'vscode', 'builtIn']), 'auto'),
    baseUrl: read('model.baseUrl', string(), '').trim(),
    modelName: read('model.name', string(), '').trim(),
    stepLimit: read('model.stepLimit', int().check(minimum(1), maximum(100)), 16),
    strategy: read('memory.strategy', zEnum(memoryStrategies), 'workspace'),
    maxTokens: read('context.maxTokens', int().check(minimum(256)), 16_000),
    statusBar: read('statusBar', boolean(), true),
    maskSecrets: read('secrets.mask', boolean(), true),
    retention: {
      days: read('retention.days', int().check(minimum(0)), 0),
      megabytes: read('retention.megabytes', int().check(minimum(0)), 0),
    },
    embeddings: {
      model: read('embeddings.model', string(), '').trim(),
      baseUrl: read('embeddings.baseUrl', string(), '').trim(),
    },
    instructions: read('context.instructions', string(), ''),
    introduction: read('context.introduction', boolean(), true),
    agentsFile: read('context.agentsFile', boolean(), true),
    environment: read(
      'context.environment',
      array(zEnum(['workspace', 'platform', 'timeZone', 'language'])),
      [...environmentFacts],
    ),
    policy: {
      policies: read(
        'context.policies',
        array(zEnum(['slidingWindow', 'selectiveRetention', 'tokenBudget'])),
        ['tokenBudget'],
      ),
      windowTurns: read('context.windowTurns', int().check(minimum(0)), 20),
      windowMessages: read('context.windowMessages', int().check(minimum(0)), 0),
      recentTurns: read('context.recentTurns', int().check(minimum(1)), 6),
    },
    recall: {
      limit: read('recall.limit', int().check(minimum(1), maximum(100)), 20),
      maxTokens: read('recall.maxTokens', int().check(minimum(50)), 2_000),
      deadlineMs: read('recall.deadlineMs', int().check(minimum(20), maximum(60_000)), 400),
    },
    compaction: {
      automatic: read('compaction.automatic', boolean(), true),
      threshold: read('compaction.threshold', number().check(minimum(0.5), maximum(0.95)), 0.8),
    },
  };
}

/** Reads them at each call; the user is told what cannot be used, and what is used instead. */
export function settingsReader(log: (message: string) => void): () => Settings {
  const problems = new SettingProblems({ log, tell: (message, key) => void warnOf(message, key) });
  return () => readSettings(problems.report);
}

async function warnOf(message: string, key: string): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(message, 'Open Setting');
  if (chosen) await vscode.commands.executeCommand('workbench.action.openSettings', key);
}

export function onSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('throughline')) listener();
  });
}
