import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import type { ChatModel } from '../../src/core/chatModel';
import { reasonOf } from '../../src/core/errors';
import type { HistoryLog } from '../../src/core/historyLog';
import type { Compactor } from '../../src/core/memory/compactor';
import type { Recaller } from '../../src/core/memory/recaller';
import { templateCompactor } from '../../src/core/memory/templateCompactor';
import { tokenBudget } from '../../src/core/memory/tokenBudget';
import type { SessionDependencies, SessionSettings } from '../../src/core/sessionDependencies';
import { Sessions } from '../../src/core/sessions';
import { estimatingTokenCounter } from '../../src/core/tokenCounter';
import { defineTool, type Tool } from '../../src/core/tools/tool';
import { Masking } from '../../src/core/secrets/masking';
import { noSecretMasker, type SecretMasker } from '../../src/core/secrets/secretMasker';
import { ToolRegistry } from '../../src/core/tools/toolRegistry';
import { object, string } from 'zod/mini';

export const echoTool: Tool = defineTool({
  name: 'echo',
  description: 'Says it again',
  schema: object({ text: string() }),
  run: ({ text }) => `echo: ${text}`,
});

/** Nothing counts as a secret. */
export const noMasking = new Masking(noSecretMasker);

/** Each id counts up, so that a test can tell them. */
export function countingIds(prefix = 'id'): () => string {
  let count = 0;
  return () => `${prefix}-${(count += 1)}`;
}

export interface SessionSetup {
  readonly log?: HistoryLog;
  readonly recaller?: Recaller;
  readonly tools?: readonly Tool[];
  readonly settings?: Partial<SessionSettings>;
  readonly settingsRead?: () => Promise<void>;
  readonly compactor?: Compactor;
  readonly newId?: () => string;
  readonly masker?: SecretMasker;
  readonly owner?: string;
  readonly describe?: SessionDependencies['describe'];
}

/** Sessions on a real in-memory log with the real loop and context builder; only the model is a script. */
export function setUpSessions(
  model: ChatModel,
  setup: SessionSetup = {},
): SessionDependencies & { sessions: Sessions } {
  const settings: SessionSettings = {
    maxTokens: 8_000,
    stepLimit: 8,
    instructions: [{ source: 'instructions', text: 'Be brief.', reason: 'Test' }],
    policy: tokenBudget,
    counter: estimatingTokenCounter(),
    compaction: { automatic: false, threshold: 0.8 },
    maxPromptLength: 50_000,
    ...setup.settings,
  };
  const deps: SessionDependencies = {
    log: setup.log ?? new MemoryHistoryLog(),
    ...(setup.recaller && { recaller: setup.recaller }),
    masking: new Masking(setup.masker ?? noSecretMasker),
    tools: new ToolRegistry(setup.tools ?? [echoTool], { trusted: () => true }),
    model: () => Promise.resolve(model),
    compactor: () => Promise.resolve(setup.compactor ?? templateCompactor),
    settings: () => settings,
    ...(setup.settingsRead && { settingsRead: setup.settingsRead }),
    clock: () => new Date(),
    newId: setup.newId ?? countingIds(),
    owner: setup.owner ?? 'window-1',
    describe:
      setup.describe ?? ((error) => ({ reason: reasonOf(error), message: `Sorry: ${reasonOf(error)}` })),
  };
  return { ...deps, sessions: new Sessions(deps) };
}
