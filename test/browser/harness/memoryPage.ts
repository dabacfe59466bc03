import type { Browser, Locator } from 'playwright-core';
import {
  parseMemoryViewMessage,
  type MemoryHostMessage,
  type MemoryLook,
  type MemoryShown,
  type MemoryViewMessage,
  type ShownHit,
  type ShownSearch,
} from '../../../src/protocol/memory';
import { bundleMemory } from './bundle';
import { openWebviewPage, type Look, type WebviewPage } from './webviewPage';

export interface MemoryPage extends WebviewPage {
  readonly field: Locator;
  readonly hits: Locator;
  send(message: MemoryHostMessage): Promise<void>;
  /** Waits for a message of this type that passes, among those not yet taken. */
  take<T extends MemoryViewMessage['type']>(
    type: T,
    passes?: (message: Extract<MemoryViewMessage, { type: T }>) => boolean,
  ): Promise<Extract<MemoryViewMessage, { type: T }>>;
  /** Answers the look for this text, once the view looks for it. @returns the look */
  answer(text: string, search: Partial<ShownSearch>, strategy?: MemoryShown['strategy']): Promise<MemoryLook>;
  /** Answers the look that was answered last once more: the history has changed. */
  answerAgain(text: string, search: Partial<ShownSearch>): Promise<void>;
}

export async function openMemoryPage(browser: Browser, look: Look = {}): Promise<MemoryPage> {
  const untaken: MemoryViewMessage[] = [];
  const receive = (raw: unknown): void => {
    const parsed = parseMemoryViewMessage(raw);
    if (parsed.ok) untaken.push(parsed.value);
    else opened.complaints.push(`view message: ${parsed.why}`);
  };
  const opened = await openWebviewPage(browser, { ...look, view: await bundleMemory(), receive });
  const { page } = opened;
  let newest = 0;
  const show = async (
    text: string,
    search: Partial<ShownSearch>,
    strategy: MemoryShown['strategy'],
  ): Promise<void> => {
    const outcome = { status: 'idle' } as const;
    const view: ShownSearch = { tab: 'search', text, problems: [], outcome, facts: [], ...search };
    await opened.sendRaw({ type: 'shown', n: newest, strategy, view });
    await opened.drawn();
  };
  const memory: MemoryPage = {
    ...opened,
    field: page.getByRole('searchbox', { name: 'Search memory' }),
    hits: page.locator('.hit'),
    send: (message) => opened.sendRaw(message),
    async take(type, passes = () => true) {
      type Wanted = Extract<MemoryViewMessage, { type: typeof type }>;
      for (let tries = 0; tries < 200; tries++) {
        const at = untaken.findIndex((message) => message.type === type && passes(message as Wanted));
        if (at !== -1) return untaken.splice(at, 1)[0] as Wanted;
        await page.waitForTimeout(25);
      }
      throw new Error(`The view posted no such ${type}; waiting: ${JSON.stringify(untaken)}`);
    },
    async answer(text, search, strategy = 'workspace') {
      const asked = await memory.take('look', (message) => message.text === text);
      newest = asked.n;
      await show(text, search, strategy);
      return asked;
    },
    answerAgain: (text, search) => show(text, search, 'workspace'),
    async restart(next = {}) {
      untaken.length = 0;
      await opened.restart(next);
    },
  };
  return memory;
}

/** `[words]` in the text are what was looked for. */
export function shownHit(id: string, text: string, change: Partial<ShownHit> = {}): ShownHit {
  const pieces = text
    .split(/(\[[^\]]*\])/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('[') ? { text: part.slice(1, -1), marked: true } : { text: part, marked: false },
    );
  return {
    id,
    turnId: `turn-${id}`,
    sessionId: 's',
    role: 'user',
    title: 'Release planning',
    createdAt: '2026-03-05T10:20:00.000Z',
    pieces,
    ...change,
  };
}

export const found = (hits: readonly ShownHit[], more = false): Partial<ShownSearch> => ({
  outcome: { status: 'found', hits: [...hits], more },
});
