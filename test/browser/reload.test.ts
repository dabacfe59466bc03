import assert from 'node:assert/strict';
import type { Vscode } from '../host/vscode.ts';
import { storedWorkspaceStates } from './harness/globalState';
import type { ModelServer } from './harness/modelServer';
import { openScriptedChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

suite('a window that closes while prompts wait', function () {
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

  /** Until VS Code has it on its disk, or has it there no more, which takes it a moment. */
  const isKept = async (text: string, expected = true): Promise<void> => {
    const giveUp = Date.now() + 20_000;
    for (;;) {
      const states = JSON.stringify(await storedWorkspaceStates(vscode.page, 'throughline.throughline'));
      if (states.includes(text) === expected) return;
      assert.ok(Date.now() < giveUp, `It is ${expected ? 'not' : 'still'} kept.`);
      await vscode.page.waitForTimeout(50);
    }
  };

  test('has them back in the composer afterwards, in order, and sends none by itself', async () => {
    server.say('Half of');
    await send('Which runs');
    await sidebar.turns.first().locator('.answer').waitFor();
    await send('Which waits');
    await send('Which waits too');
    await sidebar.turns.nth(2).getByText('Queued').waitFor();
    await isKept('Which waits too');
    await vscode.reload();
    await sidebar.open();
    await sidebar.frame.getByText('2 prompts were still waiting when the window closed.').waitFor();
    assert.equal(await sidebar.composer.inputValue(), 'Which waits\n\nWhich waits too');
    await vscode.window.screenshot('prompts-returned');
    assert.equal(await sidebar.turns.count(), 1);
    assert.deepEqual(server.prompts, ['Which runs']);
  });

  test('has them back once: another reload keeps them, and doubles nothing', async () => {
    await vscode.reload();
    await sidebar.open();
    await sidebar.frame.waitForFunction(
      () => document.querySelector('textarea')?.value === 'Which waits\n\nWhich waits too',
    );
  });

  test('and no more once they are sent', async () => {
    await sidebar.composer.press('Enter');
    const turn = sidebar.turns.nth(1);
    await turn.waitFor();
    server.say('Well.');
    await turn.locator('.answer').waitFor();
    server.finish();
    await sidebar.ended(turn);
    await isKept('unfinished:', false);
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.nth(1).waitFor();
    assert.equal(await sidebar.frame.getByText('still waiting when the window closed').count(), 0);
    assert.deepEqual(server.prompts, ['Which runs', 'Which waits\n\nWhich waits too']);
  });
});
