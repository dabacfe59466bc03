import assert from 'node:assert/strict';
import { MemoryForgetting } from '../../../../src/adapters/storage/memoryForgetting';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { forgetCommands } from '../../../../src/adapters/vscode/commands/forgetCommands';
import type { ForgetPreview } from '../../../../src/core/forgetting/forgetting';
import type { ForgetReceipt } from '../../../../src/core/forgetting/receipt';
import { openSession, session, turn, turnIds, user } from '../../../contract/logFixture';
import { ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const secret = 'The vault opens with marzipan, tell nobody.';

async function setUp() {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const { sessions } = setUpSessions(new ScriptedModel(), { log });
  const forgetting = new MemoryForgetting({ history, log });
  await openSession(log);
  const turns = [
    turn('t1', { messages: [user(secret)] }),
    turn('t2', { messages: [user(secret)] }),
    turn('t3', { messages: [user(`You said: ${secret}`)] }),
  ];
  await log.load({ sessions: [session('s1', turns)], facts: [] }, 'update');
  const unused = (): Promise<void> => Promise.reject(new Error('not asked for'));
  const commands = forgetCommands(
    { get: () => Promise.resolve({ forgetting, sessions } as never) },
    { forget: unused, forgetReceipts: unused },
  );
  const run = <T>(name: string, argument: unknown) =>
    (commands[name]?.scripted as (argument: unknown) => Promise<T>)(argument);
  return { log, run };
}

suite('forgetting by scripts', () => {
  test('without confirm it only tells what would go, and what holds the same text', async () => {
    const { log, run } = await setUp();
    const preview = await run<ForgetPreview & { forgotten: boolean }>('forget', { turnId: 't1' });
    assert.equal(preview.forgotten, false);
    assert.deepEqual(preview.items.map(({ id }) => id), ['t1']); // prettier-ignore
    assert.deepEqual(preview.alike.map(({ id, why }) => [id, why]), [['t2', 'copy'], ['t3', 'quotes']]); // prettier-ignore
    assert.deepEqual(await turnIds(log), ['t1', 't2', 't3']);
  });

  test('with confirm, what is alike goes only where it is included, and what matches stays where it is excluded', async () => {
    const first = await setUp();
    await first.run('forget', { turnId: 't1', include: ['t3'], confirm: true });
    assert.deepEqual(await turnIds(first.log), ['t2']);
    const second = await setUp();
    const receipt = await second.run<ForgetReceipt & { forgotten: boolean }>('forget', {
      query: 'marzipan',
      exclude: ['t2'],
      confirm: true,
    });
    assert.deepEqual([receipt.forgotten, receipt.counts.turns], [true, 2]);
    assert.deepEqual(await turnIds(second.log), ['t2']);
    const receipts = await second.run<readonly ForgetReceipt[]>('forgetReceipts', {});
    assert.deepEqual(
      receipts.map(({ id }) => id),
      [receipt.id],
    );
  });

  for (const wrong of [
    {},
    { turnId: 't1', factId: 'f' },
    { turnId: 't1', role: 'user' },
    { query: 'x', after: 'y' },
  ])
    test(`refused, and nothing goes: ${JSON.stringify(wrong)}`, async () => {
      const { log, run } = await setUp();
      await assert.rejects(run('forget', { ...wrong, confirm: true }), { reason: 'invalid-argument' });
      assert.equal((await turnIds(log)).length, 3);
    });
});
