import assert from 'node:assert/strict';
import { DamageableHistory, damages, KeptHistory, seeded } from '../support/damagedHistory';
import { temporaryFolder } from '../support/storage';

suite('A damaged history that has a backup', () => {
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

  for (const [what, damage] of Object.entries(damages)) {
    for (const kind of ['file', 'wal'] as const) {
      test(`loses nothing of what a backup has: ${what} in the ${kind}`, () => {
        for (let seed = 1; seed <= 4; seed += 1) {
          const path = sample.crashed(kind, 'backup');
          damage(kind === 'wal' ? `${path}-wal` : path, seeded(seed));
          const history = new KeptHistory(path);
          history.dump();
          history.tidy();
          if (!history.call('doctor-check', { records: [] }).sound)
            history.call('doctor-repair', { records: [] });
          assert.equal(sample.shown(history.dump()), sample.turns, `seed ${seed}`);
          assert.deepEqual(history.dump().facts, sample.original.facts);
          assert.equal(sample.shownSummaries(history), sample.summaries.length);
          assert.equal(sample.shownTexts(history), sample.turns * 2);
          assert.deepEqual(
            history.repairs.map(({ lostSummaries, lostTexts }) => [lostSummaries, lostTexts]),
            history.repairs.map(() => [undefined, undefined]),
          );
          assert.deepEqual(
            history.repairs.flatMap(({ lost }) => lost),
            [],
          );
          const { known } = history.call('workspace-lookup', {
            aliases: ['file:a'],
            repository: [],
            ids: [],
          });
          assert.equal(known[0]?.id, 'w1');
          history.append('after', 's9');
          history.close();
        }
      });
    }
  }
});
