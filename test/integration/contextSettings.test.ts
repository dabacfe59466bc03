import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, run, withSettings } from './support/throughline';

interface Inspected {
  readonly maxTokens: number;
  readonly items: readonly { readonly source: string; readonly reason: string; readonly included: boolean }[];
  readonly request: { readonly messages: readonly { readonly role: string; readonly content: string }[] };
}

const inspect = (): Promise<Inspected> => run('inspectContext', { prompt: 'x' });
const system = ({ request }: Inspected): string =>
  request.messages.find(({ role }) => role === 'system')?.content ?? '';

suite('what the settings make of requests', () => {
  suiteSetup(async () => {
    await run('clearMemory', { scope: 'workspace', confirm: true });
    await run('newSession', {});
  });

  const switched: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['the introduction', { 'context.introduction': false }, /^You are the assistant of Throughline/],
    [
      'the workspace’s name',
      { 'context.environment': ['platform', 'timeZone', 'language'] },
      /^Workspace: /m,
    ],
    ['the platform', { 'context.environment': ['workspace', 'timeZone', 'language'] }, /^Platform: /m],
    ['the time zone', { 'context.environment': ['workspace', 'platform', 'language'] }, /^Time zone/m],
    ['the language', { 'context.environment': ['workspace', 'platform', 'timeZone'] }, /^Language of/m],
  ];
  for (const [what, settings, text] of switched) {
    test(`${what} is told, is an item of its own, and is switched off by itself`, async () => {
      const before = await inspect();
      assert.match(system(before), text);
      const after = await withSettings(settings, inspect);
      assert.doesNotMatch(system(after), text);
      assert.equal(after.items.length, before.items.length - 1);
    });
  }

  test('own instructions are told once there are any', async () => {
    const inspected = await withSettings({ 'context.instructions': 'Answer in rhyme.' }, inspect);
    assert.match(system(inspected), /Answer in rhyme\./);
    assert.doesNotMatch(system(await inspect()), /rhyme/);
  });

  test('AGENTS.md is told as it is now, with where it is from, unless that is switched off', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'AGENTS.md');
    const write = (text: string) => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    try {
      await write('Answer in rhyme.');
      const inspected = await inspect();
      assert.match(system(inspected), /Answer in rhyme\./);
      assert.ok(inspected.items.some(({ reason }) => reason.includes('AGENTS.md of ')));
      await write('Answer in prose.');
      assert.match(system(await inspect()), /Answer in prose\./);
      const without = await withSettings({ 'context.agentsFile': false }, inspect);
      assert.doesNotMatch(system(without), /prose/);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
    assert.doesNotMatch(system(await inspect()), /rhyme|prose/);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ['context.maxTokens', -5],
    ['context.maxTokens', 'many'],
    ['context.maxTokens', 10],
    ['context.policies', ['forever']],
    ['memory.strategy', 'forever'],
    ['context.windowTurns', -1],
    ['compaction.threshold', 7],
    ['recall.maxTokens', -1],
  ];
  for (const [key, value] of wrong) {
    test(`"${key}" as ${JSON.stringify(value)}: the default is used, prompts go on, and nothing is lost`, async () => {
      const before = await inspect();
      const { turnId } = await ask('What is 1 + 1?');
      await withSettings({ [key]: value }, async () => {
        const during = await inspect();
        assert.equal(during.maxTokens, before.maxTokens);
        assert.equal((await ask('What is 2 + 3?')).status, 'complete');
      });
      const turns = (await run<{ turns: readonly { id: string }[] }>('history', {})).turns;
      assert.ok(turns.some(({ id }) => id === turnId));
    });
  }

  test('a window smaller than the instructions refuses with what to do, and keeps the history', async () => {
    const { turnId } = await ask('What is 4 + 4?');
    await withSettings({ 'context.maxTokens': 300 }, async () => {
      await assert.rejects(inspect(), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, 'cannot-fit');
        return /instructions and tools need about \d+ tokens.*Shorten the instructions, or raise/.test(
          error.message,
        );
      });
    });
    const turns = (await run<{ turns: readonly { id: string }[] }>('history', {})).turns;
    assert.ok(turns.some(({ id }) => id === turnId));
  });
});
