import assert from 'node:assert/strict';
import type { Vscode } from '../host/vscode.ts';
import { axeFindings } from './harness/axeFindings';
import { ContextPage } from './harness/contextPage';
import { openRecallingChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

const told = 'The staging server of Falcon listens on port 8443.';
const question = 'Which port does the staging server of Falcon use?';

suite('the Context panel under longTerm', function () {
  this.timeout(180_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  let panel: ContextPage;

  suiteSetup(async () => {
    ({ vscode, sidebar } = await openRecallingChat('Noted.'));
    await sidebar.ask(told);
    await sidebar.newSession();
    panel = new ContextPage(vscode.window);
    await panel.open();
    await panel.settled();
  });
  suiteTeardown(() => vscode.close());

  test('shows what the prompt that is typed recalls, with its text, and nothing for small talk', async () => {
    await panel.prompt.fill('thanks!');
    await panel.sent.filter({ hasText: 'thanks!' }).waitFor();
    assert.equal(await panel.frame.locator('.item[data-source=recalled]').count(), 0);
    await panel.prompt.fill(question);
    const item = panel.sent.and(panel.frame.locator('[data-source=recalled]'));
    await item.waitFor();
    assert.match(
      await item.innerText(),
      /The staging server of Falcon listens on port 8443\.[^]*Fits the prompt/,
    );
    await item.getByRole('button', { name: told, exact: true }).click();
    await item.getByText(`- user: ${told}`).waitFor();
    const { total, legend } = await panel.tokens();
    assert.equal(await panel.itemTokens(panel.sent), total);
    assert.ok((legend.get('Recalled') ?? 0) > 0);
    await vscode.window.screenshot('context-recalled');
    assert.deepEqual(await axeFindings(panel.frame), []);
  });

  test('shows of a past turn what it recalled, by its source', async () => {
    await sidebar.ask(question);
    await panel.tab('Past Turns');
    const item = panel.frame.locator('.item[data-source=recalled]');
    await item.waitFor();
    assert.match(await item.innerText(), /The staging server of Falcon listens on port 8443\./);
  });
});
