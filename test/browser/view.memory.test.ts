import assert from 'node:assert/strict';
import path from 'node:path';
import type { ShownSearch } from '../../src/protocol/memory';
import { axeFindings } from './harness/axeFindings';
import { found, shownHit, type MemoryPage } from './harness/memoryPage';
import { themeNames } from './harness/themes';
import { memoryResults, useMemoryPage } from './harness/useMemoryPage';

const hits = [
  shownHit('1', 'The [staging] [server] is called bluefin, and it is behind the VPN.'),
  shownHit('2', '… put the [staging] key into the vault; the [server] reads it at start, and not before. …', {
    role: 'assistant',
    title: 'How do we deploy to a machine that nobody may log in to?',
  }),
  shownHit('3', '{"host":"[staging].example.test","role":"[server]"}', { role: 'tool', title: 'Deploy' }),
  shownHit('4', 'Which [server] did we take for [staging]?', { workspace: { id: 'w2', name: 'website' } }),
];

suite('the Memory view', function () {
  this.timeout(60_000);
  const opened = useMemoryPage();
  let memory: MemoryPage;
  setup(() => {
    memory = opened();
  });

  const search = async (text: string, answer: Partial<ShownSearch>): Promise<void> => {
    await memory.field.fill(text);
    await memory.answer(text, answer);
  };

  test('it searches as one types, and shows the passages with what was looked for', async () => {
    await memory.answer('', {});
    await memory.field.pressSequentially('staging server');
    const look = await memory.answer('staging server', found(hits));
    assert.equal(look.limit, 50);
    assert.deepEqual(await memory.page.locator('.hit').first().locator('mark').allInnerTexts(), [
      'staging',
      'server',
    ]);
    assert.equal(await memory.page.locator('#search-status').innerText(), '4 results');
    assert.match(await memory.hits.nth(3).innerText(), /In the workspace website/);
  });

  test('an answer to what was typed earlier comes too late', async () => {
    await memory.answer('', {});
    await memory.field.fill('first');
    const first = await memory.take('look', ({ text }) => text === 'first');
    await search('second', found([shownHit('2', 'the [second]')]));
    const view = {
      tab: 'search',
      text: 'first',
      problems: [],
      facts: [],
      ...found([shownHit('1', '[first]')]),
    };
    await memory.send({ type: 'shown', n: first.n, strategy: 'workspace', view: view as ShownSearch });
    await memory.drawn();
    assert.deepEqual(await memory.page.locator('.hit-text').allInnerTexts(), ['the second']);
  });

  test('text of any kind shows as the text that it is', async () => {
    await memory.answer('', {});
    const hostile =
      '<img src=x onerror=alert(1)> **bold** <script>alert(2)</script> [x](command:y) &lt;b&gt;';
    const hit = {
      ...shownHit('1', ''),
      title: '<b>title</b>',
      pieces: [
        { text: hostile, marked: false },
        { text: '<i>marked</i>', marked: true },
      ],
    };
    const facts = [{ id: 'f', text: '<u>fact</u>', createdAt: 'never' }];
    await search('x', { ...found([hit]), facts, problems: ['<s>problem</s>'] });
    assert.equal(await memory.page.locator('.hit-text').innerText(), `${hostile}<i>marked</i>`);
    assert.equal(await memory.page.locator('.hit-title').innerText(), '<b>title</b>');
    assert.equal(await memory.page.locator('main :is(img, script, b, i, u, s)').count(), 0);
  });

  test('the keyboard alone does it: the field, through the results and back, and opens one', async () => {
    const { page, field } = memory;
    await memory.answer('', {});
    await search('staging', found(hits));
    await field.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const focused = page.locator(':focus');
    assert.match(await focused.innerText(), /put the staging key/);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    assert.deepEqual(await memory.take('open'), { type: 'open', turnId: 'turn-4', workspaceId: 'w2' });
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    assert.equal(await focused.getAttribute('role'), 'searchbox');
    await field.press('ArrowDown');
    await page.keyboard.press('/');
    assert.equal(await focused.getAttribute('role'), 'searchbox');
    assert.equal(await field.inputValue(), 'staging');
    await page.keyboard.press('Escape');
    assert.equal(await field.inputValue(), '');
    await field.press('Tab');
    await page.keyboard.press('Control+f');
    assert.equal(await focused.getAttribute('role'), 'searchbox');
  });

  test('controls write filters into what is typed, and show those that are', async () => {
    const { page, field } = memory;
    await memory.answer('', {});
    await search('role:assistant tides', found(hits));
    await page.getByRole('button', { name: 'Filters, 1 set' }).click();
    assert.equal(await page.getByLabel('Said by').inputValue(), 'assistant');
    await page.getByLabel('Said by').selectOption('You');
    assert.equal(await field.inputValue(), 'role:user tides');
    await page.getByLabel('Where').selectOption('All workspaces');
    await page.getByLabel('When').selectOption('Last 7 days');
    await page.getByLabel('With tool calls').check();
    await page.getByLabel('Path').fill('src/my file.ts');
    await page.getByLabel('Path').press('Enter');
    const all = 'path:"src/my file.ts" has:tools after:7d in:everywhere role:user tides';
    assert.equal(await field.inputValue(), all);
    await memory.answer(all, found([]));
    await page.getByLabel('When').selectOption('Custom dates');
    await page.getByLabel('Before').fill('2026-03-01');
    assert.match(await field.inputValue(), /before:2026-03-01/);
    await page.getByLabel('When').selectOption('Any time');
    await page.getByLabel('Said by').selectOption('Anyone');
    await page.getByLabel('With tool calls').uncheck();
    await page.getByLabel('Path').fill('');
    await page.getByLabel('Path').press('Enter');
    assert.equal(await field.inputValue(), 'in:everywhere tides');
    assert.deepEqual(await axeFindings(page), []);
  });

  test('where nothing is found it says what was searched, and offers to widen it', async () => {
    const { page, field } = memory;
    await memory.answer('', {});
    await search('in:session role:user tides', found([]));
    await page.getByText('Searched what you said in this session. Other words may find it.').waitFor();
    assert.equal(await page.locator('#search-status').innerText(), 'Nothing found');
    await page.getByRole('button', { name: 'Search the Workspace' }).click();
    await memory.answer('role:user tides', found([]));
    await page.getByRole('button', { name: 'Search Without Filters' }).click();
    await memory.answer('tides', found([]));
    await page.getByRole('button', { name: 'Search All Workspaces' }).click();
    assert.equal(await field.inputValue(), 'in:everywhere tides');
  });

  test('filters alone list what fits, newest first, and are looked for further back on demand', async () => {
    const { page } = memory;
    const status = page.locator('#search-status');
    const listed = (more: object): object => ({ outcome: { status: 'found', hits, more: false, listed: true, ...more } });
    await memory.answer('', {});
    await search('role:assistant', listed({}));
    assert.equal(await status.innerText(), '4 results, newest first');
    await search('role:assistant before:2026-11-01', listed({ more: true }));
    assert.equal(await status.innerText(), 'The newest 4 results');
    await page.getByRole('button', { name: 'Show More' }).waitFor();
    await search('has:tools', listed({ hits: [], more: true, lookedBackTo: '2024-02-03T10:00:00.000Z' }));
    await page.getByText('Nothing found so far').waitFor();
    await page.getByText('Looked back to Feb 3, 2024.').waitFor();
    await page.screenshot({ path: path.join(memoryResults, 'looked-back.png') });
    await page.getByRole('button', { name: 'Look Further Back' }).click();
    assert.equal((await memory.take('look')).reach, 2);
    assert.deepEqual(await axeFindings(page), []);
  }); // prettier-ignore

  test('more is shown on demand, up to what can be read', async () => {
    await memory.answer('', {});
    await search('tides', found(hits, true));
    assert.equal(await memory.page.locator('#search-status').innerText(), 'The best 4 results');
    await memory.page.getByRole('button', { name: 'Show More' }).click();
    assert.equal((await memory.take('look')).limit, 100);
  });

  test('a failure says what to do, and is tried again', async () => {
    await memory.answer('', {});
    const message = 'Nothing can be searched here. The history itself works.';
    await search('tides', { outcome: { status: 'failed', message } });
    await memory.page.getByRole('alert').getByText(message).waitFor();
    await memory.page.getByRole('button', { name: 'Try Again' }).click();
    await memory.answer('tides', found(hits));
    assert.equal(await memory.hits.count(), 4);
  });

  test('a hit is copied, and what the host says of it is told', async () => {
    await memory.answer('', {});
    await search('tides', found(hits));
    await memory.hits.first().hover();
    await memory.hits.first().getByRole('button', { name: 'Copy the whole text' }).click();
    assert.deepEqual(await memory.take('copy'), { type: 'copy', turnId: 'turn-1', id: '1' });
    await memory.send({ type: 'notice', level: 'error', message: 'That is no longer in the history.' });
    await memory.page.getByText('That is no longer in the history.').waitFor();
    await memory.page.getByRole('button', { name: 'Dismiss' }).click();
    assert.equal(await memory.page.locator('.note').count(), 0);
  });

  test('a hit is muted, kept and forgotten where it stands, by the keyboard too; its mark is shown', async () => {
    const { page, field } = memory;
    await memory.answer('', {});
    await search('tides', found(hits));
    await field.press('ArrowDown');
    const focused = page.locator(':focus');
    await page.keyboard.press('Tab');
    assert.equal(await focused.getAttribute('aria-label'), 'Mute: never recall this again');
    await page.keyboard.press('Enter');
    const target = { turnId: 'turn-1', id: '1' };
    assert.deepEqual(await memory.take('mark'), { type: 'mark', ...target, mark: 'muted' });
    const withMark = (mark: 'muted' | 'kept') => found([shownHit('1', 'the [tides]', { mark })]);
    await memory.answerAgain('tides', withMark('muted'));
    await memory.hits.first().locator('.tag', { hasText: 'Muted' }).waitFor();
    assert.equal(await focused.getAttribute('aria-label'), 'Unmute: recall this again where it fits');
    await page.keyboard.press('Enter');
    assert.deepEqual(await memory.take('mark'), { type: 'mark', ...target });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await memory.take('mark'), { type: 'mark', ...target, mark: 'kept' });
    await memory.answerAgain('tides', withMark('kept'));
    await memory.hits.first().locator('.tag', { hasText: 'Always kept' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await memory.take('forget'), { type: 'forget', turnId: 'turn-1' });
  });

  test('what another workspace holds can be copied, but neither marked nor forgotten from here', async () => {
    await memory.answer('', {});
    await search('tides', found(hits));
    const actions = memory.hits.nth(3).locator('.hit-actions');
    assert.deepEqual(await actions.getByRole('button').count(), 1);
    await actions.getByRole('button', { name: 'Copy the whole text' }).waitFor();
  });

  test('what was typed is there again after the view was hidden', async () => {
    await memory.answer('', {});
    await search('tides', found(hits));
    await memory.page.reload();
    await memory.answer('tides', found(hits));
    assert.equal(await memory.field.inputValue(), 'tides');
    assert.equal(await memory.hits.count(), 4);
  });

  test('it takes the focus when it is asked for', async () => {
    await memory.answer('', {});
    await memory.send({ type: 'show', tab: 'search', text: 'tides' });
    await memory.answer('tides', found(hits));
    assert.equal(await memory.page.locator(':focus').getAttribute('role'), 'searchbox');
  });

  test('where nothing is kept it says so', async () => {
    await memory.answer('', {}, 'none');
    await memory.page.getByText('each prompt stands alone').waitFor();
    await memory.page.getByRole('button', { name: 'Open Settings' }).click();
    assert.equal((await memory.take('command-run')).command, 'workbench.action.openSettings');
  });

  for (const theme of themeNames) {
    test(`can be looked at in ${theme}, and axe finds nothing`, async () => {
      const { page } = memory;
      const facts = [
        { id: 'f1', text: 'The staging server is called bluefin.', createdAt: '2026-03-05T10:20:00.000Z' },
        { id: 'f2', text: 'Ada signs releases off, on Thursdays.', createdAt: '2026-03-01T10:20:00.000Z' },
      ];
      const screens: Readonly<Record<string, () => Promise<void>>> = {
        empty: () => memory.answer('', { facts }).then(() => undefined),
        found: async () => {
          await memory.answer('', {});
          await search('staging server', { ...found(hits, true), facts: facts.slice(0, 1) });
          await page.keyboard.press('ArrowDown');
          await page.keyboard.press('ArrowDown');
        },
        filters: async () => {
          await memory.answer('', {});
          await page.getByRole('button', { name: 'Filters' }).click();
          await page.getByLabel('When').selectOption('Custom dates');
          const problems = [
            '“role:admin” is no filter, and is looked for as words: role is user, assistant or tool.',
          ];
          await search('in:session role:admin tides', { ...found([]), problems });
        },
        failed: async () => {
          await memory.answer('', {});
          await search('tides', {
            outcome: { status: 'failed', message: 'The history could not be opened.' },
          });
        },
      };
      for (const [name, make] of Object.entries(screens)) {
        for (const width of [220, 360]) {
          await memory.restart({ theme, width, height: 620 });
          await make();
          await page.screenshot({ path: path.join(memoryResults, `${name}-${theme}-${width}.png`) });
          assert.deepEqual(await axeFindings(page), [], `${name} ${width}`);
        }
      }
    });
  }
});
