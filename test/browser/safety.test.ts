import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser, openChatPage } from './harness/chatPage';
import { assistant, call, result, user, viewState, viewTurn } from './harness/fixtures';
import { hostileMarkdown } from './harness/hostileMarkdown';
import { screens } from './harness/screens';

suite('whatever a model writes', function () {
  this.timeout(30_000);
  let browser: Browser;
  suiteSetup(async () => (browser = await launchBrowser()));
  suiteTeardown(() => browser.close());

  test('nothing of it runs or loads, in a stream or at rest, in answers, prompts, tools or notices', async () => {
    const chat = await openChatPage(browser);
    await chat.take('ready');
    const address = chat.page.url();
    await chat.page.exposeFunction('pwned', () => chat.complaints.push('pwned() was called'));
    const texts = Object.values(hostileMarkdown);
    const turns = texts.map((text, at) =>
      viewTurn(`t${at}`, [user(text), call(`c${at}`, text, text), result(`c${at}`, text), assistant(text)], {
        model: text,
        leftOut: text,
        status: 'failed',
        error: { reason: 'x', message: text, actions: [] },
      }),
    );
    const streaming = viewTurn('r', [user('Go')], { status: 'running' });
    await chat.send({
      type: 'snapshot',
      state: viewState([...turns, streaming], { model: { label: texts[1] ?? '', builtIn: false } }),
    });
    for (const text of texts) {
      await chat.send({ type: 'notice', level: 'error', message: text });
      await chat.send({ type: 'reasoning-delta', turnId: 'r', text });
      for (let at = 0; at < text.length; at += 5) {
        await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: text.slice(at, at + 5) });
      }
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: '\n\n' });
    }
    for (const row of await chat.page.locator('.disclosure-summary').all()) await row.click();
    const hrefs = await chat.page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    assert.ok(hrefs.length > 0);
    for (const href of hrefs) assert.match(href, /^(https?:\/\/|mailto:)/);
    for (const link of await chat.page.locator('a[href]').all()) await link.dispatchEvent('click');
    await chat.page.waitForTimeout(300);
    const alive =
      '#app :is(script, img, iframe, style, object, embed, form:not(.composer), base, link, meta, math)';
    assert.equal(await chat.page.locator(alive).count(), 0);
    assert.equal(
      await chat.page
        .locator('#app *')
        .evaluateAll(
          (elements) =>
            elements.filter((element) => element.getAttributeNames().some((name) => name.startsWith('on')))
              .length,
        ),
      0,
    );
    assert.equal(chat.page.url(), address);
    assert.deepEqual(chat.complaints, []);
    await chat.page.context().close();
  });

  test('the policy itself stops what would slip through', async () => {
    const chat = await openChatPage(browser);
    await chat.take('ready');
    await chat.page.evaluate(() => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="https://evil.test/a.png" onerror="document.title = 1"><iframe src="https://evil.test/"></iframe>',
      );
      const script = document.createElement('script');
      script.textContent = 'document.title = "ran"';
      document.body.append(script);
    });
    await chat.page.waitForTimeout(200);
    assert.equal(await chat.page.title(), 'Throughline');
    assert.deepEqual(
      chat.complaints.filter((complaint) => complaint.startsWith('request')),
      [],
    );
    await chat.page.context().close();
  });
});

suite('for everyone', function () {
  this.timeout(60_000);
  let browser: Browser;
  suiteSetup(async () => (browser = await launchBrowser()));
  suiteTeardown(() => browser.close());

  test('everything can be reached with the keyboard, and shows that it is', async () => {
    const chat = await openChatPage(browser, { theme: 'high-contrast' });
    await chat.take('ready');
    for (const body of screens['troubles']?.send ?? []) await chat.send(body);
    await chat.page.locator('textarea').focus();
    const reached = new Set<string>();
    for (let at = 0; at < 40; at++) {
      await chat.page.keyboard.press('Tab');
      const focused = await chat.page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return undefined;
        const ringed = element.closest('.composer-box') ?? element;
        const { outlineStyle, borderColor } = getComputedStyle(element);
        const label = element.getAttribute('aria-label') ?? element.textContent;
        return { label, visible: outlineStyle !== 'none' || (ringed !== element && borderColor !== '') };
      });
      if (!focused) continue;
      assert.ok(focused.visible, `${focused.label} has no focus ring`);
      reached.add(focused.label);
    }
    for (const label of [
      'Set API Key',
      'Try Again',
      'Ask again',
      'Copy answer',
      'Prompt',
      'Send',
      'Dismiss',
      'Conversation',
    ]) {
      assert.ok(reached.has(label), `${label} is not reached; these are: ${[...reached].join(', ')}`);
    }
    await chat.page.context().close();
  });

  test('nothing moves where motion is to be reduced', async () => {
    const chat = await openChatPage(browser);
    await chat.take('ready');
    for (const body of screens['thinking']?.send ?? []) await chat.send(body);
    const moving = () =>
      chat.page.evaluate(
        () => document.getAnimations().filter((animation) => animation.playState === 'running').length,
      );
    await chat.page.locator('.spinning').first().waitFor();
    assert.ok((await moving()) > 0);
    await chat.page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await moving(), 0);
    await chat.page.context().close();
  });
});
