import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { requestBudget } from '../../src/core/context/budget';
import type { Message } from '../../src/core/message';
import { estimatingTokenCounter } from '../../src/core/tokenCounter';
import { Sessions } from '../../src/core/sessions';
import { ScriptedModel } from '../../test/support/scriptedModel';
import { setUpSessions } from '../../test/support/sessionSetup';
import type { Figures } from '../figures';
import { sessionId, workspaceId, type Store } from '../store';

const rounds = 60;
const counter = estimatingTokenCounter();

/** What building a request costs, its window read from the log each time. */
export function buildingOf(messages: number): string {
  return `building a request, ${messages} messages`;
}
export function langChainOf(messages: number): string {
  return `LangChain's trimMessages, ${messages} messages`;
}

/** Turn and turn about, so that what else the machine does meets all alike. */
export async function measureBuilding(
  stores: readonly Store[],
  maxTokens: number,
  figures: Figures,
): Promise<void> {
  const sessions = await Promise.all(
    stores.map(async ({ client, messages }) => {
      const log = new SqliteHistoryLog({ client, workspaceId });
      const deps = setUpSessions(new ScriptedModel(), { log, settings: { maxTokens } });
      const session = await new Sessions(deps).open(sessionId);
      return { messages, session };
    }),
  );
  for (let n = -5; n < rounds; n += 1) {
    for (const { messages, session } of n % 2 === 0 ? sessions : sessions.toReversed()) {
      await session.refresh();
      const build = (): Promise<unknown> => session.requests.inspect('And now?');
      if (n < 0) await build();
      else await figures.timed(buildingOf(messages), build);
    }
  }
}

interface LangChain {
  readonly trimMessages: (messages: readonly object[], options: object) => Promise<readonly object[]>;
  readonly HumanMessage: new (text: string) => object;
  readonly AIMessage: new (text: string) => object;
}

/** The same work by LangChain, the whole history in memory. @returns false where it is not installed */
export async function measureLangChain(store: Store, maxTokens: number, figures: Figures): Promise<boolean> {
  const manifest = join(process.cwd(), 'bench', 'package.json');
  if (!existsSync(join(process.cwd(), 'bench', 'node_modules', '@langchain'))) return false;
  const langChain = createRequire(manifest)('@langchain/core/messages') as LangChain;
  const { trimMessages, HumanMessage, AIMessage } = langChain;
  const { sessions } = await new SqliteHistoryLog({ client: store.client, workspaceId }).dump(sessionId);
  const costs = new WeakMap<object, number>();
  const history = (sessions[0]?.turns ?? []).flatMap(({ messages }) =>
    messages.map((message: Message) => {
      const made =
        message.role === 'user' ? new HumanMessage(message.content) : new AIMessage(message.content);
      costs.set(made, counter.message(message));
      return made;
    }),
  );
  const options = {
    maxTokens: requestBudget(maxTokens),
    strategy: 'last',
    startOn: 'human',
    tokenCounter: (messages: readonly object[]) =>
      messages.reduce((total, message) => total + (costs.get(message) ?? 0), 0),
  };
  for (let n = -2; n < 15; n += 1) {
    const trim = (): Promise<unknown> => trimMessages(history, options);
    if (n < 0) await trim();
    else await figures.timed(langChainOf(store.messages), trim);
  }
  return true;
}
