import assert from 'node:assert/strict';
import { HistoryNews } from '../../../../src/adapters/vscode/historyNews';
import type { ReconcileReport, RepairReport, ScrubReport } from '../../../../src/core/historyDoctor';

const nothing = { sessions: 0, turns: 0, facts: 0 };
const repair: RepairReport = {
  fromLog: { sessions: 1, turns: 7, facts: 0 },
  fromBackup: nothing,
  fromRecord: nothing,
  lost: [{ id: 't8', workspaceId: 'w', sessionId: 's1', sessionTitle: 'Trip' }],
  missing: [{ workspaceId: 'w', sessionId: 's1', sessionTitle: 'Trip', turns: 2 }],
  countKnown: true,
  repairedAt: '2026-03-01T10:00:00.000Z',
  repaired: true,
  automatic: true,
  problems: [{ kind: 'unreadable', message: 'SQLite: malformed' }],
  quarantine: '/data/quarantine/1',
};
const agrees: ReconcileReport = {
  relation: 'agrees',
  restored: nothing,
  addedTurns: [],
  deleted: nothing,
  missing: [],
};
const brought: ReconcileReport = {
  ...agrees,
  relation: 'behind',
  restored: { ...nothing, turns: 3 },
  addedTurns: ['t8', 't9', 't10'].map((id) => ({ id, sessionId: 's1' })),
};
const scrub: ScrubReport = {
  scrubbedAt: '2026-03-01T10:00:00.000Z',
  cleaned: ['/data/backups/1.db'],
  removed: [],
  unreachable: [],
};

suite('what happens to the history by itself is told', () => {
  let told: { level: string; message: string }[];
  let opened: string[];
  let notes: string[];
  let refreshed: number;
  let answer: string | undefined;
  let news: HistoryNews;
  setup(() => {
    [told, opened, notes, refreshed, answer] = [[], [], [], 0, undefined];
    news = new HistoryNews({
      notify: (level, message, action) => {
        told.push({ level, message });
        assert.equal(action, 'Show Report');
        return Promise.resolve(answer);
      },
      openReport: (_title, text) => Promise.resolve(void opened.push(text)),
      refresh: () => Promise.resolve(void (refreshed += 1)),
      note: (text) => void notes.push(text),
      failed: (error) => assert.fail(String(error)),
      clock: () => new Date('2026-03-01T10:00:00.000Z'),
    });
  });

  const reconciling = (report: ReconcileReport) => (): Promise<void> => {
    news.reconciled('w', report);
    return Promise.resolve();
  };

  test('nothing is told where nothing was changed', async () => {
    await news.gathering(reconciling(agrees))();
    news.reconciled('w', { ...agrees, relation: 'no-record' });
    news.repaired({ ...repair, repaired: false });
    news.repaired({ ...repair, automatic: false });
    assert.deepEqual([told, notes, refreshed], [[], [], 0]);
  });

  test('a repair that lost turns is a warning, and its report opens', async () => {
    answer = 'Show Report';
    news.repaired(repair);
    await Promise.resolve();
    assert.deepEqual(told, [
      {
        level: 'warning',
        message:
          'The history was damaged and has been repaired: 1 session and 7 turns from the damaged file; 3 turns cannot be brought back.',
      },
    ]);
    assert.equal(refreshed, 1);
    assert.match(opened.join(), /2 turns of “Trip” could not be found/);
    assert.deepEqual(notes, opened);
  });

  test('a repair, and what the record brought back after it, is told once, and lost is only what neither has', async () => {
    const opening = news.gathering(async () => {
      news.repaired(repair);
      await news.gathering(reconciling(brought))();
      assert.deepEqual(told, []);
    });
    await opening();
    assert.deepEqual(told, [
      {
        level: 'information',
        message:
          "The history was damaged and has been repaired: 1 session and 7 turns from the damaged file, 3 turns from VS Code's own storage.",
      },
    ]);
    assert.match(notes.join(), /Nothing is lost/);
  });

  test('a record that knows of more than could be found says at least so many, where a repair does not know', async () => {
    const missing = [{ workspaceId: 'w', sessionId: 's1', sessionTitle: 'Trip', turns: 5 }];
    await news.gathering(() => {
      news.repaired({ ...repair, lost: [], missing: [], countKnown: false });
      news.reconciled('w', { ...agrees, relation: 'behind', missing });
      return Promise.resolve();
    })();
    assert.match(told[0]?.message ?? '', /; at least 5 turns cannot be brought back\.$/);
    assert.match(notes.join(), /At least 5 turns of “Trip” could not be found/);
  });

  test('a rebuilt container’s history is told of, without talk of damage', () => {
    news.reconciled('w', { ...brought, relation: 'empty-log' });
    assert.deepEqual(told, [
      {
        level: 'information',
        message: 'This machine had no history of this workspace. Brought back: 3 turns.',
      },
    ]);
    assert.match(notes.join(), /0 sessions, 3 turns, 0 facts came from VS Code's own storage/);
  });

  test('copies that what was deleted left are told of, and those that it may be in still are a warning', () => {
    news.scrubbed(scrub);
    news.scrubbed({ ...scrub, cleaned: [], unreachable: ['/data/backups/2.db'] });
    news.scrubbed({ ...scrub, cleaned: [], removed: ['/data/backups/3.db'] });
    assert.deepEqual(
      told.map(({ level }) => level),
      ['information', 'warning', 'warning'],
    );
    assert.match(told[1]?.message ?? '', /may still be in copies/);
    const report = notes.at(-1) ?? '';
    for (const path of ['1', '2', '3']) assert.ok(report.includes(`\`/data/backups/${path}.db\``), path);
  });

  test('what retention deleted is only noted, unless a copy could not be cleaned', () => {
    news.quietly();
    news.scrubbed(scrub);
    assert.deepEqual(told, []);
    assert.equal(notes.length, 1);
    news.quietly();
    news.scrubbed({ ...scrub, unreachable: ['/data/backups/2.db'] });
    assert.equal(told.length, 1);
  });
});
