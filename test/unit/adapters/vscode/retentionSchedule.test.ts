import assert from 'node:assert/strict';
import { RetentionSchedule } from '../../../../src/adapters/vscode/retentionSchedule';
import type { Retention, RetentionLimits, RetentionReport } from '../../../../src/core/retention';

const removed: RetentionReport = {
  sessions: 1,
  turns: 2,
  bytes: 1500,
  oldest: '2026-01-01T10:00:00.000Z',
  newest: '2026-01-05T10:00:00.000Z',
  kept: { turns: 3, bytes: 10 },
};

/** Lets a schedule look a few times. @returns what it asked for and said */
async function watch(limits: RetentionLimits | undefined, applyDaily: Retention['applyDaily']) {
  const asked: RetentionLimits[] = [];
  const said: string[] = [];
  let failures = 0;
  const unused = (): Promise<RetentionReport> => Promise.reject(new Error('not asked for'));
  const schedule = new RetentionSchedule({
    retention: {
      preview: unused,
      apply: unused,
      applyDaily: (given) => {
        asked.push(given);
        return applyDaily(given);
      },
    },
    limits: () => limits,
    report: (message) => said.push(message),
    failed: () => (failures += 1),
    firstMs: 1,
    everyMs: 1,
  });
  await new Promise((resolve) => setTimeout(resolve, 40));
  schedule.dispose();
  const looks = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked.length, looks, 'nothing happens once it is disposed');
  return { asked, said, failures };
}

suite('retention by itself', () => {
  test('without a limit, or where nothing is stored, it does not touch the history', async () => {
    for (const limits of [undefined, {}, { days: 0, megabytes: 0 }]) {
      assert.deepEqual((await watch(limits, () => Promise.resolve(removed))).asked, []);
    }
  });

  test('it says what it removed, and by which limit', async () => {
    const { asked, said } = await watch({ days: 30, megabytes: 0 }, () => Promise.resolve(removed));
    assert.deepEqual(asked[0], { days: 30, megabytes: 0 });
    assert.match(
      said[0] ?? '',
      /^Retention \(older than 30 days\) removed 2 turns and 1 session, from .*2026.* to .*2026.*, about 2 kB\.$/,
    );
  });

  test('where it is not due it says nothing', async () => {
    const { asked, said } = await watch({ days: 30 }, () => Promise.resolve(undefined));
    assert.ok(asked.length > 0);
    assert.deepEqual(said, []);
  });

  test('a failure is told, and it is tried again', async () => {
    const { asked, failures } = await watch({ megabytes: 5 }, () => Promise.reject(new Error('locked')));
    assert.ok(asked.length > 1);
    assert.ok(failures > 1);
  });
});
