import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openChatPage, type ChatPage } from './harness/chatPage';
import { addition, assistant, call, longAnswer, result, user, viewState, viewTurn } from './harness/fixtures';

const running = { status: 'running' } as const;

suite('the chat view', function () {
  this.timeout(30_000);
  let browser: Browser;
  let chat: ChatPage;
  suiteSetup(async () => (browser = await launchBrowser()));
  suiteTeardown(() => browser.close());
  setup(async () => {
    chat = await openChatPage(browser);
    await chat.take('ready');
  });
  teardown(async () => {
    assert.deepEqual(chat.complaints, []);
    await chat.page.context().close();
  });

  const composer = () => chat.page.getByRole('textbox', { name: 'Prompt' });
  const button = (name: string) => chat.page.getByRole('button', { name, exact: true });
  const show = (...args: Parameters<typeof viewState>) =>
    chat.send({ type: 'snapshot', state: viewState(...args) });
  const text = (selector: string) => chat.page.locator(selector).innerText();
  const distanceFromBottom = () =>
    chat.page
      .locator('.transcript')
      .evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

  suite('before the conversation', () => {
    test('says so when it does not load, and asks again', async () => {
      await chat.page.getByText('The conversation did not load.').waitFor({ timeout: 8000 });
      await button('Try Again').click();
      await chat.take('ready');
      await show();
      await composer().waitFor();
    });

    test('offers three things to try, and sends the one that is picked', async () => {
      await show();
      await button('Add 5 and 10 for me.').click();
      const { text: sent } = await chat.take('turn-send');
      assert.equal(sent, 'Add 5 and 10 for me.');
      assert.equal(await text('.prompt-text'), sent);
      assert.equal(await chat.page.locator('.empty').count(), 0);
    });

    test('offers to connect a model only while the built-in one answers', async () => {
      await show();
      await button('Connect a model').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.connectModel');
      await show([], { model: { label: 'gpt', builtIn: false } });
      await chat.page.locator('.empty-model').waitFor({ state: 'detached' });
    });
  });

  suite('writing a prompt', () => {
    test('Enter sends, Shift+Enter makes a new line', async () => {
      await show();
      await composer().click();
      await chat.page.keyboard.type('one');
      await chat.page.keyboard.press('Shift+Enter');
      await chat.page.keyboard.type('two');
      await chat.page.keyboard.press('Enter');
      const { text: sent, turnId } = await chat.take('turn-send');
      assert.equal(sent, 'one\ntwo');
      assert.match(turnId, /^[0-9a-f-]{36}$/);
      assert.equal(await composer().inputValue(), '');
    });

    test('nothing but space is not sent', async () => {
      await show();
      await composer().fill('  \n ');
      assert.ok(await button('Send').isDisabled());
      await composer().press('Enter');
      assert.deepEqual(
        chat.posted.filter(({ type }) => type === 'turn-send'),
        [],
      );
    });

    test('a prompt over the limit is counted and not sent; one at the limit is', async () => {
      await show();
      await composer().fill('x'.repeat(400_001));
      assert.match(await text('.note-error'), /400,001 of at most 400,000/);
      await composer().press('Enter');
      assert.ok(await button('Send').isDisabled());
      assert.equal(chat.posted.length, 1);
      await composer().fill('x'.repeat(400_000));
      await composer().press('Enter');
      assert.equal((await chat.take('turn-send')).text.length, 400_000);
    });

    test('the field grows with its text, up to a part of the view', async () => {
      await show();
      const height = async () => (await composer().boundingBox())?.height ?? 0;
      const one = await height();
      await composer().fill('a\nb\nc');
      const three = await height();
      assert.ok(three > one + 30, `${one} -> ${three}`);
      await composer().fill('a\n'.repeat(200));
      assert.ok((await height()) <= 325);
    });

    test('ArrowUp in an empty composer brings the last prompts back', async () => {
      await show([addition, viewTurn('2', [user('Second')])]);
      await composer().press('ArrowUp');
      assert.equal(await composer().inputValue(), 'Second');
      await composer().press('ArrowUp');
      assert.equal(await composer().inputValue(), 'Add 5 and 10 for me.');
      await composer().press('ArrowDown');
      await composer().press('ArrowDown');
      assert.equal(await composer().inputValue(), '');
    });

    test('the draft is there again after a reload', async () => {
      await show();
      await composer().fill('half a thou');
      await chat.page.reload();
      await chat.take('ready');
      await show();
      assert.equal(await composer().inputValue(), 'half a thou');
    });

    test('a refused prompt comes back with the reason', async () => {
      await show();
      await composer().fill('Hello');
      await composer().press('Enter');
      const { turnId } = await chat.take('turn-send');
      await chat.send({
        type: 'turn-rejected',
        turnId,
        text: 'Hello',
        reason: 'stale',
        message: 'Reload first.',
      });
      await chat.page.waitForFunction(() => document.querySelector('textarea')?.value === 'Hello');
      assert.match(await text('.note-error'), /Reload first\./);
      assert.equal(await chat.page.locator('.prompt').count(), 0);
      await button('Dismiss').click();
      assert.equal(await chat.page.locator('.note-error').count(), 0);
    });

    test('a refused prompt does not overwrite what was typed since', async () => {
      await show();
      await composer().fill('Hello');
      await composer().press('Enter');
      const { turnId } = await chat.take('turn-send');
      await composer().fill('Newer');
      await chat.send({
        type: 'turn-rejected',
        turnId,
        text: 'Hello',
        reason: 'stale',
        message: 'Reload first.',
      });
      await button('Put the prompt back').click();
      assert.equal(await composer().inputValue(), 'Hello\n\nNewer');
    });

    test('the host can ask for the focus', async () => {
      await show();
      await chat.page.locator('.mark').click();
      await chat.send({ type: 'composer-focus' });
      await chat.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    });
  });

  suite('while a turn runs', () => {
    setup(() =>
      show([viewTurn('r', [user('Go')], running), viewTurn('q', [user('Then')], { status: 'queued' })]),
    );

    test('the send button is a stop button, until there is something to queue', async () => {
      assert.equal(await button('Send').count(), 0);
      await composer().fill('more');
      await button('Queue').click();
      assert.equal((await chat.take('turn-send')).text, 'more');
      await button('Stop').click();
      assert.equal((await chat.take('turn-stop')).turnId, 'r');
    });

    test('Escape stops it', async () => {
      await composer().press('Escape');
      assert.equal((await chat.take('turn-stop')).turnId, 'r');
    });

    test('a queued turn can be cancelled', async () => {
      await button('Cancel').click();
      assert.equal((await chat.take('turn-stop')).turnId, 'q');
    });

    test('text streams in, and an unfinished fence is drawn as code', async () => {
      for (const piece of ['That is **3', '0**:\n\n```ts\nconst a', ' = 30;']) {
        await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: piece });
      }
      assert.equal(await text('.answer strong'), '30');
      assert.equal(await text('.answer pre'), 'const a = 30;');
      assert.equal(await text('.code-block-language'), 'ts');
    });

    test('what is drawn already is not drawn again', async () => {
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'First.\n\n```\ncode\n```\n\nLa' });
      await chat.page.locator('.answer p').nth(1).waitFor();
      await chat.page.evaluate(() => {
        const changed: string[] = [];
        Object.assign(window, { changed });
        new MutationObserver((list) =>
          list.forEach(({ target }) => changed.push(target.textContent ?? '')),
        ).observe(document.querySelector('.answer') ?? document, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      });
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'st.' });
      await chat.page.getByText('Last.').waitFor();
      const changed = await chat.page.evaluate(() => (window as unknown as { changed: string[] }).changed);
      assert.ok(
        changed.length > 0 && changed.every((content) => !/First|code/.test(content)),
        changed.join('|'),
      );
    });

    test('reasoning is folded away, and opens', async () => {
      await chat.send({ type: 'reasoning-delta', turnId: 'r', text: 'First I multiply.' });
      const row = chat.page.locator('.reasoning .disclosure-summary');
      assert.equal(await row.innerText(), 'Thinking…');
      assert.equal(await chat.page.getByText('First I multiply.').count(), 0);
      await row.click();
      assert.equal(await text('.reasoning-text'), 'First I multiply.');
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'Done' });
      await chat.page.getByText('Thought').waitFor();
    });

    test('a screen reader hears how it ended, once, and not each piece', async () => {
      const log = chat.page.getByRole('log');
      assert.equal(await log.getAttribute('aria-live'), 'off');
      const spoken = chat.page.locator('.visually-hidden[role=status]');
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'It is **30**.' });
      assert.equal(await spoken.textContent(), '');
      await chat.send({ type: 'turn-change', turn: viewTurn('r', [user('Go'), assistant('It is **30**.')]) });
      await chat.page.waitForFunction(
        () => document.querySelector('.visually-hidden[role=status]')?.textContent === 'It is 30 .',
      );
    });
  });

  suite('a turn', () => {
    test('shows its tool calls folded, and opens them', async () => {
      await show([addition]);
      const row = chat.page.getByRole('button', { name: /^Tool calculator/ });
      assert.match((await row.innerText()).replace(/\s+/g, ' '), /calculator 5 \+ 10 → 15/);
      assert.equal(await row.getAttribute('aria-expanded'), 'false');
      await row.click();
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
      assert.equal(
        await chat.page.locator('.tool-detail pre').first().innerText(),
        '{\n  "expression": "5 + 10"\n}',
      );
    });

    test('bounds a long result until all of it is asked for', async () => {
      await show([viewTurn('t', [user('Hi'), call('c', 'read', {}), result('c', 'x'.repeat(50_000))])]);
      await chat.page.getByRole('button', { name: /^Tool read/ }).click();
      const shown = chat.page.locator('.tool-detail pre').last();
      assert.ok((await shown.innerText()).length < 2100);
      await chat.page.getByRole('button', { name: 'Show all 50,000 characters' }).click();
      assert.equal((await shown.innerText()).length, 50_000);
    });

    test('that failed says so in a sentence, with what can be done', async () => {
      const error = {
        reason: 'unauthorized',
        message: 'The server refused the key.',
        actions: ['set-api-key' as const, 'retry' as const],
      };
      await show([viewTurn('f', [user('Hi')], { status: 'failed', error })]);
      assert.match(await text('.turn-failure'), /The server refused the key\./);
      await button('Set API Key').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.setApiKey');
      await button('Try Again').click();
      const retry = await chat.take('turn-retry');
      assert.equal(retry.turnId, 'f');
      assert.equal(await chat.page.locator('.prompt-text').last().innerText(), 'Hi');
    });

    test('that was stopped can be asked again; one not on disk says so', async () => {
      await show([
        viewTurn('s', [user('Hi'), assistant('He')], { status: 'stopped' }),
        viewTurn('u', [user('Hi'), assistant('Hello')], { saved: false }),
      ]);
      await chat.page.getByText('Not saved yet').waitFor();
      await chat.page.locator('[data-turn=s]').hover();
      await button('Ask again').click();
      assert.equal((await chat.take('turn-retry')).turnId, 's');
    });

    test('left out of the context says why', async () => {
      await show([viewTurn('t', [user('Hi'), assistant('Hello')], { leftOut: 'before the last trim' })]);
      assert.match(await text('.tag'), /Left out: before the last trim/);
    });

    test('is copied as markdown, and its code as code', async () => {
      await show([
        viewTurn('t', [user('Hi'), assistant(`${longAnswer}\n- in a list\n\n  \`\`\`sh\n  ls -l\n  \`\`\``)]),
      ]);
      const copied = () => chat.page.evaluate(() => navigator.clipboard.readText());
      await button('Copy answer').click();
      assert.match(await copied(), /^## Walking a tree/);
      await button('Copy code').first().click();
      assert.match(await copied(), /^def walk\(node, visit\):\n/);
      await button('Copy code').last().click();
      assert.equal(await copied(), 'ls -l\n');
      await chat.page.getByText('Copied').first().waitFor();
    });

    test('aligns the columns of its tables', async () => {
      await show([viewTurn('t', [user('Hi'), assistant(longAnswer)])]);
      const aligned = await chat.page
        .locator('tbody tr')
        .first()
        .locator('td')
        .evaluateAll((cells) =>
          cells.map((cell) => getComputedStyle(cell).textAlign.replace('-webkit-', '')),
        );
      assert.deepEqual(aligned, ['start', 'center', 'right', 'start']);
    });

    test('opens its links through the host, and none by itself', async () => {
      const answer =
        '[web](https://example.test/a?b=1) [mail](mailto:a@b.test) [run](command:x) https://auto.test/';
      await show([viewTurn('t', [user('Hi'), assistant(answer)])]);
      await chat.page.getByRole('link', { name: 'web' }).click();
      assert.equal((await chat.take('link-open')).href, 'https://example.test/a?b=1');
      await chat.page.getByRole('link', { name: 'mail' }).press('Enter');
      assert.equal((await chat.take('link-open')).href, 'mailto:a@b.test');
      await chat.page.getByRole('link', { name: 'auto.test' }).click({ button: 'middle' });
      assert.equal(await chat.page.getByRole('link').count(), 3);
      assert.equal(chat.posted.filter(({ type }) => type === 'link-open').length, 2);
    });

    test('folds a long prompt', async () => {
      await show([viewTurn('t', [user('line\n'.repeat(100)), assistant('Hm')])]);
      await button('Show more').click();
      assert.equal((await text('.prompt-text')).trim().split('\n').length, 100);
    });
  });

  suite('scrolling', () => {
    const long = (id: string) =>
      viewTurn(id, [user(`Prompt ${id}`), assistant('A paragraph of some length.\n\n'.repeat(20))]);
    const turns = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => long(String(from + at)));

    test('stays at the newest while it streams', async () => {
      await show([...turns(1, 3), viewTurn('r', [user('Go')], running)]);
      assert.ok((await distanceFromBottom()) < 2);
      for (let at = 0; at < 20; at++) {
        await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'More text.\n\n' });
      }
      await chat.page.waitForTimeout(50);
      assert.ok((await distanceFromBottom()) < 2);
    });

    test('lets the user read above while it streams, and jumps back when asked', async () => {
      await show([...turns(1, 3), viewTurn('r', [user('Go')], running)]);
      await chat.page.locator('.transcript').hover();
      await chat.page.mouse.wheel(0, -400);
      await button('Jump to latest').waitFor();
      const place = await chat.page.locator('.transcript').evaluate((element) => element.scrollTop);
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'More text.\n\n'.repeat(30) });
      await chat.page.waitForTimeout(50);
      assert.equal(await chat.page.locator('.transcript').evaluate((element) => element.scrollTop), place);
      await button('Jump to latest').click();
      assert.ok((await distanceFromBottom()) < 2);
    });

    test('a row that the user opens at the bottom stays where it is', async () => {
      await show([...turns(1, 2), addition]);
      const row = chat.page.getByRole('button', { name: /^Tool calculator/ });
      const before = (await row.boundingBox())?.y;
      await row.click();
      await chat.page.waitForTimeout(100);
      assert.equal((await row.boundingBox())?.y, before);
    });

    test('older turns come in above without moving what is read', async () => {
      await show(turns(11, 14), { more: true });
      await chat.page.locator('.transcript').evaluate((element) => (element.scrollTop = 150));
      const { before } = await chat.take('page-load');
      assert.equal(before, '11');
      const first = chat.page.locator('[data-turn="11"]');
      const top = (await first.boundingBox())?.y ?? 0;
      await chat.send({ type: 'page', before, turns: turns(5, 10), more: false });
      await chat.page.locator('[data-turn="5"]').waitFor({ state: 'attached' });
      await chat.page.waitForTimeout(50);
      assert.ok(Math.abs(((await first.boundingBox())?.y ?? 0) - top) <= 1);
    });

    test('the place is there again after a reload', async () => {
      await show(turns(1, 6));
      await chat.page.locator('[data-turn="3"]').evaluate((element) => element.scrollIntoView());
      await chat.page.waitForTimeout(300);
      const top = (await chat.page.locator('[data-turn="3"]').boundingBox())?.y ?? 0;
      await chat.page.reload();
      await chat.take('ready');
      await show(turns(1, 6));
      await chat.page.locator('[data-turn="3"]').waitFor();
      assert.ok(Math.abs(((await chat.page.locator('[data-turn="3"]').boundingBox())?.y ?? 0) - top) <= 2);
    });

    test('a long session stays smooth while an answer streams', async () => {
      await show([...turns(1, 300), viewTurn('r', [user('Go')], running)]);
      await chat.page.locator('[data-turn=r]').waitFor();
      const frames = await chat.page.evaluate(async () => {
        const times: number[] = [];
        for (let n = 1; n <= 60; n++) {
          const before = performance.now();
          window.postMessage(
            { type: 'text-delta', n, turnId: 'r', index: 1, text: 'word **bold** `code`\n\n' },
            '*',
          );
          await new Promise(requestAnimationFrame);
          times.push(performance.now() - before);
        }
        return times.sort((one, other) => one - other);
      });
      const median = frames[30] ?? 0;
      assert.ok(median < 50, `half of the frames took ${Math.round(median)} ms or more`);
    });
  });

  suite('between the two sides', () => {
    test('a gap in the numbers asks for a snapshot', async () => {
      await show([viewTurn('r', [user('Go')], running)]);
      await chat.sendRaw({ type: 'text-delta', n: 5, turnId: 'r', index: 1, text: 'lost' });
      await chat.take('ready');
      await show([viewTurn('r', [user('Go'), assistant('all of it')])]);
      await chat.page.locator('.answer', { hasText: 'all of it' }).waitFor();
    });

    test('notices can be dismissed', async () => {
      await show();
      await chat.send({ type: 'notice', level: 'warning', message: 'The disk is full.' });
      await chat.page.getByText('The disk is full.').waitFor();
      await button('Dismiss').click();
      assert.equal(await chat.page.getByText('The disk is full.').count(), 0);
    });

    test('model and memory say what they are and lead to their settings', async () => {
      await show([], { strategy: 'longTerm', model: { label: 'qwen3', builtIn: false } });
      await button('Long-term memory. Open settings').click();
      assert.equal((await chat.take('command-run')).command, 'workbench.action.openSettings');
      await button('Model: qwen3. Connect a model').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.connectModel');
    });
  });
});
