import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { startVscode, type Vscode } from '../host/vscode.ts';
import { storedGlobalState, storedWorkspaceStates } from './harness/globalState';
import { Sidebar } from './harness/sidebar';

const word = 'quixomarzipan';
const extension = 'throughline.throughline';

suite('forgetting all that matches words, with another window open', function () {
  this.timeout(180_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  let there: Sidebar;
  suiteSetup(async () => {
    vscode = await startVscode();
    sidebar = new Sidebar(vscode.window);
    await sidebar.open();
    for (const prompt of [`Remember that the vault opens with ${word}.`, 'What is 1 + 1?'])
      await sidebar.ask(prompt);
    there = new Sidebar(await vscode.newWindow(vscode.workspaceFolder));
    await there.open();
    await there.turns.nth(1).waitFor();
  });
  suiteTeardown(() => vscode.close());

  /** The names of files that hold it, in UTF-8 or UTF-16. A file that goes meanwhile holds nothing. */
  async function filesHolding(text: string): Promise<readonly string[]> {
    const names = await readdir(vscode.userDataDir, { recursive: true });
    const holding = names.map(async (name) => {
      const bytes = await readFile(path.join(vscode.userDataDir, name)).catch(() => Buffer.alloc(0));
      return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')) ? [name] : [];
    });
    return (await Promise.all(holding)).flat();
  }
  const global = async (): Promise<string> =>
    JSON.stringify((await storedGlobalState(vscode.page, extension)) ?? {});
  const workspaces = async (): Promise<string> =>
    JSON.stringify(await storedWorkspaceStates(vscode.page, extension));
  /** Until it holds; the suite's time limit ends it. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await vscode.page.waitForTimeout(50);
  }

  test('it is on disk and in globalState before', async () => {
    const holding = await filesHolding(word);
    assert.ok(
      holding.some((name) => /history\.db/.test(name)),
      holding.join(),
    );
    await until(async () => (await global()).includes(word));
  });

  /** The page with this heading, as VS Code's Markdown preview shows it. */
  const readable = async (heading: string): Promise<Frame> => {
    let found: Frame | undefined;
    await until(async () => {
      for (const frame of vscode.page.frames()) {
        const count = await frame
          .locator('h1', { hasText: heading })
          .count()
          .catch(() => 0);
        if (count > 0) found = frame;
      }
      return found !== undefined;
    });
    if (!found) throw new Error(`Nothing shows the heading "${heading}".`);
    return found;
  };

  test('a preview with checkboxes, a last question, and a receipt without the text', async () => {
    await vscode.window.runCommand('Throughline: Forget…');
    const list = vscode.page.locator('.quick-input-list');
    await list.getByText('All that matches words…').click();
    await vscode.page.locator('.quick-input-widget').getByText('every "phrase in quotes"').waitFor();
    await vscode.page.keyboard.type(word);
    await vscode.page.keyboard.press('Enter');
    await list
      .getByText(/Turn ·/)
      .first()
      .waitFor();
    await list
      .getByText(/Fact ·/)
      .first()
      .waitFor();
    await vscode.window.screenshot('forget-preview');
    await vscode.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    const question = vscode.page.locator('.monaco-dialog-box');
    await question.getByText(/Forget 1 turn.* 1 fact.* for good\?/).waitFor();
    await vscode.window.screenshot('forget-question');
    await question.getByRole('button', { name: 'Forget' }).click();
    const told = await vscode.window.notification(/Forgotten: 1 turn/);
    await told.getByRole('button', { name: 'Show Receipt' }).click();
    const receipt = await readable('Forget Receipt');
    assert.ok((await receipt.locator('table tr').count()) > 5);
    await vscode.window.screenshot('forget-receipt');
    assert.equal((await receipt.locator('body').innerText()).includes(word), false);
    await vscode.window.clearNotifications();
  });

  test('no byte of any file, of globalState or of workspaceState holds it after', async () => {
    await until(async () => !(await global()).includes(word));
    await until(async () => (await filesHolding(word)).length === 0);
    assert.equal((await workspaces()).includes(word), false);
    const prompts = ({ frame }: Sidebar) => frame.locator('.prompt-text').allInnerTexts();
    assert.deepEqual(await prompts(sidebar), ['What is 1 + 1?']);
    await until(async () => (await prompts(there)).join() === 'What is 1 + 1?');
  });

  test('nor does it come back with what the other window says next', async () => {
    await there.ask('What is 2 + 2?');
    await sidebar.turns.nth(1).waitFor();
    await until(async () => (await global()).includes('2 + 2'));
    assert.equal((await global()).includes(word), false);
    assert.deepEqual(await filesHolding(word), []);
  });
});
