import assert from 'node:assert/strict';
import { ContextMeter, type Measured } from '../../../../src/adapters/vscode/contextMeter';
import { turnMarks } from '../../../../src/adapters/vscode/turnMarks';
import { HistoryError } from '../../../../src/core/errors';
import type { Session } from '../../../../src/core/session';
import type { SessionSettings } from '../../../../src/core/sessionDependencies';
import { ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const words = (count: number): string => 'word '.repeat(count);

async function setUp(settings: Partial<SessionSettings> = {}) {
  const { sessions, settings: given, log } = setUpSessions(new ScriptedModel(), { settings });
  const session = await sessions.active();
  const meter = new ContextMeter({ settings: given, delay: 0, firstDelay: 0 });
  const next = (): Promise<Measured | undefined> =>
    new Promise((resolve) => {
      const stop = meter.onChange((measured) => {
        stop();
        resolve(measured);
      });
    });
  const measure = async (change: () => unknown): Promise<Measured> => {
    const measured = next();
    await change();
    const result = await measured;
    assert.ok(result);
    return result;
  };
  const follow = (other: Session = session): Promise<Measured> => measure(() => meter.follow(other));
  return { meter, session, sessions, log, next, measure, follow };
}

suite('the meter of the next request', () => {
  test('says what inspecting the request says', async () => {
    const { session, follow, measure, meter } = await setUp();
    for (const prompt of ['a', 'b', 'c']) await session.send(prompt);
    await session.settled();
    await follow();
    const { reading } = await measure(() => meter.draft('And now?'));
    const context = await session.requests.inspect('And now?');
    assert.equal(reading.tokens, context.tokens);
    assert.deepEqual([reading.maxTokens, reading.reserve], [context.maxTokens, context.reserve]);
    const shared = reading.shares.reduce((total, { tokens }) => total + tokens, 0);
    assert.equal(shared, context.tokens);
  });

  test('what happens at once is measured once', async () => {
    const { meter, follow, session } = await setUp();
    await follow();
    let count = 0;
    meter.onChange(() => (count += 1));
    for (let n = 0; n < 50; n += 1) meter.draft(`draft ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(count, 1);
    assert.equal(meter.measured?.reading.tokens, (await session.requests.inspect('draft 49')).tokens);
  });

  test('a draft that will be refused says so in words, and the reserve is not shown as used', async () => {
    const { follow, measure, meter } = await setUp();
    await follow();
    const { reading } = await measure(() => meter.draft(words(20_000)));
    assert.match(reading.problem ?? '', /prompt needs about .* Shorten it/);
    assert.equal(reading.tokens, reading.maxTokens - reading.reserve);
    const fits = await measure(() => meter.draft('short'));
    assert.equal(fits.reading.problem, undefined);
  });

  test('a pinned turn that no longer fits is a problem before anything is sent', async () => {
    const { session, follow, measure } = await setUp({ maxTokens: 1000 });
    await session.send(words(300), { turnId: 'a' });
    await session.send(words(400), { turnId: 'b' });
    await follow();
    await session.requests.pin('a', true);
    const { reading } = await measure(() => session.requests.pin('b', true));
    assert.match(reading.problem ?? '', /pinned turn .* Unpin it/);
    assert.deepEqual(reading.shares, []);
  });

  test('warns before the window is full, as long as there is something to summarise', async () => {
    // Later than the warning: nothing is summarised yet.
    const compaction = { automatic: true, threshold: 1 };
    const { session, follow } = await setUp({ maxTokens: 1200, compaction });
    await session.send(words(80));
    await session.settled();
    assert.equal((await follow()).reading.near, false);
    let measured = await follow();
    for (let n = 0; n < 20 && !measured.reading.near; n += 1) {
      await session.send(words(40));
      await session.settled();
      measured = await follow();
    }
    assert.deepEqual([measured.reading.near, measured.reading.automatic], [true, true]);
    assert.ok(measured.context?.items.every(({ included }) => included));
    const summary = await session.compaction.run();
    const { reading } = await follow();
    assert.equal(reading.near, false);
    assert.deepEqual(reading.summaryIds, [], `${summary.id} waits until its turns no longer fit`);

    await session.requests.putSummary({ ...summary, state: 'undone' });
    const undone = (await follow()).reading;
    assert.deepEqual([undone.near, undone.automatic], [true, false], 'what was undone is not made by itself');
    const again = await session.compaction.run();
    assert.deepEqual(again.turnIds, summary.turnIds);
    assert.equal((await follow()).reading.near, false);
  });

  test('tells of each turn what it costs, and why it is left out', async () => {
    const { session, follow } = await setUp({ maxTokens: 1200 });
    for (let n = 0; n < 12; n += 1) await session.send(words(80), { turnId: `t${n}` });
    await session.settled();
    const measured = await follow();
    const { turns } = turnMarks(measured);
    const left = turns.filter(({ leftOut }) => leftOut);
    assert.ok(left.length > 0 && left.length < turns.length);
    const labels = new Set(left.map(({ leftOut }) => leftOut?.label));
    assert.deepEqual([...labels], ['Left out for budget', 'Left out by a cut']);
    assert.ok(turns.every(({ tokens }) => tokens > 80));
  });

  test('turns that a request cannot reach are told of as one', async () => {
    const { session, sessions, log } = await setUp({ maxTokens: 1200 });
    for (let n = 0; n < 70; n += 1) await session.send(words(80), { turnId: `t${n}` });
    await session.settled();
    await session.refresh();
    const { meter, follow } = await setUp({ maxTokens: 1200 });
    const measured = await follow(await sessions.active());
    meter.dispose();
    const { turns, unread } = turnMarks(measured);
    const page = await log.turns(session.id, { limit: 100 });
    const first = page.turns.findIndex(({ id }) => id === unread?.before);
    assert.equal(first, 70 - turns.length);
    assert.equal(unread?.leftOut.label, 'Left out for budget');
  });

  test('follows another session, and forgets the one before', async () => {
    const { meter, session, sessions, follow, measure } = await setUp();
    await session.send('hi');
    await follow();
    const other = await sessions.create({ title: 'Other' });
    assert.equal((await follow(other)).reading.sessionId, other.id);
    const measured = await measure(() => other.send('hello'));
    assert.equal(measured.reading.sessionId, other.id);
    await other.settled();
    await measure(() => meter.draft('x'));
    const told: (Measured | undefined)[] = [];
    meter.onChange((measured) => told.push(measured));
    await session.send('again');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(told, []);
  });

  test('where the history cannot be read there is no reading, and prompts go on', async () => {
    const { session, log, meter, next } = await setUp();
    await session.send('hi');
    await session.refresh();
    const turns = log.turns.bind(log);
    log.turns = () => Promise.reject(new HistoryError({ reason: 'unavailable' }));
    const measured = next();
    meter.follow(session);
    assert.equal(await measured, undefined);
    log.turns = turns;
    assert.equal((await session.send('still there?')).status, 'complete');
  });
});
