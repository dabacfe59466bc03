import assert from 'node:assert/strict';
import { axeFindings } from './harness/axeFindings';
import { assistant, user, viewTurn } from './harness/fixtures';
import { passage, receipt } from './harness/receiptScreens';
import { themeNames } from './harness/themes';
import { useChatPage } from './harness/useChatPage';

suite('a recall receipt', function () {
  this.timeout(30_000);
  const tools = useChatPage();
  const turn = viewTurn('recalling', [user('When?'), assistant('On Thursday.')], { recalled: 4 });

  async function opened(): Promise<void> {
    const { chat, button, show } = tools();
    await show([turn], { strategy: 'longTerm' });
    await button('Recalled 4 passages').click();
    assert.equal((await chat.take('receipt-open')).turnId, 'recalling');
    await chat.send({ type: 'receipt-change', turnId: 'recalling', receipt });
    await chat.drawn();
  }

  test('is offered where something was recalled, from the beginning of the answer', async () => {
    const { button, show } = tools();
    await show([viewTurn('r', [user('Go')], { status: 'running', recalled: 1 }), turn]);
    assert.equal(await button('Recalled 1 passage').count(), 1);
    await show([viewTurn('none', [user('Go'), assistant('Done.')])]);
    assert.equal(await button('Recalled 1 passage').count(), 0);
  });

  test('shows each passage with who said it, when, in which session, why and for how many tokens', async () => {
    const { chat, text } = tools();
    await opened();
    const first = chat.page.locator('.receipt-entry').first();
    const said = (await first.innerText()).replace(/\s+/g, ' ');
    for (const part of [
      'Our release day is Thursday',
      'You',
      'Mar 12',
      '“Planning the release”',
      '34 tokens',
      'Fits the prompt.',
      'Matching words: release, day.',
    ])
      assert.ok(said.includes(part), `${part} in ${said}`);
    const all = await text('.receipt-content');
    assert.match(all, /Deleted since\./);
    assert.match(all, /Found, but not sent/);
    assert.match(all, /Already carried with its turn\./);
    const heights = await chat.page.locator('.receipt-quote').evaluateAll((quotes) =>
      quotes.map((quote) => quote.clientHeight),
    ); // prettier-ignore
    assert.ok(
      heights.every((height) => height <= 128),
      heights.join(),
    );
  });

  test('of today says so, with the time of day', async () => {
    const { chat } = tools();
    await opened();
    const entries = [{ ...passage, createdAt: new Date().toISOString() }];
    await chat.send({ type: 'receipt-change', turnId: 'recalling', receipt: { ...receipt, entries } });
    await chat.page.locator('.receipt-entry', { hasText: /today \d{1,2}:\d{2}/ }).waitFor();
  });

  test('leads to the turn that something was said in, a fact’s too, but not to what is deleted', async () => {
    const { chat } = tools();
    await opened();
    const links = chat.page.locator('.receipt-source button');
    await links.first().click();
    assert.deepEqual((await chat.take('recall-reveal')).source, { sessionId: 's1', turnId: 't1' });
    await chat.page.getByRole('button', { name: 'Go to the turn in “First day”' }).click();
    assert.deepEqual((await chat.take('recall-reveal')).source, { sessionId: 's2', turnId: 't5' });
    assert.equal(await links.count(), 5);
    const gone = chat.page.locator('.receipt-entry', { hasText: 'Deleted since' });
    assert.equal(await gone.getByRole('button').count(), 0);
    assert.match(await gone.innerText(), /in a session that is deleted/);
  });

  test('mutes and keeps by keyboard, shows it as pressed, takes it back, and keeps the focus', async () => {
    const { chat } = tools();
    await opened();
    const entry = chat.page.locator('.receipt-entry').first();
    const mute = entry.getByRole('button', { name: 'Mute' });
    const keep = entry.getByRole('button', { name: 'Always Keep' });
    assert.equal(await mute.getAttribute('aria-pressed'), 'false');
    await mute.focus();
    await chat.page.keyboard.press('Enter');
    const target = { messageId: 'm1', turnId: 't1' };
    assert.deepEqual((await chat.take('recall-mark')).change, { ...target, mark: 'muted' });
    const [, ...others] = receipt.entries;
    const told = (mark?: 'muted' | 'kept') =>
      chat.send({
        type: 'receipt-change',
        turnId: 'recalling',
        receipt: { ...receipt, entries: [{ ...passage, ...(mark && { mark }) }, ...others] },
      });
    await told('muted');
    await chat.drawn();
    assert.equal(await mute.getAttribute('aria-pressed'), 'true');
    assert.match(await entry.innerText(), /Not recalled any more/);
    assert.ok(await mute.evaluate((button) => button === document.activeElement));
    await chat.page.keyboard.press('Enter');
    assert.deepEqual((await chat.take('recall-mark')).change, target);
    await told();
    await chat.page.keyboard.press('Tab');
    assert.ok(await keep.evaluate((button) => button === document.activeElement));
    await chat.page.keyboard.press('Space');
    assert.deepEqual((await chat.take('recall-mark')).change, {
      ...target,
      mark: 'kept',
      passage: { start: 0, end: 60 },
    });
    await told('kept');
    await chat.drawn();
    assert.equal(await keep.getAttribute('aria-pressed'), 'true');
  });

  test('of a fact names the fact alone', async () => {
    const { chat } = tools();
    await opened();
    const fact = chat.page.locator('.receipt-entry', { hasText: 'short answers' });
    await fact.getByRole('button', { name: 'Mute' }).click();
    assert.deepEqual((await chat.take('recall-mark')).change, { factId: 'f1', mark: 'muted' });
  });

  test('holds nothing once it is closed, and asks anew when it is opened again', async () => {
    const { chat, button } = tools();
    await opened();
    await button('Recalled 4 passages').click();
    await chat.take('receipt-close');
    assert.equal(await chat.page.locator('.receipt-entry').count(), 0);
    await button('Recalled 4 passages').click();
    await chat.take('receipt-open');
    await chat.drawn();
    assert.equal(await chat.page.getByText('Reading…').count(), 1);
    await chat.send({ type: 'receipt-change', turnId: 'recalling' });
    await chat.drawn();
    assert.equal(await chat.page.getByText('What was recalled cannot be read.').count(), 1);
  });

  test('quotes as text what looks like markup', async () => {
    const { chat } = tools();
    await opened();
    const text = '<img src=x onerror=alert(1)> [a](command:x) **bold**';
    const entries = [{ ...passage, text }];
    await chat.send({ type: 'receipt-change', turnId: 'recalling', receipt: { ...receipt, entries } });
    await chat.drawn();
    assert.equal(await chat.page.locator('.receipt-quote').innerText(), text);
    assert.equal(await chat.page.locator('.receipt-quote *').count(), 0);
  });

  for (const theme of themeNames) {
    for (const width of [250, 360]) {
      test(`is fine with axe and as wide as the view in ${theme} at ${width} pixels`, async () => {
        const { chat } = tools();
        await chat.restart({ theme, width });
        await chat.take('ready');
        await opened();
        assert.deepEqual(await axeFindings(chat.page), []);
        const wide = await chat.page.evaluate(() =>
          Array.from(document.querySelectorAll('.receipt-content *'))
            .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
            .map((element) => element.className),
        );
        assert.deepEqual(wide, []);
      });
    }
  }
});
