import assert from 'node:assert/strict';
import { addition, assistant, call, longAnswer, result, user, viewTurn } from './harness/fixtures';
import { useChatPage } from './harness/useChatPage';

const running = { status: 'running' } as const;

suite('the chat view', function () {
  this.timeout(30_000);
  const tools = useChatPage();

  suite('while a turn runs', () => {
    setup(() =>
      tools().show([
        viewTurn('r', [user('Go')], running),
        viewTurn('q', [user('Then')], { status: 'queued' }),
      ]),
    );

    test('the send button is a stop button, until there is something to queue', async () => {
      const { chat, composer, button } = tools();
      assert.equal(await button('Send').count(), 0);
      await composer.fill('more');
      await button('Queue').click();
      assert.equal((await chat.take('turn-send')).text, 'more');
      await button('Stop').click();
      assert.equal((await chat.take('turn-stop')).turnId, 'r');
    });

    test('Escape stops it', async () => {
      const { chat, composer } = tools();
      await composer.press('Escape');
      assert.equal((await chat.take('turn-stop')).turnId, 'r');
    });

    test('a queued turn can be cancelled', async () => {
      const { chat, button } = tools();
      await button('Cancel').click();
      assert.equal((await chat.take('turn-stop')).turnId, 'q');
    });

    test('text streams in, and an unfinished fence is drawn as code', async () => {
      const { chat, text } = tools();
      for (const piece of ['That is **3', '0**:\n\n```ts\nconst a', ' = 30;']) {
        await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: piece });
      }
      assert.equal(await text('.answer strong'), '30');
      assert.equal(await text('.answer pre'), 'const a = 30;');
      assert.equal(await text('.code-block-language'), 'ts');
    });

    test('what is drawn already is not drawn again', async () => {
      const { chat } = tools();
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
      const { chat, text } = tools();
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
      const { chat } = tools();
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
      const { chat, show } = tools();
      await show([addition]);
      const row = chat.page.getByRole('button', { name: /^Tool calculator/ });
      assert.match((await row.innerText()).replace(/\s+/g, ' '), /^Tool calculator 5 \+ 10 done → 15$/);
      assert.equal(await row.getAttribute('aria-expanded'), 'false');
      await row.click();
      assert.equal(await row.getAttribute('aria-expanded'), 'true');
      assert.equal(
        await chat.page.locator('.tool-detail pre').first().innerText(),
        '{\n  "expression": "5 + 10"\n}',
      );
    });

    test('bounds a long result until all of it is asked for', async () => {
      const { chat, show } = tools();
      await show([viewTurn('t', [user('Hi'), call('c', 'read', {}), result('c', 'x'.repeat(50_000))])]);
      await chat.page.getByRole('button', { name: /^Tool read/ }).click();
      const shown = chat.page.locator('.tool-detail pre').last();
      assert.ok((await shown.innerText()).length < 2100);
      await chat.page.getByRole('button', { name: 'Show all 50,000 characters' }).click();
      assert.equal((await shown.innerText()).length, 50_000);
    });

    test('that failed says so in a sentence, with what can be done', async () => {
      const { chat, button, show, text } = tools();
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
      const { chat, button, show } = tools();
      await show([
        viewTurn('s', [user('Hi'), assistant('He')], { status: 'stopped' }),
        viewTurn('u', [user('Hi'), assistant('Hello')], { saved: false }),
      ]);
      await chat.page.getByText('Not saved yet').waitFor();
      await chat.page.locator('[data-turn=s]').hover();
      await button('Ask again').first().click();
      assert.equal((await chat.take('turn-retry')).turnId, 's');
    });

    test('can be deleted, once the host has asked; not one that runs or is not on disk', async () => {
      const { chat, button, show } = tools();
      await show([
        viewTurn('d', [user('Hi'), assistant('Hello')]),
        viewTurn('u', [user('Hi'), assistant('Hello')], { saved: false }),
        viewTurn('r', [user('Hi'), assistant('He')], running),
      ]);
      assert.equal(await button('Delete turn…').count(), 1);
      await chat.page.locator('[data-turn=d]').hover();
      await button('Delete turn…').click();
      assert.equal((await chat.take('turn-delete')).turnId, 'd');
      assert.equal(await chat.page.locator('[data-turn=d]').count(), 1);
    });

    test('can be asked again, complete as it is', async () => {
      const { chat, button, show } = tools();
      await show([addition, viewTurn('none', [assistant('Imported without a prompt')])]);
      assert.equal(await button('Ask again').count(), 1);
      await button('Ask again').click();
      assert.equal((await chat.take('turn-retry')).turnId, addition.id);
      assert.equal(await chat.page.locator('.prompt-text').last().innerText(), 'Add 5 and 10 for me.');
    });

    test('has its prompt edited in the composer, beside what is there', async () => {
      const { chat, composer, button, show } = tools();
      await show([addition]);
      await button('Edit prompt').click();
      assert.equal(await composer.inputValue(), 'Add 5 and 10 for me.');
      await chat.page.keyboard.type(' Twice.');
      await chat.page.keyboard.press('Enter');
      assert.equal((await chat.take('turn-send')).text, 'Add 5 and 10 for me. Twice.');
      assert.equal(await chat.page.locator(`[data-turn=${addition.id}]`).count(), 1);
      await composer.fill('Mine.');
      await button('Edit prompt').first().click();
      assert.equal(await composer.inputValue(), 'Mine.\n\nAdd 5 and 10 for me.');
      await button('Edit prompt').first().click();
      assert.equal((await composer.inputValue()).split('Add 5').length, 3, 'once more, when asked once more');
    });

    test('that is deleted leaves the focus to the next one, the last one to the composer', async () => {
      const { chat, show, button } = tools();
      const [a, b, c] = ['a', 'b', 'c'].map((id) => viewTurn(id, [user(id), assistant('Hello')]));
      assert.ok(a && b && c);
      const focused = (): Promise<string> =>
        chat.page.evaluate(
          () => document.activeElement?.getAttribute('data-turn') ?? document.activeElement?.tagName ?? '',
        );
      await show([a, b, c]);
      await button('Delete turn…').nth(1).focus();
      await show([a, c]);
      await chat.page.locator('[data-turn=b]').waitFor({ state: 'detached' });
      assert.equal(await focused(), 'c');
      await chat.page.keyboard.press('Tab');
      await show([a]);
      await chat.page.locator('[data-turn=c]').waitFor({ state: 'detached' });
      assert.equal(await focused(), 'TEXTAREA');
      await button('Delete turn…').focus();
      await show([]);
      await chat.page.locator('.empty').waitFor();
      assert.equal(await focused(), 'TEXTAREA');
    });

    test('that was interrupted is told from one that was stopped', async () => {
      const { show, text } = tools();
      const error = { reason: 'interrupted', message: 'Interrupted: the window closed.', actions: [] };
      await show([viewTurn('i', [user('Hi'), assistant('He')], { status: 'stopped', error })]);
      assert.equal(await text('.turn-status'), 'Interrupted: the window closed.');
      await show([viewTurn('s', [user('Hi'), assistant('He')], { status: 'stopped' })]);
      assert.equal(await text('[data-turn=s] .turn-status'), 'Stopped');
    });

    test('of the built-in model that is out of its depth leads to another model', async () => {
      const { chat, button, show } = tools();
      const lost = (id: string) =>
        viewTurn(id, [user('Write a poem'), assistant('This is beyond me.')], { connect: true });
      await show([lost('p'), lost('q')]);
      assert.equal(await button('Connect a Model…').count(), 1);
      await button('Connect a Model…').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.connectModel');
    });

    test('says all that it has to say at 250 pixels', async () => {
      const { chat, show } = tools();
      await chat.page.setViewportSize({ width: 250, height: 720 });
      const why = 'does not fit into the budget of tokens';
      await show([{ ...addition, leftOut: why }]);
      const cut = await chat.page
        .locator('.turn-details > *')
        .evaluateAll((elements) =>
          elements
            .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
            .map(({ textContent }) => textContent),
        );
      assert.deepEqual(cut, []);
      const right = await chat.page.locator('.tag').evaluate((tag) => tag.getBoundingClientRect().right);
      assert.ok(right <= 250);
    });

    test('left out of the context says why', async () => {
      const { show, text } = tools();
      await show([viewTurn('t', [user('Hi'), assistant('Hello')], { leftOut: 'before the last trim' })]);
      assert.match(await text('.tag'), /Left out: before the last trim/);
    });

    test('is copied as markdown, and its code as code', async () => {
      const { chat, button, show } = tools();
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

    test('keeps its paragraphs and its code apart', async () => {
      const { chat, show } = tools();
      await show([viewTurn('t', [user('Go'), assistant('One.\n\nTwo.\n\n```sh\nls\n```\n\nThree.')])]);
      const below = (selector: string): Promise<string> =>
        chat.page
          .locator(selector)
          .first()
          .evaluate((element) => getComputedStyle(element).marginBottom);
      assert.equal(await below('.markdown-block p'), '10px');
      assert.equal(await below('.markdown > .code-block'), '10px');
    });

    test('aligns the columns of its tables', async () => {
      const { chat, show } = tools();
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
      const { chat, show } = tools();
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

    test('shows where a link leads, to the pointer and to the keyboard', async () => {
      const { chat, show, text } = tools();
      await show([
        viewTurn('t', [
          user('Hi'),
          assistant('[bank](https://evil.test/a "https://bank.test") [b](https://b.test/)'),
        ]),
      ]);
      await chat.page.getByRole('link', { name: 'bank' }).hover();
      assert.equal(await text('.link-target'), 'https://evil.test/a');
      await chat.page.getByRole('link', { name: 'b', exact: true }).focus();
      assert.equal(await text('.link-target'), 'https://b.test/');
      await chat.page.locator('textarea').focus();
      await chat.page.locator('textarea').hover();
      await chat.page.locator('.link-target').waitFor({ state: 'detached' });
    });

    test('folds a long prompt', async () => {
      const { button, show, text } = tools();
      await show([viewTurn('t', [user('line\n'.repeat(100)), assistant('Hm')])]);
      await button('Show more').click();
      assert.equal((await text('.prompt-text')).trim().split('\n').length, 100);
    });
  });
});
