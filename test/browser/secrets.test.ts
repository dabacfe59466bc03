import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Vscode } from '../host/vscode.ts';
import { secretSamples } from '../support/secretSamples';
import { storedGlobalState, storedWorkspaceStates } from './harness/globalState';
import type { ModelServer } from './harness/modelServer';
import { openScriptedChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

const { secret } = secretSamples[0] ?? { secret: '' };
const mark = '[secret masked: GitHub token]';

suite('a prompt with a secret', function () {
  this.timeout(120_000);
  let server: ModelServer;
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ server, vscode, sidebar } = await openScriptedChat());
  });
  suiteTeardown(() => vscode.close());

  const send = async (prompt: string): Promise<void> => {
    await sidebar.type(prompt);
    await vscode.page.keyboard.press('Enter');
  };

  /** The names of files that hold it. */
  async function filesHolding(text: string): Promise<readonly string[]> {
    const names = await readdir(vscode.userDataDir, { recursive: true });
    const holding = names.map(async (name) => {
      const file = path.join(vscode.userDataDir, name);
      return (await stat(file)).isFile() && (await readFile(file, 'latin1')).includes(text) ? [name] : [];
    });
    return (await Promise.all(holding)).flat();
  }

  test('is answered by a model that sees it, and is marked once it is stored', async () => {
    server.say(`Your token ${secret} works.`);
    await send(`Is ${secret} a good token?`);
    const turn = sidebar.turns.first();
    await turn.locator('.answer').waitFor();
    // While it runs the view shows what was typed.
    assert.match(await turn.locator('.prompt-text').innerText(), new RegExp(secret));
    server.finish();
    await sidebar.ended(turn);
    assert.deepEqual(server.prompts, [`Is ${secret} a good token?`]);
    assert.equal(await turn.locator('.prompt-text').innerText(), `Is ${mark} a good token?`);
    await turn
      .getByText('What is secret was masked in 2 places before it was stored: GitHub token (2).')
      .waitFor();
    await vscode.window.screenshot('secret-masked');
  });

  test('later requests have the mark in its place', async () => {
    server.say('Yes.');
    await send('Are you sure?');
    const turn = sidebar.turns.nth(1);
    await turn.locator('.answer').waitFor();
    server.finish();
    await sidebar.ended(turn);
    const last = JSON.stringify(server.requests.at(-1));
    assert.equal(last.includes(secret), false);
    assert.ok(last.includes(`Is ${mark} a good token?`));
  });

  test('no file, no globalState and no workspaceState holds it', async () => {
    const holding = await filesHolding(mark);
    assert.ok(
      holding.some((name) => /history\.db/.test(name)),
      holding.join(),
    );
    assert.deepEqual(await filesHolding(secret), []);
    let record = '';
    while (!record.includes(mark)) {
      record = JSON.stringify((await storedGlobalState(vscode.page, 'throughline.throughline')) ?? {});
      await vscode.page.waitForTimeout(50);
    }
    assert.equal(record.includes(secret), false);
    const states = JSON.stringify(await storedWorkspaceStates(vscode.page, 'throughline.throughline'));
    assert.equal(states.includes(secret), false);
  });

  test('is marked still after a reload, and told of no more', async () => {
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.first().locator('.prompt-text .secret-mark').waitFor();
    assert.equal(await sidebar.frame.getByText('before it was stored:').count(), 0);
  });
});
