import { startVscode, type Vscode } from '../host/vscode.ts';

suite('VS Code in the browser', function () {
  this.timeout(60_000);
  let vscode: Vscode;
  suiteSetup(async () => {
    vscode = await startVscode();
  });
  suiteTeardown(() => vscode.close());

  test('opens the Throughline view', async () => {
    await vscode.window.openView();
    await vscode.window.webview('textarea, [contenteditable]');
    await vscode.window.screenshot('smoke');
  });
});
