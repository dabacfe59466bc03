import assert from 'node:assert/strict';
import { addition, assistant, user, viewTurn } from './harness/fixtures';
import { useChatPage } from './harness/useChatPage';

const running = { status: 'running' } as const;

suite('the chat view', function () {
  this.timeout(30_000);
  const tools = useChatPage();

  suite('before the conversation', () => {
    test('says so when it does not load, and asks again', async () => {
      const { chat, composer, button, show } = tools();
      await chat.page.getByText('The conversation did not load.').waitFor({ timeout: 8000 });
      await button('Try Again').click();
      await chat.take('ready');
      await show();
      await composer.waitFor();
    });

    test('offers three things to try, and sends the one that is picked', async () => {
      const { chat, button, show, text } = tools();
      await show();
      await button('Add 5 and 10 for me.').click();
      const { text: sent } = await chat.take('turn-send');
      assert.equal(sent, 'Add 5 and 10 for me.');
      assert.equal(await text('.prompt-text'), sent);
      assert.equal(await chat.page.locator('.empty').count(), 0);
      await chat.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    });

    test('offers to connect a model only while the built-in one answers', async () => {
      const { chat, button, show } = tools();
      await show();
      await button('Connect a model').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.connectModel');
      await show([], { model: { label: 'gpt', builtIn: false } });
      await chat.page.locator('.empty-model').waitFor({ state: 'detached' });
    });
  });

  suite('writing a prompt', () => {
    test('Enter sends, Shift+Enter makes a new line', async () => {
      const { chat, composer, show } = tools();
      await show();
      await composer.click();
      await chat.page.keyboard.type('one');
      await chat.page.keyboard.press('Shift+Enter');
      await chat.page.keyboard.type('two');
      await chat.page.keyboard.press('Enter');
      const { text: sent, turnId } = await chat.take('turn-send');
      assert.equal(sent, 'one\ntwo');
      assert.match(turnId, /^[0-9a-f-]{36}$/);
      assert.equal(await composer.inputValue(), '');
    });

    test('prompts that waited when the window closed are in the composer again, once, until they are sent or taken out', async () => {
      const { chat, composer, show } = tools();
      const draftIs = (text: string) =>
        chat.page.waitForFunction((expected) => document.querySelector('textarea')?.value === expected, text);
      await show();
      await composer.fill('half a thought');
      const prompts = ['First', 'Second'].map((text) => ({ turnId: text, text }));
      await chat.send({ type: 'prompts-return', prompts });
      await draftIs('First\n\nSecond\n\nhalf a thought');
      await chat.page.getByText('2 prompts were still waiting when the window closed.').waitFor();
      await chat.page.reload();
      await chat.take('ready');
      await show();
      await chat.send({ type: 'prompts-return', prompts });
      await draftIs('First\n\nSecond\n\nhalf a thought');
      await composer.fill('First, and more');
      assert.deepEqual((await chat.take('prompts-returned')).turnIds, ['Second']);
      await composer.press('Enter');
      assert.deepEqual((await chat.take('prompts-returned')).turnIds, ['First']);
      assert.equal((await chat.take('turn-send')).text, 'First, and more');
    });

    test('the draft is the session’s own, in whatever order they are shown, and after a reload', async () => {
      const { chat, composer, show } = tools();
      const session = (id: string, length = 1) => ({ session: { id, title: id, length } });
      const turn = (id: string) => [viewTurn(id, [user('Hi'), assistant('Hello')])];
      const draftIs = (text: string) =>
        chat.page.waitForFunction((expected) => document.querySelector('textarea')?.value === expected, text);
      await show(turn('a'), session('a'));
      await composer.fill('for a');
      await show(turn('b'), session('b'));
      await draftIs('');
      await composer.fill('x'.repeat(20_000));
      await show(turn('a'), session('a'));
      await draftIs('for a');
      await show(turn('b'), session('b'));
      await draftIs('x'.repeat(20_000));
      await show([], session('new-1', 0));
      await draftIs('');
      await composer.fill('for a new one');
      await chat.page.reload();
      await chat.take('ready');
      await show([], session('new-2', 0));
      await draftIs('for a new one');
      await show(turn('t'), session('new-2'));
      await chat.page.locator('[data-turn=t]').waitFor();
      await draftIs('for a new one');
      await show(turn('a'), session('a'));
      await draftIs('for a');
      await show([], session('new-3', 0));
      await draftIs('');
      await show(turn('t'), session('new-2'));
      await draftIs('for a new one');
    });

    test('the things to try fit the model and what is kept', async () => {
      const { chat, show } = tools();
      const offered = () => chat.page.locator('.suggestion').allInnerTexts();
      await show();
      assert.ok((await offered()).includes('What do you remember about me?'));
      await show([], { strategy: 'none' });
      await chat.page.getByText('What can you do?').waitFor();
      assert.ok(!(await offered()).some((text) => /remember/i.test(text)));
      await show([], { model: { label: 'gpt', builtIn: false } });
      await chat.page.getByText(/regular expression/).waitFor();
      assert.equal((await offered()).length, 3);
    });

    test('nothing but space is not sent', async () => {
      const { chat, composer, button, show } = tools();
      await show();
      await composer.fill('  \n ');
      assert.ok(await button('Send').isDisabled());
      await composer.press('Enter');
      assert.deepEqual(
        chat.posted.filter(({ type }) => type === 'turn-send'),
        [],
      );
    });

    test('a prompt over the limit is counted and not sent; one at the limit is', async () => {
      const { chat, composer, button, show, text } = tools();
      await show();
      await composer.fill('x'.repeat(400_001));
      assert.match(await text('.note-error'), /400,001 of at most 400,000/);
      await composer.press('Enter');
      assert.ok(await button('Send').isDisabled());
      assert.deepEqual(
        chat.posted.filter(({ type }) => type === 'turn-send'),
        [],
      );
      await composer.fill('x'.repeat(400_000));
      await composer.press('Enter');
      assert.equal((await chat.take('turn-send')).text.length, 400_000);
    });

    test('the field grows with its text, up to a part of the view', async () => {
      const { composer, show } = tools();
      await show();
      const height = async () => (await composer.boundingBox())?.height ?? 0;
      const one = await height();
      await composer.fill('a\nb\nc');
      const three = await height();
      assert.ok(three > one + 30, `${one} -> ${three}`);
      await composer.fill('a\n'.repeat(200));
      assert.ok((await height()) <= 325);
    });

    test('ArrowUp in an empty composer brings the last prompts back', async () => {
      const { composer, show } = tools();
      await show([addition, viewTurn('2', [user('Second')])]);
      await composer.press('ArrowUp');
      assert.equal(await composer.inputValue(), 'Second');
      await composer.press('ArrowUp');
      assert.equal(await composer.inputValue(), 'Add 5 and 10 for me.');
      await composer.press('ArrowDown');
      await composer.press('ArrowDown');
      assert.equal(await composer.inputValue(), '');
    });

    test('the draft is there again after a reload', async () => {
      const { chat, composer, show } = tools();
      await show();
      await composer.fill('half a thou');
      await chat.page.reload();
      await chat.take('ready');
      await show();
      assert.equal(await composer.inputValue(), 'half a thou');
    });

    test('what was kept of a prompt before it was sent is no draft afterwards, whether it ran or waited', async () => {
      const { chat, composer, show } = tools();
      for (const waited of [false, true]) {
        await chat.restart();
        await show();
        await composer.fill('Half of a pro');
        const early = await chat.kept();
        assert.match(early, /Half of a pro/);
        await composer.fill('Half of a prompt');
        await composer.press('Enter');
        const { turnId, text } = await chat.take('turn-send');
        await chat.keep(early);
        await chat.page.reload();
        await chat.take('ready');
        await show(waited ? [] : [viewTurn(turnId, [user(text), assistant('Yes')])], {
          session: { id: 's', title: 's', length: 0 },
        });
        if (waited) await chat.send({ type: 'prompts-return', prompts: [{ turnId, text }] });
        await chat.page.waitForFunction(
          (expected) => document.querySelector('textarea')?.value === expected,
          waited ? text : '',
        );
        assert.ok(!(await chat.kept()).includes('"Half of a pro"'));
      }
    });

    test('a refused prompt comes back with the reason', async () => {
      const { chat, composer, button, show, text } = tools();
      await show();
      await composer.fill('Hello');
      await composer.press('Enter');
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
      const { chat, composer, button, show } = tools();
      await show();
      await composer.fill('Hello');
      await composer.press('Enter');
      const { turnId } = await chat.take('turn-send');
      await composer.fill('Newer');
      await chat.send({
        type: 'turn-rejected',
        turnId,
        text: 'Hello',
        reason: 'stale',
        message: 'Reload first.',
      });
      await button('Put the prompt back').click();
      assert.equal(await composer.inputValue(), 'Hello\n\nNewer');
    });

    test('a draft that was sent from elsewhere is gone, for good; one that was changed since, or is another session’s, stays', async () => {
      const { chat, composer, show } = tools();
      const shown = { session: { id: 's', title: 's', length: 0 } };
      await show([], shown);
      const sent = async (sessionId: string, text: string): Promise<void> => {
        await chat.send({ type: 'draft-sent', sessionId, text });
        await chat.drawn();
      };
      await composer.fill('half a thought');
      await sent('s', 'half');
      await sent('other', 'half a thought');
      assert.equal(await composer.inputValue(), 'half a thought');
      await sent('s', 'half a thought');
      assert.equal(await composer.inputValue(), '');
      await composer.fill('half a thought');
      await chat.drawn();
      assert.equal(await composer.inputValue(), 'half a thought', 'what is typed anew is not what was sent');
      await sent('s', 'half a thought');
      await chat.page.reload();
      await chat.take('ready');
      await show([], shown);
      assert.equal(await composer.inputValue(), '');
    });

    test('the host can ask for the focus', async () => {
      const { chat, show } = tools();
      await show();
      await chat.page.locator('.mark').click();
      await chat.send({ type: 'composer-focus' });
      await chat.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    });
  });

  suite('between the two sides', () => {
    test('a gap in the numbers asks for a snapshot', async () => {
      const { chat, show } = tools();
      await show([viewTurn('r', [user('Go')], running)]);
      await chat.sendRaw({ type: 'text-delta', n: 5, turnId: 'r', index: 1, text: 'lost' });
      await chat.take('ready');
      await show([viewTurn('r', [user('Go'), assistant('all of it')])]);
      await chat.page.locator('.answer', { hasText: 'all of it' }).waitFor();
    });

    test('notices can be dismissed', async () => {
      const { chat, button, show } = tools();
      await show();
      await chat.send({ type: 'notice', level: 'warning', message: 'The disk is full.' });
      await chat.page.getByText('The disk is full.').waitFor();
      await button('Dismiss').click();
      assert.equal(await chat.page.getByText('The disk is full.').count(), 0);
    });

    test('model and memory say what they are and lead to their settings', async () => {
      const { chat, button, show } = tools();
      await show([], { strategy: 'longTerm', model: { label: 'qwen3', builtIn: false } });
      await button('Long-term memory. Open settings').click();
      assert.equal((await chat.take('command-run')).command, 'workbench.action.openSettings');
      await button('Model: qwen3. Connect a model').click();
      assert.equal((await chat.take('command-run')).command, 'throughline.connectModel');
    });
  });
});
