import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { startVscode, type Vscode } from '../host/vscode.ts';
import { MemorySidebar } from './harness/memorySidebar';
import { Sidebar } from './harness/sidebar';

suite('the memory in VS Code', function () {
  this.timeout(180_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  let memory: MemorySidebar;
  suiteSetup(async () => {
    vscode = await startVscode();
    sidebar = new Sidebar(vscode.window);
    await sidebar.open();
    await sidebar.ask('What is 17 + 4 zebras?');
    await sidebar.newSession();
    await sidebar.ask('What is 2 * 3 giraffes?');
    memory = new MemorySidebar(vscode.window);
    await memory.open();
  });
  suiteTeardown(() => vscode.close());

  test('a search takes the focus, and finds what was said in another session', async () => {
    await memory.frame.waitForFunction(() => document.activeElement?.getAttribute('role') === 'searchbox');
    await vscode.window.screenshot('memory-empty');
    await memory.search('zebras');
    const hit = memory.hits.filter({ hasText: 'You' });
    assert.match(await hit.innerText(), /What is 17 \+ 4 zebras\?/);
    assert.deepEqual(await hit.locator('mark').allInnerTexts(), ['zebras']);
    await vscode.window.screenshot('memory-found');
  });

  test('it is high enough to be read when it is first opened, in a small window too', async () => {
    const height = () => memory.frame.evaluate(() => innerHeight);
    assert.ok((await height()) >= 280, `${await height()} pixels`);
    await vscode.page.setViewportSize({ width: 1024, height: 700 });
    await memory.hits.nth(1).waitFor();
    await vscode.window.screenshot('memory-small-window');
    assert.ok((await height()) >= 220, `${await height()} pixels`);
    await vscode.page.setViewportSize({ width: 1280, height: 800 });
  });

  test('Enter jumps to the turn in its session', async () => {
    assert.equal(await sidebar.turns.count(), 1);
    await memory.field.press('ArrowDown');
    await vscode.page.keyboard.press('Enter');
    await sidebar.frame.locator('.turn', { hasText: 'zebras' }).waitFor();
    assert.equal(await sidebar.frame.locator('.turn', { hasText: 'giraffes' }).count(), 0);
  });

  test('a hit is muted and kept where it stands, and forgotten once that is reviewed', async () => {
    await sidebar.ask('What is 8 * 8 lemurs?');
    await memory.search('lemurs');
    const hit = memory.hits.filter({ hasText: 'You' });
    const act = async (name: RegExp): Promise<void> => {
      await hit.hover();
      await hit.getByRole('button', { name }).click();
    };
    await act(/^Mute/);
    await hit.locator('.tag', { hasText: 'Muted' }).waitFor();
    await vscode.window.screenshot('memory-muted');
    await act(/^Always keep/);
    await hit.locator('.tag', { hasText: 'Always kept' }).waitFor();
    await act(/^Unkeep/);
    await hit.locator('.tag').waitFor({ state: 'detached' });
    await act(/^Forget/);
    const { quickInput } = vscode.window;
    await quickInput.getByText('What is 8 * 8 lemurs?').first().waitFor();
    await quickInput.getByRole('button', { name: 'OK' }).click();
    await vscode.window.dialogButton('Forget').click();
    await hit.waitFor({ state: 'detached' });
    await sidebar.turns.filter({ hasText: 'lemurs' }).waitFor({ state: 'detached' });
  });

  test('it follows the history: a turn that is said is found, and one that is deleted goes', async () => {
    await memory.search('okapis');
    assert.equal(await memory.hits.count(), 0);
    await sidebar.ask('What is 5 - 1 okapis?');
    await memory.hits.first().waitFor();
    const turn = sidebar.turns.last();
    await turn.hover();
    await turn.getByRole('button', { name: 'Delete turn…' }).click();
    await vscode.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' }).click();
    await memory.hits.first().waitFor({ state: 'detached' });
  });

  test('the quick pick searches with the same filters', async () => {
    await vscode.window.runCommand('Throughline: Recall…');
    const input = vscode.window.quickInput.locator('input');
    await input.fill('role:user');
    const rows = vscode.window.quickInput.locator('.monaco-list-row');
    await rows
      .filter({ hasText: /You in “/ })
      .nth(1)
      .waitFor();
    assert.equal(await rows.filter({ hasText: /Answer in “/ }).count(), 0);
    await input.fill('role:user zebras');
    await rows.filter({ hasText: /You in “.*found: zebras/s }).waitFor();
    assert.equal(await rows.count(), 1);
    await vscode.window.screenshot('memory-pick');
    await vscode.page.keyboard.press('Escape');
  });

  test('facts are added, changed and deleted in their tab, and their earlier texts brought back', async () => {
    const { frame } = memory;
    const said = frame.locator('.results > .facts > .fact > .fact-text');
    await frame.getByRole('tab', { name: 'Facts' }).click();
    await frame.getByText('Nothing is remembered yet.').waitFor();
    const field = frame.getByLabel('Remember a fact');
    for (const text of ['The staging server is called tuna', 'Ada signs releases off']) {
      await field.fill(text);
      await field.press('Enter');
      await said.getByText(text).waitFor();
    }
    await frame.getByRole('button', { name: 'Edit: The staging server' }).click();
    // Ctrl+A would do: but VS Code selects all once more, in its own time, and what is typed meanwhile is replaced.
    await frame.locator('[data-name=draft]:focus').fill('The staging server is called bluefin');
    await vscode.page.keyboard.press('Enter');
    await said.getByText('bluefin').waitFor();
    await frame.getByText('Earlier: 1').click();
    await vscode.window.screenshot('memory-facts');
    await frame.getByRole('button', { name: 'Restore: The staging server is called tuna' }).click();
    await said.getByText('tuna').waitFor();
    await frame.getByRole('button', { name: 'Delete: Ada' }).click();
    await frame.locator('[data-name=keep]:focus').waitFor();
    await vscode.page.keyboard.press('Shift+Tab');
    await vscode.page.keyboard.press('Enter');
    await frame.getByText('Ada signs').waitFor({ state: 'detached' });
    assert.deepEqual(await said.allInnerTexts(), ['The staging server is called tuna']);
    await sidebar.ask('remember that the tea is at five');
    await said.getByText('tea').waitFor();
    await frame.getByRole('button', { name: 'Show Source' }).first().click();
    await frame.getByRole('tab', { name: 'Search' }).click();
    await memory.search('bluefin');
    assert.equal(await frame.locator('.facts').getByText('staging server').count(), 0);
  });

  test('another workspace is searched when that is asked for, and its turn is shown', async () => {
    const other = `${vscode.workspaceFolder}-other`;
    cpSync(vscode.workspaceFolder, other, { recursive: true });
    const window = await vscode.newWindow(other);
    const opened = new Sidebar(window);
    await opened.open();
    await opened.ask('What is 1 + 1 pangolin?');
    const there = new MemorySidebar(window);
    await there.open();
    await there.search('zebras');
    assert.equal(await there.hits.count(), 0);
    await there.frame.getByRole('button', { name: 'Search All Workspaces' }).click();
    const hit = there.hits.filter({ hasText: 'You' });
    await hit.getByText('In the workspace sample-workspace').waitFor();
    await window.screenshot('memory-everywhere');
    await hit.locator('.hit-open').click();
    await window.page
      .locator('.editor-instance .view-lines', { hasText: 'Workspace: sample-workspace' })
      .waitFor();
    const told = await window.notification(/said in another workspace, “sample-workspace”/);
    await window.screenshot('memory-other-turn');
    const opening = vscode.context.waitForEvent('page');
    await told.getByRole('button', { name: 'Open in New Window' }).click();
    const page = await opening;
    await page.waitForURL((url) => url.searchParams.get('folder') === vscode.workspaceFolder);
    await page.close();
    assert.equal(await opened.turns.count(), 1);
    await window.page.close();
  });

  test('a turn of a workspace whose folder is gone is shown, and that it is gone is said', async () => {
    rmSync(`${vscode.workspaceFolder}-other`, { recursive: true });
    await vscode.window.clearNotifications();
    await memory.open();
    await memory.search('in:everywhere pangolin');
    const before = await sidebar.turns.allInnerTexts();
    await memory.hits.filter({ hasText: 'You' }).locator('.hit-open').click();
    await vscode.page.locator('.editor-instance .view-lines', { hasText: 'pangolin' }).waitFor();
    const told = await vscode.window.notification(/-other, which is not there any more/);
    assert.equal(await told.getByRole('button', { name: 'Open in New Window' }).count(), 0);
    await vscode.window.screenshot('memory-folder-gone');
    assert.deepEqual(await sidebar.turns.allInnerTexts(), before);
  });
});
