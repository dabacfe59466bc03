import assert from 'node:assert/strict';
import type { Vscode } from '../host/vscode.ts';
import type { ModelServer } from './harness/modelServer';
import { openChat, openScriptedChat } from './harness/openChat';
import { Sidebar } from './harness/sidebar';

suite('two windows on one history', function () {
  this.timeout(180_000);
  let server: ModelServer;
  let vscode: Vscode;
  let here: Sidebar;
  let there: Sidebar;
  suiteSetup(async () => {
    ({ server, vscode, sidebar: here } = await openScriptedChat());
    server.say('Well.');
    await here.type('First');
    await vscode.page.keyboard.press('Enter');
    await here.turns.first().locator('.answer').waitFor();
    server.finish();
    await here.ended(here.turns.first());
    const other = await vscode.newWindow(vscode.workspaceFolder);
    there = new Sidebar(other);
    await there.open();
  });
  suiteTeardown(() => vscode.close());

  test('a turn of one shows in the other, while it runs and when it is done', async () => {
    await there.turns.first().waitFor();
    await here.type('Second');
    await here.composer.press('Enter');
    const shown = there.turns.nth(1);
    await shown.getByText('Answering in another window').waitFor({ timeout: 10_000 });
    assert.equal(await there.button('Stop').count(), 0);
  });

  test('a prompt into the running session is refused with a choice, before the model is asked', async () => {
    const asked = server.prompts.length;
    await there.type('Mine');
    await there.composer.press('Enter');
    const note = there.frame.getByRole('alert');
    await note.getByText(/Another window is answering/).waitFor();
    assert.equal(server.prompts.length, asked);
    assert.equal(await there.composer.inputValue(), 'Mine');
    await there.button('Reload').waitFor();
    await vscode.window.screenshot('two-windows-here');
  });

  test('waiting sends it once the other window is done', async () => {
    await there.button('Wait and Send').click();
    await there.turns.nth(2).getByText('Queued').waitFor();
    server.say('Two.');
    await here.turns.nth(1).locator('.answer').waitFor();
    server.finish();
    await here.ended(here.turns.nth(1));
    await there.ended(there.turns.nth(1));
    server.say('Three.');
    await there.turns.nth(2).locator('.answer').waitFor({ timeout: 20_000 });
    server.finish();
    await there.ended(there.turns.nth(2));
    await here.turns.nth(2).waitFor({ timeout: 10_000 });
    await here.ended(here.turns.nth(2));
    assert.deepEqual(server.prompts, ['First', 'Second', 'Mine']);
  });
});

suite('one session, two faces', function () {
  this.timeout(120_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ vscode, sidebar } = await openChat({ viewport: { width: 1400, height: 800 } }));
    await sidebar.ask('Add 5 and 10 for me.');
  });
  suiteTeardown(() => vscode.close());

  test('what is asked of @throughline in VS Code’s chat shows in the sidebar, and builds on it', async () => {
    await vscode.window.runCommand('Chat: Open Chat');
    const input = vscode.page.locator('.interactive-input-part .monaco-editor').first();
    await input.waitFor();
    await input.click();
    await vscode.page.keyboard.type('@throughline Multiply that result by 3.');
    await vscode.page.keyboard.press('Enter');
    const turn = sidebar.turns.nth(1);
    await turn.waitFor({ timeout: 30_000 });
    await sidebar.ended(turn);
    assert.match(await sidebar.answer(turn), /\b45\b/);
    await vscode.window.screenshot('chat-two-faces');
  });
});
