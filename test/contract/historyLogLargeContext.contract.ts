import assert from 'node:assert/strict';
import type { SentContext } from '../../src/core/context/sentContext';
import type { HistoryLog } from '../../src/core/historyLog';
import { sent } from './historyLogContext.contract';
import { complete, leaseMs, type LogFixture, openSession, owner, start } from './logFixture';

export function historyLogLargeContext(fixture: () => LogFixture): void {
  suite('what was sent that is too much to be stored whole', () => {
    let log: HistoryLog;
    setup(async () => {
      log = fixture().log;
      await openSession(log, 's1');
    });

    async function finish(id: string, context: SentContext): Promise<void> {
      await log.begin(start(id, 's1'), { expectedLength: 0, owner, leaseMs });
      await log.finish(id, owner, { ...complete(id), context });
    }

    const includedTokens = (items: SentContext['items']): number =>
      items.reduce((sum, { included, tokens }) => sum + (included ? tokens : 0), 0);
    const size = (stored: SentContext | undefined): number => Buffer.byteLength(JSON.stringify(stored));
    const summaries = Array.from({ length: 700 }, (_, n) => ({
      source: 'summary' as const,
      included: n >= 660,
      reason: n >= 660 ? 'Stands for 7 turns' : `Ready to stand for ${n % 9} turns once they no longer fit`,
      tokens: 20 + (n % 3),
      summaryId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      turns: 7,
    }));
    const positions = Array.from({ length: 20_000 }, (_, n) => n);
    const window = {
      source: 'window' as const,
      included: true,
      reason: 'Recent',
      tokens: 20_000 * 7,
      positions,
      each: positions.map(() => 7),
    };

    test('hundreds of summaries: those left out are told by their number, and the turn is stored', async () => {
      const items = [...sent.items.slice(0, 2), ...summaries, ...sent.items.slice(3)];
      await finish('t1', { ...sent, items });
      assert.equal((await log.turn('t1'))?.status, 'complete');
      const stored = await log.sentContext('t1');
      assert.ok(size(stored) <= 65_536 && stored);
      assert.equal(includedTokens(stored.items), includedTokens(items));
      const told = stored.items.filter(({ source }) => source === 'summary');
      assert.equal(
        told.reduce((sum, { count = 1 }) => sum + count, 0),
        700,
      );
      assert.deepEqual(
        told.filter(({ included }) => included),
        summaries.slice(660),
      );
      const more = { reason: 'Too many to be stored one by one', turns: 660 * 7, count: 660 };
      assert.deepEqual(told[0], { source: 'summary', included: false, tokens: 660 * 21, ...more });
      assert.deepEqual(stored.items.slice(0, 2), items.slice(0, 2));
    });

    test('a window of very many turns: the newest one by one, those before by their number', async () => {
      const later = [{ tokens: 9, own: { messages: 1, tokens: 2 }, items: [{ ...window, reason: 'Kept' }] }];
      const carried = summaries.map((one) => ({ ...one, included: true }));
      const items = [...sent.items.slice(0, 2), ...carried, window, ...sent.items.slice(5)];
      await finish('t1', { ...sent, items, later });
      const stored = await log.sentContext('t1');
      assert.ok(size(stored) <= 65_536 + 200 && stored);
      assert.equal(includedTokens(stored.items), includedTokens(items));
      const told = stored.items.filter(({ source }) => source === 'window');
      assert.equal(
        told.reduce((sum, { turns = 0, positions: at = [] }) => sum + turns + at.length, 0),
        20_000,
      );
      assert.equal(told.at(-1)?.positions?.at(-1), 19_999);
      assert.equal(
        stored.items.findLast(({ source }) => source === 'summary')?.summaryId,
        carried[699]?.summaryId,
      );
      assert.equal((stored.later?.length ?? 0) + (stored.untold ?? 0), 1);
    });

    test('what is told together is stored the same when it is finished again', async () => {
      const context = { ...sent, items: summaries };
      await finish('t1', context);
      await log.finish('t1', owner, { ...complete('t1'), context });
    });
  });
}
