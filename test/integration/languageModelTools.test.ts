import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MemoryTool, preparedRecall, preparedRemember } from '../../src/adapters/vscode/languageModelTools';
import { MemoryHistory } from '../../src/adapters/storage/memoryHistory';
import { MemoryLongTermMemory } from '../../src/adapters/storage/memoryLongTermMemory';
import { memoryTools } from '../../src/core/tools/memoryTools';
import { ask, run, withSettings } from './support/throughline';

const textOf = ({ content }: vscode.LanguageModelToolResult): string =>
  content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('\n');

const invoke = async (name: string, input: object, tokenBudget?: number): Promise<string> => {
  const countTokens = (text: string): Thenable<number> => Promise.resolve(Math.ceil(text.length / 4));
  const result = await vscode.lm.invokeTool(name, {
    input,
    toolInvocationToken: undefined,
    ...(tokenBudget !== undefined && { tokenizationOptions: { tokenBudget, countTokens } }),
  });
  return textOf(result);
};

suite('the memory as language model tools', () => {
  setup(() => run('clearMemory', { scope: 'workspace', confirm: true }));

  test('VS Code lists both, with a description and a schema', () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    assert.ok(names.includes('throughline_recall') && names.includes('throughline_remember'), names.join());
  });

  test('any agent recalls what was said here, and what was remembered', async () => {
    const said = await ask('Remember that the staging server is called bluefin.');
    const result = JSON.parse(await invoke('throughline_recall', { query: 'staging server' })) as {
      facts: { text: string }[];
      messages: { turn: string }[];
    };
    assert.match(result.facts[0]?.text ?? '', /bluefin/);
    assert.ok(result.messages.some(({ turn }) => turn === said.turnId));
  });

  test('the result keeps within the tokens that the caller allows, and says what is left out', async () => {
    for (const number of [1, 2, 3, 4]) await ask(`What is ${number} + 1 zebras? ${'stripes '.repeat(30)}`);
    const all = await invoke('throughline_recall', { query: 'zebras' });
    const some = await invoke('throughline_recall', { query: 'zebras' }, 150);
    assert.ok(some.length < all.length && some.length <= 150 * 4, `${some.length} of ${all.length}`);
    assert.match(some, /left out/);
  });

  test('what any agent remembers is recalled', async () => {
    assert.match(await invoke('throughline_remember', { text: 'The launch is on Friday.' }), /^Remembered/);
    assert.match(await invoke('throughline_recall', {}), /The launch is on Friday\./);
    await assert.rejects(invoke('throughline_remember', { text: ' ' }), /do not fit/);
  });

  test('remembering is to be confirmed, with the text as it is; recalling is not', () => {
    const { confirmationMessages } = preparedRemember({ text: 'Launch: [run](command:x) <b>' });
    assert.match(confirmationMessages?.title ?? '', /Remember this/);
    const { message } = confirmationMessages ?? {};
    assert.ok(message instanceof vscode.MarkdownString && message.isTrusted !== true);
    assert.doesNotMatch(message.value, /\[run\]\(command/);
    assert.equal(preparedRecall({ query: 'launch' }).confirmationMessages, undefined);
  });

  test('once confirmed a fact is kept, without a turn that it came from', async () => {
    const memory = new MemoryLongTermMemory(new MemoryHistory());
    const options = { memory, clock: () => new Date(), newId: () => 'f1', timeZone: 'UTC' };
    const tool = new MemoryTool(
      'remember',
      {
        tools: () => Promise.resolve(memoryTools(options)),
        strategy: () => 'session',
        describe: (error) => ({ message: String(error) }),
      },
      () => ({}),
    );
    const call = { input: { text: 'The launch is on Friday.' }, toolInvocationToken: undefined };
    const { token } = new vscode.CancellationTokenSource();
    const result = textOf(await tool.invoke(call, token));
    assert.match(result, /Remembered: The launch is on Friday\./);
    assert.match(result, /gone when the window is reloaded/);
    const [fact] = (await memory.facts({ limit: 1 })).facts;
    assert.equal(fact?.text, 'The launch is on Friday.');
    assert.equal(fact.source, undefined);
  });

  test('under the strategy none it says that nothing is kept, and what to do', async () => {
    await withSettings({ 'memory.strategy': 'none' }, async () => {
      await assert.rejects(invoke('throughline_recall', { query: 'x' }), /memory\.strategy/);
    });
  });
});
