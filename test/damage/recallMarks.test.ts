import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Engine } from '../../src/adapters/storage/engine/engine';
import { DamageableHistory, damages, KeptHistory, markedThere, seeded } from '../support/damagedHistory';
import { temporaryFolder } from '../support/storage';

suite('Recall marks and damage', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sample: DamageableHistory;

  suiteSetup(async () => {
    folder = await temporaryFolder();
    sample = new DamageableHistory(folder.path);
  });
  suiteTeardown(async () => {
    sample.close();
    await folder.remove();
  });

  const all = ['kept t6.0', 'kept f1', 'muted t3.1'];

  function listed(history: KeptHistory): readonly string[] {
    const { marks } = history.call('mark-list', { limit: 99 });
    return marks.map((one) => `${one.mark} ${'factId' in one ? one.factId : one.messageId}`);
  }

  function changed(path: string, sql: string): KeptHistory {
    const engine = new Engine({ databasePath: path, newId: () => 'id' });
    engine.database.exec(sql);
    engine.close();
    return new KeptHistory(path);
  }

  for (const kind of ['wal', 'file'] as const) {
    for (const [damage, hurt] of Object.entries(damages)) {
      test(`after ${damage} in the ${kind} none is there that was not set, and with a backup all are`, () => {
        for (const backup of ['backup', 'no backup'] as const) {
          const path = sample.crashed(kind, backup);
          hurt(kind === 'wal' ? `${path}-wal` : path, seeded(4711));
          const history = new KeptHistory(path);
          history.dump();
          history.call('doctor-repair', { records: [] });
          const found = listed(history);
          assert.deepEqual(found, all.filter((one) => found.includes(one))); // prettier-ignore
          if (backup === 'backup') assert.deepEqual(found, all);
          assert.equal(history.call('doctor-check', { records: [] }).sound, true);
          history.close();
        }
      });
    }
  }

  test('they survive a repair, with their passages and in their order', () => {
    const path = sample.crashed('wal');
    const history = changed(path, `UPDATE facts SET body = replace(body, 'tea', 'Tea')`);
    const target = { messageId: 't4.1', turnId: 't4' };
    history.call('mark-set', { target, mark: 'kept', passage: { start: 3, end: 9 } });
    assert.equal(history.call('doctor-repair', { records: [] }).repaired, true);
    assert.deepEqual(listed(history), ['kept t4.1', 'kept t6.0', 'muted t3.1'], 'the damaged fact is lost');
    assert.equal(history.call('mark-kept', { limit: 1 })[0]?.text, 'wer t4');
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    history.close();
  });

  test('one that was taken back does not come back with a repair', () => {
    const path = sample.crashed('wal');
    const before = new KeptHistory(path);
    for (const { target } of markedThere) before.call('mark-set', { target });
    assert.deepEqual(listed(before), []);
    before.close();
    const history = changed(path, `UPDATE facts SET body = replace(body, 'tea', 'Tea')`);
    assert.equal(history.call('doctor-repair', { records: [] }).repaired, true);
    assert.deepEqual(listed(history), []);
    history.close();
  });

  test('a damaged one is found, and left out by the repair', () => {
    const history = changed(
      sample.crashed('file'),
      `UPDATE recall_marks SET mark = 'muted' WHERE id = 't6.0'`,
    );
    assert.deepEqual(listed(history), ['kept f1', 'muted t3.1']);
    assert.deepEqual(history.call('mark-read', { targets: [markedThere[2].target] }), [undefined]);
    const { problems } = history.call('doctor-check', { records: [] });
    assert.match(problems.map(({ message }) => message).join(), /A recall mark is not what was written/);
    assert.equal(history.call('doctor-repair', { records: [] }).repaired, true);
    assert.deepEqual(listed(history), ['kept f1', 'muted t3.1']);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    history.close();
  });

  test('those of a turn that is lost, or deleted, do not outlast it', () => {
    const history = changed(
      sample.crashed('file'),
      `UPDATE messages SET body = replace(body, 'prompt t6', 'Prompt t6')`,
    );
    history.call('turn-delete', { turnId: 't3' });
    assert.equal(history.call('doctor-repair', { records: [] }).repaired, true);
    assert.deepEqual(listed(history), ['kept f1']);
    history.close();
  });

  test('those of what was deleted leave the backups, too', () => {
    const path = sample.crashed('file', 'backup');
    const history = new KeptHistory(path);
    history.call('turn-delete', { turnId: 't3' });
    history.call('fact-forget', { factId: 'f1' });
    history.tidy();
    const [backup = ''] = readdirSync(join(path, '..', 'backups'));
    const copy = new DatabaseSync(join(path, '..', 'backups', backup), { readOnly: true });
    assert.deepEqual(copy.prepare('SELECT id FROM recall_marks').all().map(({ id }) => id), ['t6.0']); // prettier-ignore
    copy.close();
    history.close();
  });
});
