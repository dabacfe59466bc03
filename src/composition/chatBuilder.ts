import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ModelInUse } from '../adapters/models/modelInUse';
import type { ModelTokens } from '../adapters/tokens/modelTokens';
import type { AgentsFile } from '../adapters/vscode/agentsFile';
import type { Chat } from '../adapters/vscode/chat';
import { sessionSettings } from '../adapters/vscode/sessionSettings';
import type { Settings } from '../adapters/vscode/settings';
import { workspaceName } from '../adapters/vscode/workspacePlace';
import { ForgettingUnfinished } from '../core/forgetting/forgettingUnfinished';
import { unfinishedTurns } from '../core/forgetting/unfinishedTurns';
import { Facts } from '../core/memory/facts';
import { isStored, type MemoryStrategy } from '../core/memory/memoryStrategy';
import { ModelCompactor } from '../core/memory/modelCompactor';
import { Recaller } from '../core/memory/recaller';
import { templateCompactor } from '../core/memory/templateCompactor';
import { unmuted } from '../core/memory/unmuted';
import type { TurnError } from '../core/message';
import type { SessionDependencies } from '../core/sessionDependencies';
import { Sessions } from '../core/sessions';
import { calculatorTool } from '../core/tools/calculator';
import { currentTimeTool } from '../core/tools/currentTime';
import { memoryTools } from '../core/tools/memoryTools';
import { ToolRegistry } from '../core/tools/toolRegistry';
import type { Masking } from '../core/secrets/masking';
import { MaskingHistoryLog } from '../core/secrets/maskingHistoryLog';
import { MaskingLongTermMemory } from '../core/secrets/maskingLongTermMemory';
import type { UnfinishedKeeper } from '../core/unfinished';
import type { ChatParts } from './chatParts';

export interface ChatBuilderOptions {
  readonly settings: () => Settings;
  readonly agentsFile: AgentsFile;
  readonly models: ModelInUse;
  readonly builtInId: string;
  readonly tokens: ModelTokens;
  readonly unfinished: UnfinishedKeeper;
  readonly masking: Masking;
  readonly clock: () => Date;
  readonly owner: string;
  readonly describe: (error: unknown) => TurnError;
  /** Prompts go without what they would recall. Told once, until it works again. */
  readonly recallFailed: (error: unknown) => void;
}

/** A part of the composition root: what a chat is made of, whichever strategy keeps its history. */
export function chatBuilder(options: ChatBuilderOptions) {
  const {
    settings,
    agentsFile,
    models,
    builtInId,
    tokens,
    unfinished,
    masking,
    clock,
    owner,
    describe,
    recallFailed,
  } = options;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (strategy: MemoryStrategy, parts: ChatParts): Chat => {
    const { marks, file } = parts;
    const log = new MaskingHistoryLog(parts.log, masking);
    const memory = new MaskingLongTermMemory(parts.memory, masking);
    const stored = isStored(strategy);
    const memoryOptions = { memory: unmuted(memory, marks), clock, newId: randomUUID, timeZone };
    const tools = [
      calculatorTool(),
      currentTimeTool({ clock, timeZone }),
      ...(strategy === 'none' ? [] : memoryTools(memoryOptions)),
    ];
    const dependencies: SessionDependencies = {
      log,
      recaller: new Recaller({ memory, log, marks, clock, timeZone, failed: recallFailed }),
      masking,
      tools: new ToolRegistry(tools, { trusted: () => vscode.workspace.isTrusted }),
      model: () => models.model(),
      onUsage: ({ id }, request, usage) => {
        if (id !== builtInId) tokens.calibration.observe(id, request, usage);
      },
      compactor: async () => {
        const model = await models.model();
        if (model.id === builtInId) return templateCompactor;
        const { tokens: maxTokens } = models.contextWindow(settings().maxTokens);
        return new ModelCompactor({ model, counter: tokens.counter, maxTokens });
      },
      settings: sessionSettings(strategy, {
        settings,
        agentsFile,
        workspaceName,
        costs: () => tokens.costsOf(models.id),
        contextWindow: (setting) => models.contextWindow(setting).tokens,
      }),
      settingsRead: () => (settings().agentsFile ? agentsFile.refresh() : Promise.resolve()),
      clock,
      newId: randomUUID,
      owner,
      describe,
    };
    const sessions = new Sessions(dependencies, stored ? unfinished : undefined);
    const facts = new Facts(memoryOptions);
    const forgetting = new ForgettingUnfinished({
      ...{ log, memory, forgetting: parts.forgetting },
      unfinished: unfinishedTurns(sessions, stored ? unfinished : undefined),
    });
    return { stored, marks, forgetting, log, memory, facts, file, sessions };
  };
}
