import assert from 'node:assert/strict';
import { ContextView } from '../../src/adapters/vscode/contextView';
import { reasonOf } from '../../src/core/errors';
import { undoSummary } from '../../src/core/memory/undoSummary';
import { estimatingTokenCounter } from '../../src/core/tokenCounter';
import type { ContextChoice, ContextHostMessage, ContextLook } from '../../src/protocol/context';
import { plainSources } from './receiptSources';
import type { ScriptedModel } from './scriptedModel';
import { setUpSessions, type SessionSetup } from './sessionSetup';

export const contextInForce: ContextChoice = {
  maxTokens: 8_000,
  policies: ['tokenBudget'],
  windowTurns: 20,
  windowMessages: 0,
  recentTurns: 6,
};
const firstLook: ContextLook = { type: 'look', n: 1, tab: 'next', prompt: 'And now?', listed: 50, open: [] };

/** The host's side of the Context panel on sessions in memory, with the test in the view's place. */
export function openContextView(model: ScriptedModel, setup: SessionSetup = {}) {
  const { sessions, log } = setUpSessions(model, setup);
  const posted: ContextHostMessage[] = [];
  const waiting = new Set<(message: ContextHostMessage) => void>();
  const copied: string[] = [];
  const [changes, revealed, trimmed, sent]: [unknown[], unknown[], unknown[], unknown[]] = [[], [], [], []];
  const view = new ContextView({
    post: (message) => {
      posted.push(message);
      for (const tell of [...waiting]) tell(message);
    },
    activeSession: () => sessions.active(),
    log: () => Promise.resolve(log),
    fact: () => Promise.resolve(undefined),
    strategy: () => 'workspace',
    settings: () => contextInForce,
    contextWindow: (setting) => setting,
    compaction: () => ({ automatic: true, threshold: 0.8 }),
    counter: () => estimatingTokenCounter(),
    trim: () => void trimmed.push(1),
    describe: (error) => ({ reason: reasonOf(error), message: `Sorry: ${reasonOf(error)}` }),
    undoSummary,
    useSettings: () => Promise.resolve(),
    copy: (text) => Promise.resolve(void copied.push(text)),
    reveal: () => Promise.resolve(),
    sent: (prompt) => void sent.push(prompt),
    receipts: {
      sources: () => Promise.resolve(plainSources(log)),
      change: (change) => Promise.resolve(void changes.push(change)),
    },
    revealSource: (source) => Promise.resolve(void revealed.push(source)),
    rejected: (why) => assert.fail(why),
  });
  const next = <T extends ContextHostMessage['type']>(
    type: T,
    test: (message: Extract<ContextHostMessage, { type: T }>) => boolean = () => true,
  ) =>
    new Promise<Extract<ContextHostMessage, { type: T }>>((resolve) => {
      const tell = (message: ContextHostMessage): void => {
        const typed = message as Extract<ContextHostMessage, { type: T }>;
        if (message.type !== type || !test(typed)) return;
        waiting.delete(tell);
        resolve(typed);
      };
      waiting.add(tell);
    });
  let n = 0;
  const look = async <V>(change: Partial<ContextLook> = {}): Promise<V> => {
    const mine = (n += 1);
    const shown = next('shown', (message) => message.n === mine);
    view.accept({ ...firstLook, ...change, n: mine });
    return (await shown).view as V;
  };
  const ask = async (...prompts: string[]): Promise<void> => {
    const session = await sessions.active();
    for (const prompt of prompts) await session.send(prompt);
  };
  return { view, sessions, log, posted, next, look, ask, copied, trimmed, sent };
}
