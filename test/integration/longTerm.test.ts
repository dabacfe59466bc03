import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { textAnswer } from '../support/modelAnswers';
import { ModelServer } from '../support/modelServer';
import { ask, history, run, withSettings } from './support/throughline';

const told = 'The staging server of Falcon listens on port 8443.';
const question = 'Which port does the staging server of Falcon use?';

interface Inspected {
  readonly contextId: string;
  readonly items: readonly { readonly source: string; readonly included: boolean; readonly reason: string }[];
}

/** A session of weeks ago, as an export has it. */
function weeksAgo(): object {
  const createdAt = '2026-05-12T10:00:00.000Z';
  const messages = [
    { role: 'user', content: told },
    { role: 'assistant', content: 'Noted.' },
  ];
  const turns = [{ id: 'falcon-1', createdAt, status: 'complete', messages }];
  const session = { id: 'falcon', title: 'Falcon', createdAt, updatedAt: createdAt, turns };
  const workspace = { id: 'elsewhere', name: 'elsewhere' };
  return {
    format: 'throughline-history',
    version: 1,
    exportedAt: createdAt,
    generator: 'test',
    workspace,
    sessions: [session],
    memories: [],
  };
}

suite('the strategy longTerm', () => {
  let server: ModelServer;
  let folder: string;
  const under = <T>(strategy: string, action: () => Promise<T>): Promise<T> =>
    withSettings(
      {
        'model.provider': 'openai',
        'model.baseUrl': server.baseUrl,
        'model.name': 'scripted',
        'memory.strategy': strategy,
        'recall.deadlineMs': 30_000,
      },
      action,
    );
  const lastPrompt = (): string => {
    const { messages } = server.chats.at(-1)?.body as { messages: { role: string; content: string }[] };
    return messages.findLast(({ role }) => role === 'user')?.content ?? '';
  };

  suiteSetup(async () => {
    server = await ModelServer.start();
    folder = mkdtempSync(path.join(tmpdir(), 'throughline-long-term-'));
    await run('clearMemory', { scope: 'workspace', confirm: true });
    const file = path.join(folder, 'falcon.json');
    writeFileSync(file, JSON.stringify(weeksAgo()));
    await run('importMemory', { uri: vscode.Uri.file(file).toString(), mode: 'copy' });
  });
  suiteTeardown(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  });
  setup(async () => {
    server.script(() => textAnswer('8443.'));
    await run('newSession', {});
  });

  test('sends what was said weeks ago in another session; the stored prompt stays as it was typed', async () => {
    await under('longTerm', async () => {
      const { turnId } = await ask(question);
      assert.match(
        lastPrompt(),
        /<recalled>[^]*12 May 2026, session "Falcon":\n- user: The staging server of Falcon listens on port 8443\.\n/,
      );
      assert.ok(lastPrompt().endsWith(`</recalled>\n\n${question}`));
      const { turns } = await history();
      assert.equal(turns.at(-1)?.messages[0]?.content, question);
      const sent = await run<{ items: readonly object[] }>('sentContext', { turnId });
      assert.ok(!JSON.stringify(sent.items.filter((item) => 'recalled' in item)).includes('8443'));
      assert.equal(sent.items.filter((item) => 'recalled' in item).length, 1);
      await ask('thanks!');
      assert.equal(lastPrompt(), 'thanks!');
    });
  });

  test('what is inspected recalls likewise, and is sent to the byte', async () => {
    await under('longTerm', async () => {
      const { contextId, items } = await run<Inspected>('inspectContext', { prompt: question });
      const recalled = items.filter(({ source }) => source === 'recalled');
      assert.ok(recalled.length > 0 && recalled.every(({ reason }) => reason !== ''));
      assert.equal(server.chats.length, 0);
      await ask(question, { contextId });
      assert.ok(lastPrompt().includes(told));
    });
  });

  test('is one history with workspace, which sends nothing of it', async () => {
    const before = await history();
    await under('workspace', async () => {
      await ask(question);
      assert.equal(lastPrompt(), question);
    });
    await under('longTerm', async () => {
      const now = await history();
      assert.equal(now.turns.length, 1);
      assert.equal(before.turns.length, 0);
    });
  });
});
