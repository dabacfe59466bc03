import assert from 'node:assert/strict';
import path from 'node:path';
import type { MemoryLook, ShownListedFact } from '../../src/protocol/memory';
import { axeFindings } from './harness/axeFindings';
import type { MemoryPage } from './harness/memoryPage';
import { themeNames } from './harness/themes';
import { memoryResults, useMemoryPage } from './harness/useMemoryPage';

const listed = (id: string, text: string, change: Partial<ShownListedFact> = {}): ShownListedFact => ({
  id,
  text,
  createdAt: '2026-03-05T10:20:00.000Z',
  history: [],
  ...change,
});

const facts = [
  listed('f1', 'The staging server is called bluefin.', {
    history: [{ text: 'The staging server is called tuna.', createdAt: '2026-03-01T10:20:00.000Z' }],
    source: { turnId: 't1', deleted: false },
  }),
  listed('f2', 'Ada signs releases off, on Thursdays.', { source: { turnId: 't2', deleted: true } }),
];

suite('the Facts tab of the Memory view', function () {
  this.timeout(60_000);
  const opened = useMemoryPage();
  let memory: MemoryPage;
  setup(() => {
    memory = opened();
  });

  /** Shows these as what the newest look at facts finds. */
  const listFacts = async (shown: readonly ShownListedFact[], more = false): Promise<MemoryLook> => {
    const look = await memory.take('look', ({ tab }) => tab === 'facts');
    await showFacts(look, shown, more);
    return look;
  };
  const showFacts = async (
    { n, text }: MemoryLook,
    shown: readonly ShownListedFact[],
    more = false,
  ): Promise<void> => {
    const outcome = { status: 'found' as const, facts: [...shown], more };
    await memory.send({ type: 'shown', n, strategy: 'workspace', view: { tab: 'facts', text, outcome } });
    await memory.drawn();
  };
  const openFacts = async (): Promise<MemoryLook> => {
    await memory.answer('', {});
    await memory.page.getByRole('tab', { name: 'Facts' }).click();
    return listFacts(facts, true);
  };

  test('a fact is edited where it stands: Escape cancels, Enter saves, a failure keeps the text', async () => {
    const { page } = memory;
    await openFacts();
    const row = page.locator('.fact').first();
    const focused = page.locator(':focus');
    await row.getByRole('button', { name: 'Edit' }).click();
    await page.keyboard.press('Escape');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Edit: The staging/);
    await page.keyboard.press('Enter');
    await focused.fill('It is called cod.');
    await page.keyboard.press('Enter');
    const { request, change } = await memory.take('fact-change');
    assert.deepEqual(change, { kind: 'edit', factId: 'f1', text: 'It is called cod.' });
    await memory.send({ type: 'fact-changed', request, failure: 'The disk is full.' });
    await row.getByRole('alert').getByText('The disk is full.').waitFor();
    assert.equal(await focused.inputValue(), 'It is called cod.');
    await page.keyboard.press('Enter');
    const again = await memory.take('fact-change');
    await memory.send({ type: 'fact-changed', request: again.request, told: 'Saved.' });
    await page.getByRole('status').getByText('Saved.').waitFor();
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Edit: /);
    assert.deepEqual(await axeFindings(page), []);
  });

  test('a fact is deleted once it is confirmed, and the focus goes on', async () => {
    const { page } = memory;
    const look = await openFacts();
    const row = page.locator('.fact').first();
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.getByText('all its earlier texts will be deleted for good').waitFor();
    assert.equal(await page.locator(':focus').innerText(), 'Cancel');
    await row.getByRole('button', { name: 'Delete', exact: true }).click();
    const { request, change } = await memory.take('fact-change');
    assert.deepEqual(change, { kind: 'delete', factId: 'f1' });
    await memory.send({ type: 'fact-changed', request, told: 'Deleted.' });
    await showFacts(look, facts.slice(1));
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Edit: Ada'),
    );
    await row.getByText('its turn was deleted since').waitFor();
  });

  test('facts are filtered by what they say, and it says so where none does', async () => {
    const { page } = memory;
    await openFacts();
    const filter = page.getByRole('searchbox', { name: 'Filter facts' });
    await filter.fill('tuna');
    assert.equal((await listFacts(facts.slice(0, 1))).text, 'tuna');
    assert.equal(await page.locator('.results > .facts > .fact').count(), 1);
    await filter.fill('otters');
    await listFacts([]);
    await page.getByText('No fact says “otters”, now or earlier.').waitFor();
    await filter.press('Escape');
    assert.equal((await listFacts(facts)).text, '');
    assert.equal(await filter.inputValue(), '');
    await page.getByRole('tab', { name: 'Search' }).click();
    await page.getByRole('tab', { name: 'Facts' }).click();
    assert.equal(await page.locator('.results > .facts > .fact').count(), 2);
  });

  test('the keyboard alone reaches all of a fact, and leads from tab to tab', async () => {
    const { page } = memory;
    await openFacts();
    const focused = page.locator(':focus');
    await page.getByRole('searchbox', { name: 'Filter facts' }).focus();
    const names: string[] = [];
    for (let stop = 0; stop < 4; stop++) {
      await page.keyboard.press('Tab');
      names.push(await focused.innerText());
    }
    assert.deepEqual(names, ['Edit', 'Delete', 'Show Source', 'Earlier: 1']);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await focused.innerText(), 'Restore');
    await page.getByRole('tab', { name: 'Facts' }).focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused.innerText(), 'Search');
    assert.equal(await memory.field.count(), 1);
  });

  test('facts are added, restored and paged, and lead to where they were said', async () => {
    const { page } = memory;
    await openFacts();
    const field = page.getByLabel('Remember a fact');
    await field.fill('Tea at five');
    await field.press('Enter');
    const added = await memory.take('fact-change');
    assert.deepEqual(added.change, { kind: 'add', text: 'Tea at five' });
    await memory.send({ type: 'fact-changed', request: added.request, failure: 'No.' });
    await page.getByRole('alert').getByText('No.').waitFor();
    assert.equal(await field.inputValue(), 'Tea at five');
    await page.getByText('Earlier: 1').click();
    await page.getByRole('button', { name: 'Restore' }).click();
    assert.deepEqual((await memory.take('fact-change')).change, {
      kind: 'restore',
      factId: 'f1',
      createdAt: '2026-03-01T10:20:00.000Z',
    });
    await page.getByRole('button', { name: 'Show Source' }).click();
    assert.equal((await memory.take('open')).turnId, 't1');
    await page.getByRole('button', { name: 'Show More' }).click();
    assert.equal((await listFacts([])).limit, 100);
    await page.getByText('Nothing is remembered yet.').waitFor();
  });

  for (const theme of themeNames) {
    test(`can be looked at in ${theme}, and axe finds nothing`, async () => {
      const { page } = memory;
      const screens: Readonly<Record<string, () => Promise<void>>> = {
        'facts-history': async () => {
          await page.getByText('Earlier: 1').click();
          await page.locator('.fact').last().getByRole('button', { name: 'Delete' }).click();
        },
        'facts-edited': async () => {
          await page.getByRole('button', { name: 'Edit' }).first().click();
        },
        'facts-none': async () => {
          await page.getByRole('searchbox', { name: 'Filter facts' }).fill('otters');
          await listFacts([]);
        },
      };
      for (const [name, make] of Object.entries(screens)) {
        for (const width of [180, 300]) {
          await memory.restart({ theme, width, height: 480 });
          await openFacts();
          await make();
          await page.screenshot({ path: path.join(memoryResults, `${name}-${theme}-${width}.png`) });
          assert.deepEqual(await axeFindings(page), [], `${name} ${width}`);
        }
      }
    });
  }
});
