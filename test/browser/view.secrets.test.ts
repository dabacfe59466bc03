import assert from 'node:assert/strict';
import { screens } from './harness/screens';
import { useChatPage } from './harness/useChatPage';

suite('secrets that were masked', function () {
  this.timeout(30_000);
  const tools = useChatPage();
  setup(async () => {
    const { chat } = tools();
    for (const body of screens['secrets']?.send ?? []) await chat.send(body);
    await chat.page.locator('.tool .disclosure-summary').click();
  });

  test('are marked wherever they stood: prompt, answer, code, and what a tool was asked', async () => {
    const { chat } = tools();
    for (const [place, count] of Object.entries({
      '.prompt-text': 2,
      '.answer p': 2,
      '.answer .code-block': 1,
      '.tool-detail': 1,
    })) {
      const marks = chat.page.locator(`${place} .secret-mark`);
      await marks.first().waitFor();
      assert.equal(await marks.count(), count, place);
      assert.match((await marks.first().getAttribute('title')) ?? '', /masked before it was stored/);
    }
  });

  test('have one box in inline code, not one within another', async () => {
    const mark = tools().chat.page.locator('.answer p code .secret-mark').first();
    await mark.waitFor();
    const borders = await mark.evaluate((element) => {
      const { borderTopWidth, borderLeftWidth, borderBottomWidth } = getComputedStyle(element);
      return [borderTopWidth, borderLeftWidth, borderBottomWidth];
    });
    assert.deepEqual(borders, ['0px', '0px', '1px']);
  });

  test('are no links, whatever follows them', async () => {
    const { chat, text } = tools();
    assert.equal(await chat.page.locator('.answer a:has(.secret-mark), .secret-mark a').count(), 0);
    assert.match(await text('.answer p'), /\[secret masked: password\]\(/);
  });

  test('are told of once, with the way to the setting, which a new snapshot does not take away', async () => {
    const { chat, button } = tools();
    const note = chat.page.getByText(
      'What is secret was masked in 3 places before it was stored: GitHub token (2), password.',
    );
    await note.waitFor();
    for (const body of screens['secrets']?.send ?? []) {
      if (body.type !== 'snapshot') continue;
      const turns = body.state.turns.map(({ masked: _, ...turn }) => turn);
      await chat.send({ ...body, state: { ...body.state, turns } });
    }
    await note.waitFor();
    await button('Settings').click();
    assert.equal((await chat.take('command-run')).command, 'workbench.action.openSettings');
  });
});
