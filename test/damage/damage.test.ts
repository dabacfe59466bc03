import assert from 'node:assert/strict';
import { DamageableHistory, damages, KeptHistory, seeded } from '../support/damagedHistory';
import { temporaryFolder } from '../support/storage';

suite('A damaged history', () => {
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
      test(`is opened, repaired and reported, and shows nothing that was not written: ${what} in the ${kind}`, () => {
        for (let seed = 1; seed <= 4; seed += 1) {
          const path = sample.crashed(kind);
          damage(kind === 'wal' ? `${path}-wal` : path, seeded(seed));
          const history = new KeptHistory(path);
          const first = history.dump();
          sample.shown(first, kind);
          history.tidy();
          const report = history.call('doctor-check', { records: [] });
          if (!report.sound) history.call('doctor-repair', { records: [] });
          const dump = history.dump();
          const found = sample.shown(dump, kind);
          const summaries = sample.shownSummaries(history);
          sample.shownTexts(history);
          const { sound } = history.call('doctor-check', { records: [] });
          assert.equal(sound, true);
          assert.equal(dump.corrupt, undefined);
          const lost = history.repairs.flatMap((repair) => repair.lost);
          if (found < sample.turns && what !== 'an empty file' && !what.startsWith('cut off')) {
            assert.ok(
              history.repairs.length > 0,
              `${sample.turns - found} lost, and nothing said (seed ${seed})`,
            );
          }
          if (summaries < sample.summaries.length && history.repairs.length > 0 && found === sample.turns)
            assert.ok(
              history.repairs.some(({ lostSummaries = 0 }) => lostSummaries > 0),
              `seed ${seed}`,
            );
          assert.ok(
            lost.every(({ id }) =>
              dump.sessions.every((session) => session.turns.every((turn) => turn.id !== id)),
            ),
          );
          history.append('after', 's9');
          history.close();
        }
      });
    }
  }
});
