import assert from 'node:assert/strict';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import { Recaller } from '../../../../src/core/memory/recaller';
import { noRecallMarks } from '../../../../src/core/memory/recallMarks';
import { smallTalk } from '../../../../bench/recall/smallTalk';
import { asked, questions, sessions } from '../../../support/talks';
import { startOfTime } from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

suite('Recall in conversations of many kinds', () => {
  let storage: TemporaryStorage;
  let memory: SqliteLongTermMemory;
  let recaller: Recaller;

  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
    const scoped = { client: storage.client, workspaceId: 'w1' };
    const log = new SqliteHistoryLog(scoped);
    memory = new SqliteLongTermMemory(scoped);
    await log.load({ sessions: [...sessions()], facts: [] }, 'skip');
    recaller = new Recaller({
      memory,
      log,
      marks: noRecallMarks,
      clock: () => new Date(asked),
      timeZone: 'UTC',
      failed: (error) => assert.fail(String(error)),
    });
  });
  suiteTeardown(() => storage.dispose());

  for (const [kind, all] of Object.entries(questions)) {
    for (const { question, wants, within, before, now = asked } of all) {
      const at = now === asked ? '' : `, asked at ${now}`;
      test(`of ${kind}: "${question}"${at} finds "${wants}"`, async () => {
        // As a request carries them: a prompt with the reply to it, a reply with its prompt.
        const hits = await memory.recall(question, { limit: 10, now, neighbours: true });
        const place = hits.findIndex(
          ({ text, neighbour }) => text.includes(wants) || neighbour?.text.includes(wants),
        );
        const shown = hits.map(({ text, score }) => `${score.toFixed(1)} ${text.slice(0, 100)}`).join('\n');
        assert.ok(place >= 0 && place < within, shown);
        const { text = '', passage, neighbour } = hits[place] ?? {};
        const told = `${text.slice(passage?.start, passage?.end)} ${neighbour?.text ?? ''}`;
        assert.ok(told.includes(wants), 'the passage that is shown');
        const older = hits.findIndex(({ text }) => before !== undefined && text.includes(before));
        assert.ok(older < 0 || older > place, shown);
      });
    }
  }

  test('filters leave the rest out, whatever the question', async () => {
    const found = async (more: object): Promise<readonly string[]> =>
      (await memory.recall('keys server desk error login report', { limit: 50, now: asked, ...more })).map(
        ({ role, sessionId, createdAt }) => `${role} ${sessionId} ${createdAt}`,
      );
    assert.ok((await found({})).length > 40);
    assert.ok((await found({ role: 'user' })).every((hit) => hit.startsWith('user ')));
    assert.ok((await found({ sessionId: 'updates' })).every((hit) => hit.includes(' updates ')));
    const ofMarch = await found({ after: '2026-03-01', before: '2026-04-01' });
    assert.ok(ofMarch.length > 0 && ofMarch.every((hit) => hit.includes(' 2026-03-')));
  });

  for (const prompt of smallTalk) {
    test(`small talk recalls nothing: "${prompt}"`, async () => {
      const { units, missed } = await recaller.recall({ prompt, carried: [], limit: 20, deadlineMs: 60_000 });
      assert.equal(missed, undefined);
      assert.deepEqual(units.flatMap(({ parts }) => parts.map(({ recalled }) => recalled.text)), []); // prettier-ignore
    });
  }
});
