import * as vscode from 'vscode';
import { baseInstructions } from '../../core/instructions';
import type { RetentionLimits } from '../../core/retention';
import type { SessionSettings } from '../../core/session';
import { maxPromptLength } from '../../protocol/chat';
import { enum as zEnum, int, maximum, minimum, safeParse, string, type ZodMiniType } from 'zod/mini';

export type ModelProvider = 'auto' | 'openai' | 'vscode' | 'builtIn';
export type MemoryStrategy = 'none' | 'session' | 'workspace';

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
  readonly retention: RetentionLimits;
}

/** A setting whose value does not fit, and what is used instead. */
export interface SettingProblem {
  readonly key: string;
  readonly used: unknown;
}

/** Reads the settings as they are now. A value that does not fit falls back to its default and is reported. */
export function readSettings(report: (problem: SettingProblem) => void = () => undefined): Settings {
  const configuration = vscode.workspace.getConfiguration('throughline');
  const read = <T>(key: string, schema: ZodMiniType<T>, fallback: T): T => {
    const parsed = safeParse(schema, configuration.get<unknown>(key, fallback));
    if (parsed.success) return parsed.data;
    report({ key: `throughline.${key}`, used: fallback });
    return fallback;
  };
  return {
    provider: read('model.provider', zEnum(['auto', 'openai', 'vscode', 'builtIn']), 'auto'),
    baseUrl: read('model.baseUrl', string(), '').trim(),
    modelName: read('model.name', string(), '').trim(),
    stepLimit: read('model.stepLimit', int().check(minimum(1), maximum(100)), 16),
    strategy: read('memory.strategy', zEnum(['none', 'session', 'workspace']), 'workspace'),
    maxTokens: read('context.maxTokens', int().check(minimum(256)), 16_000),
    retention: {
      days: read('retention.days', int().check(minimum(0)), 0),
      megabytes: read('retention.megabytes', int().check(minimum(0)), 0),
    },
    instructions: read('context.instructions', string(), ''),
  };
}

export function onSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('throughline')) listener();
  });
}

/** What a session goes by. */
export function sessionSettings({ maxTokens, stepLimit, instructions }: Settings): SessionSettings {
  const own = { text: instructions, reason: 'Setting "throughline.context.instructions"' };
  const base = { text: baseInstructions, reason: 'What Throughline is' };
  return {
    maxTokens,
    stepLimit,
    maxPromptLength,
    instructions: own.text.trim() === '' ? [base] : [base, own],
  };
}
