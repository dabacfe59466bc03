import assert from 'node:assert/strict';
import type { ChatPage } from './harness/chatPage';
import { addition, assistant, user, viewTurn } from './harness/fixtures';
import { useChatPage } from './harness/useChatPage';

const running = { status: 'running' } as const;

const distanceFromBottom = (chat: ChatPage): Promise<number> =>
  chat.page
    .locator('.transcript')
    .evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

suite('the chat view', function () {
  this.timeout(30_000);
  const tools = useChatPage();

  suite('scrolling', () => {
    const long = (id: string) =>
      viewTurn(id, [user(`Prompt ${id}`), assistant('A paragraph of some length.\n\n'.repeat(20))]);
    const turns = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, at) => long(String(from + at)));

    test('stays at the newest while it streams', async () => {
      const { chat, show } = tools();
      await show([...turns(1, 3), viewTurn('r', [user('Go')], running)]);
      assert.ok((await distanceFromBottom(tools().chat)) < 2);
      for (let at = 0; at < 20; at++) {
        await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'More text.\n\n' });
      }
      await chat.page.waitForTimeout(50);
      assert.ok((await distanceFromBottom(tools().chat)) < 2);
    });

    test('lets the user read above while it streams, and jumps back when asked', async () => {
      const { chat, button, show } = tools();
      await show([...turns(1, 3), viewTurn('r', [user('Go')], running)]);
      await chat.page.locator('.transcript').hover();
      await chat.page.mouse.wheel(0, -400);
      await button('Jump to latest').waitFor();
      const place = await chat.page.locator('.transcript').evaluate((element) => element.scrollTop);
      await chat.send({ type: 'text-delta', turnId: 'r', index: 1, text: 'More text.\n\n'.repeat(30) });
      await chat.page.waitForTimeout(50);
      assert.equal(await chat.page.locator('.transcript').evaluate((element) => element.scrollTop), place);
      await button('Jump to latest').click();
      assert.ok((await distanceFromBottom(tools().chat)) < 2);
    });

    test('a row that the user opens at the bottom stays where it is', async () => {
      const { chat, show } = tools();
      await show([...turns(1, 2), addition]);
      const row = chat.page.getByRole('button', { name: /^Tool calculator/ });
      const before = (await row.boundingBox())?.y;
      await row.click();
      await chat.page.waitForTimeout(100);
      assert.equal((await row.boundingBox())?.y, before);
    });

    test('older turns come in above without moving what is read', async () => {
      const { chat, show } = tools();
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
      const { chat, show } = tools();
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
      const { chat, show } = tools();
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
});
