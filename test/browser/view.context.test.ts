import assert from 'node:assert/strict';
import { meterReading } from '../support/meterReading';
import { assistant, user, viewTurn } from './harness/fixtures';
import { useChatPage } from './harness/useChatPage';

const a = viewTurn('a', [user('One'), assistant('First.')]);
const b = viewTurn('b', [user('Two'), assistant('Second.')]);

suite('the context in the chat view', function () {
  this.timeout(30_000);
  const tools = useChatPage();
  const reading = (change: Parameters<typeof meterReading>[0] = {}): Promise<void> =>
    tools().chat.send({ type: 'context-meter', reading: meterReading(change) });

  suite('the meter', () => {
    test('is there once measured, says its shares, and opens the context', async () => {
      const { chat, show } = tools();
      await show([a]);
      assert.equal(await chat.page.locator('.meter').count(), 0);
      await reading();
      const meter = chat.page.getByRole('button', {
        name: /^9.3k of 16k tokens. Next request: about 9,340 of 16,000 tokens/,
      });
      assert.equal(await meter.innerText(), '9.3k of 16k');
      const title = (await meter.getAttribute('title')) ?? '';
      assert.match(title, /Pinned turns: 340\n/);
      assert.match(title, /Kept free for the answer: 4,000\nFree: 2,660\n/);
      assert.match(title, /31,204 in \(21,024 cached\), 2,085 out/);
      await meter.press('Enter');
      assert.equal((await chat.take('command-run')).command, 'throughline.inspectContext');
    });

    test('measures the draft when typing pauses, and not each key', async () => {
      const { chat, composer, show } = tools();
      await show([a]);
      assert.equal((await chat.take('context-measure')).text, '');
      await composer.pressSequentially('a few words', { delay: 5 });
      assert.equal((await chat.take('context-measure')).text, 'a few words');
      assert.equal(chat.posted.filter(({ type }) => type === 'context-measure').length, 2);
    });

    test('a prompt that was refused as it does not fit is told of once', async () => {
      const { chat, composer, show } = tools();
      await show([a]);
      await composer.fill('Far too long');
      await composer.press('Enter');
      const { turnId, text } = await chat.take('turn-send');
      const message = 'The prompt needs about 20000 tokens; 11000 are left for it. Shorten it.';
      await chat.send({ type: 'turn-rejected', turnId, text, reason: 'cannot-fit', message });
      await chat.page.getByRole('alert').getByText(message).waitFor();
      await reading({ problem: message });
      await chat.page.getByRole('alert').waitFor({ state: 'detached' });
      await chat.page.locator('.context-note').getByText(message).waitFor();
      assert.equal(await composer.inputValue(), 'Far too long');
      await reading();
      await chat.page.getByText(message).waitFor({ state: 'detached' });
    });

    test('never asks before the first snapshot is shown', async () => {
      const { chat } = tools();
      await chat.page.waitForTimeout(500);
      assert.deepEqual(
        chat.posted.map(({ type }) => type),
        ['ready'],
      );
    });
  });

  suite('before, while and after the oldest turns are summarised', () => {
    test('a warning offers to do it now, and goes when it is dismissed', async () => {
      const { chat, button, show } = tools();
      await show([a]);
      await reading({ near: true });
      await chat.page.getByText('Nearly full: the oldest turns are summarised soon.').waitFor();
      assert.equal(await chat.page.locator('.meter').getAttribute('data-level'), 'near');
      await button('Summarise Now').click();
      await chat.take('compaction-run');
      await button('Settings').click();
      assert.equal((await chat.take('command-run')).command, 'workbench.action.openSettings');
      await button('Dismiss').click();
      assert.equal(await button('Summarise Now').count(), 0);
      assert.equal(await chat.page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    });

    test('a running one says how many turns, and can be cancelled', async () => {
      const { chat, button, show } = tools();
      await show([a]);
      await chat.send({
        type: 'compaction-change',
        compaction: { status: 'running', turns: 12, done: 3 },
      });
      await chat.page.getByText('Summarising 12 turns…').waitFor();
      assert.equal(await chat.page.getByRole('progressbar').getAttribute('value'), '3');
      await button('Cancel').click();
      await chat.take('compaction-cancel');
    });

    test('a done one can be reviewed and undone', async () => {
      const { chat, button, show } = tools();
      await show([a], { compaction: { status: 'done', summaryId: 's1', turns: 12 } });
      await chat.page.getByText('requests carry the summary once they no longer fit').waitFor();
      await reading({ summaryIds: ['s1'] });
      await chat.page.getByText('12 turns are summarised in requests.').waitFor();
      await button('Review').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.reviewSummaries');
      await button('Undo').click();
      assert.equal((await chat.take('summary-undo')).summaryId, 's1');
    });

    test('one that the model could not write says so; one that failed says what to do', async () => {
      const { chat, button, show, text } = tools();
      await show([a], {
        compaction: { status: 'done', summaryId: 's1', turns: 2, note: 'gpt could not be asked' },
      });
      assert.match(
        await text('.context-note'),
        /Without the model, by quoting them: gpt could not be asked\./,
      );
      const message = 'The disk is full, so this was not saved: make room, then try again.';
      await chat.send({ type: 'compaction-change', compaction: { status: 'failed', message } });
      await chat.page.getByText(`No summary was made. ${message}`).waitFor();
      await button('Try Again').click();
      await chat.take('compaction-run');
    });
  });

  suite('a turn', () => {
    test('is pinned with the keyboard, says what that costs, and keeps the focus', async () => {
      const { chat, show, text } = tools();
      await show([a, b]);
      await chat.send({ type: 'context-turns', sessionId: 'session', turns: [{ id: 'a', tokens: 340 }] });
      const first = chat.page.locator('[data-turn=a]');
      const pin = first.getByRole('button', { name: /^Pin/ });
      await first.getByRole('button', { name: 'Pin turn: about 340 tokens in every request' }).waitFor();
      assert.equal(await pin.getAttribute('aria-pressed'), 'false');
      await pin.press('Enter');
      assert.deepEqual(await chat.take('turn-pin'), { type: 'turn-pin', turnId: 'a', pinned: true });
      await show([{ ...a, pinned: true }, b]);
      await first.getByRole('button', { name: 'Pinned: about 340 tokens in every request' }).waitFor();
      assert.equal(await pin.getAttribute('aria-pressed'), 'true');
      assert.match(await text('[data-turn=a] .tag'), /Pinned · 340 tokens/);
      assert.ok(await pin.evaluate((element) => element === document.activeElement));
      await pin.press('Space');
      assert.equal((await chat.take('turn-pin')).pinned, false);
    });

    test('shows what the model saw; one that is not stored has nothing to show or pin', async () => {
      const { chat, button, show } = tools();
      await show([a, viewTurn('u', [user('Hi'), assistant('Hello')], { saved: false })]);
      assert.equal(await button('What did the model see?').count(), 1);
      await chat.page.locator('[data-turn=a]').hover();
      await button('What did the model see?').click();
      assert.equal((await chat.take('turn-context')).turnId, 'a');
    });

    test('that is trimmed says so, and after the last of them the trim is undone where it shows', async () => {
      const { chat, button, show } = tools();
      const left = { leftOut: 'Trimmed from the context', leftOutLabel: 'Trimmed', trimmed: true };
      const older = viewTurn('older', [user('Zero'), assistant('Nothing.')], left);
      await show([older, { ...a, ...left }, b]);
      assert.deepEqual(await chat.page.locator('.tag').allInnerTexts(), ['Trimmed', 'Trimmed']);
      const next = chat.page.locator('[data-turn=a] + .trim-mark');
      assert.equal(await next.count(), 1);
      assert.equal(await chat.page.locator('.trim-mark').count(), 1);
      await button('Undo Trim').press('Enter');
      assert.equal((await chat.take('command-run')).command, 'throughline.undoTrim');
      await show([viewTurn('older', [user('Zero'), assistant('Nothing.')]), a, b]);
      assert.equal(await chat.page.locator('.trim-mark').count(), 0);
      assert.equal(await chat.page.evaluate(() => document.activeElement?.className), 'transcript');
    });

    test('for which a summary stands, or that the budget leaves out, says so', async () => {
      const { chat, show } = tools();
      await show([viewTurn('far', [user('Old'), assistant('Older')], { summarised: true }), a, b]);
      assert.equal(await chat.page.locator('.tag').count(), 0);
      const leftOut = { label: 'Left out for budget', reason: 'Older than what the token budget holds' };
      await chat.send({
        type: 'context-turns',
        sessionId: 'session',
        turns: [
          { id: 'a', tokens: 340, leftOut },
          { id: 'b', tokens: 200 },
        ],
        unread: { before: 'a', leftOut, summarised: { label: 'Summarised', reason: 'Summarised' } },
      });
      await chat.page.locator('[data-turn=a] .tag').waitFor();
      assert.deepEqual(await chat.page.locator('.tag').allInnerTexts(), [
        'Summarised',
        'Left out for budget',
      ]);
      assert.equal(await chat.page.locator('[data-turn=b]').getAttribute('data-left-out'), 'false');
    });
  });
});
