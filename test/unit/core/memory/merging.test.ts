import assert from 'node:assert/strict';
import type { Session } from '../../../../src/core/session';
import type { Summary } from '../../../../src/core/memory/summary';
import { undoSummary } from '../../../../src/core/memory/undoSummary';
import { ScriptedCompactor } from '../../../support/scriptedCompactor';
import { says, ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const filler = 'and so on '.repeat(20);
/** Summaries of which a request takes three. */
const summaryWords = 'They talked of many things. '.repeat(11);

async function open(compactor: ScriptedCompactor, maxTokens = 2_400) {
  const model = new ScriptedModel(...Array.from({ length: 200 }, (_, n) => says(`answer ${n} ${filler}`)));
  const compaction = { automatic: true, threshold: 0.8 };
  const setup = setUpSessions(model, { compactor, settings: { maxTokens, compaction } });
  const session = await setup.sessions.active();
  let count = 0;
  const ask = async (times = 1): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await session.send(`question ${count} ${filler}`, { turnId: `t${count}` });
      await session.compaction.settled();
      count += 1;
    }
  };
  const all = (): Promise<readonly Summary[]> => session.requests.summaries();
  const merged = async (): Promise<readonly Summary[]> =>
    (await all()).filter(({ replaces }) => replaces !== undefined);
  const untilMerged = async (): Promise<Summary> => {
    for (let n = 0; n < 120; n += 1) {
      const [summary] = await merged();
      if (summary) return summary;
      await ask();
    }
    return assert.fail('nothing was merged');
  };
  return { ...setup, session, ask, all, merged, untilMerged };
}

async function carried(session: Session): Promise<readonly string[]> {
  const { items } = session.requests.contextOf(await session.requests.parts());
  return items.flatMap(({ included, summaryId }) => (included && summaryId !== undefined ? [summaryId] : []));
}

/** The turns that the next request carries, or has a summary for, of `ids`. */
async function told(session: Session, summaries: readonly Summary[]): Promise<ReadonlySet<string>> {
  const { items } = session.requests.contextOf(await session.requests.parts());
  const byId = new Map(summaries.map((one) => [one.id, one.turnIds]));
  return new Set(
    items.flatMap(({ included, turnId, summaryId }) =>
      included ? [...(byId.get(summaryId ?? '') ?? []), ...(turnId === undefined ? [] : [turnId])] : [],
    ),
  );
}

suite('summaries that outgrow their share', () => {
  test('are replaced, the oldest first, by one made anew from the turns themselves', async () => {
    const compactor = new ScriptedCompactor(summaryWords);
    const { log, session, all, untilMerged } = await open(compactor);
    const merged = await untilMerged();
    const summaries = await all();
    const replaced = summaries.filter(({ id }) => merged.replaces?.includes(id));
    assert.ok(replaced.length >= 2);
    assert.deepEqual(
      summaries.filter(({ replaces }) => !replaces).slice(0, replaced.length),
      replaced,
      'the oldest',
    );
    assert.deepEqual(
      merged.turnIds,
      replaced.flatMap(({ turnIds }) => turnIds),
    );
    assert.deepEqual([merged.from, merged.to], [replaced[0]?.from, replaced.at(-1)?.to]);
    const { turns } = compactor.requests.at(-1) ?? { turns: [] };
    assert.deepEqual(
      turns.map(({ id }) => id),
      merged.turnIds,
    );
    const { turns: stored } = await log.turns(session.id, { limit: 200 });
    for (const turn of turns) {
      const words = stored.find(({ id }) => id === turn.id)?.messages.map(({ content }) => content) ?? [];
      turn.messages.forEach(({ content }, index) => {
        const [begin = '', end = ''] = content.split(' […] ');
        assert.ok(words[index]?.startsWith(begin) && words[index].endsWith(end));
      });
    }
    assert.doesNotMatch(JSON.stringify(turns), /many things/);
  });

  test('go on standing as long as they fit together; then the merged one does, and no turn is untold', async () => {
    const { session, all, ask, untilMerged } = await open(new ScriptedCompactor(summaryWords));
    const merged = await untilMerged();
    let waited = 0;
    for (let n = 0; n < 30; n += 1) {
      const now = await carried(session);
      if (now.includes(merged.id)) {
        assert.ok(waited > 0, 'it waited');
        assert.ok(!now.some((id) => merged.replaces?.includes(id)));
        const known = await told(session, await all());
        for (let t = 0; t < 20; t += 1) assert.ok(known.has(`t${t}`), `t${t}`);
        return;
      }
      waited += 1;
      await ask();
    }
    assert.fail('it never stood in');
  });

  test('never exceed it however long the session, and the oldest turns stay told', async () => {
    const { session, all, ask } = await open(new ScriptedCompactor(summaryWords));
    for (let n = 0; n < 110; n += 1) {
      await ask();
      const { items } = session.requests.contextOf(await session.requests.parts());
      const cost = items
        .filter(({ source, included }) => source === 'summary' && included)
        .reduce((sum, { tokens }) => sum + tokens, 0);
      assert.ok(cost <= 300, `${cost}`);
    }
    const known = await told(session, await all());
    // As many as can be read for one summary: 80 in a window of 2,400 tokens.
    for (let t = 45; t < 110; t += 1) assert.ok(known.has(`t${t}`), `t${t}`);
  });

  test('come back when the merged one is undone, which is not made again by itself', async () => {
    const { session, ask, all, merged, untilMerged } = await open(new ScriptedCompactor(summaryWords));
    const first = await untilMerged();
    for (let n = 0; n < 30 && !(await carried(session)).includes(first.id); n += 1) await ask();
    await undoSummary(session, first.id);
    const now = await carried(session);
    assert.ok(!now.includes(first.id));
    assert.ok(now.some((id) => first.replaces?.includes(id)));
    const states = (await all()).filter(({ id }) => first.replaces?.includes(id)).map(({ state }) => state);
    assert.ok(states.every((state) => state === 'active'));
    await ask(40);
    for (const { id, replaces } of await merged()) {
      assert.ok(id === first.id || !replaces?.some((one) => first.replaces?.includes(one)));
    }
    await session.requests.putSummary(first);
    assert.ok(!(await carried(session)).some((id) => first.replaces?.includes(id)));
  });

  test('where one that was replaced is undone, its turns are told by no merged one', async () => {
    const { session, all, ask, untilMerged } = await open(new ScriptedCompactor(summaryWords));
    const merged = await untilMerged();
    await undoSummary(session, merged.replaces?.[0] ?? '');
    await ask(8);
    assert.ok(!(await carried(session)).includes(merged.id));
    assert.equal((await all()).find(({ id }) => id === merged.id)?.state, 'active');
  });

  test('deleting a turn deletes every summary of it, merged or replaced; the others stand again', async () => {
    const { session, sessions, all, ask, untilMerged } = await open(new ScriptedCompactor(summaryWords));
    const merged = await untilMerged();
    for (let n = 0; n < 30 && !(await carried(session)).includes(merged.id); n += 1) await ask();
    const [first, ...others] = (await all()).filter(({ id }) => merged.replaces?.includes(id));
    await sessions.deleteTurn(first?.turnIds[0] ?? '');
    const left = (await all()).map(({ id }) => id);
    assert.ok(!left.includes(merged.id) && !left.includes(first?.id ?? ''));
    assert.ok(others.length > 0 && others.every(({ id }) => left.includes(id)));
    const now = await carried(session);
    assert.ok(others.some(({ id }) => now.includes(id)));
  });

  test('are left as they are where the merge is cancelled, fails, or is overtaken by the user', async () => {
    const ends: Record<string, (session: Session, newest: Summary) => Promise<void> | void> = {
      'cancelled': (session) => session.compaction.cancel(),
      'an edit': (session, one) => session.requests.putSummary({ ...one, text: 'Mine.', edited: true }),
      'an undo': (session, one) => session.requests.putSummary({ ...one, state: 'undone' }),
    }; // prettier-ignore
    for (const [what, end] of Object.entries(ends)) {
      const compactor = new ScriptedCompactor(summaryWords);
      const { session, all, merged, ask } = await open(compactor);
      const answer = Promise.withResolvers<string>();
      const compact = compactor.compact.bind(compactor);
      const asked: string[] = [];
      compactor.compact = async (request) => {
        if (request.turns[0]?.id !== 't0' || (await all()).length === 0) return compact(request);
        asked.push(what);
        const [oldest] = await all();
        await end(session, oldest as Summary);
        answer.resolve(summaryWords);
        return answer.promise;
      };
      for (let n = 0; n < 120 && asked.length === 0; n += 1) await ask();
      assert.ok(asked.length > 0, what);
      assert.deepEqual(await merged(), [], what);
      assert.notEqual(session.compaction.state.status, 'running');
    }
  });

  test('that the user has changed are never merged', async () => {
    const { session, all, merged, ask } = await open(new ScriptedCompactor(summaryWords));
    for (let n = 0; n < 60 && (await all()).length < 2; n += 1) await ask();
    const second = (await all())[1] as Summary;
    await session.requests.putSummary({ ...second, text: `Mine. ${second.text}`, edited: true });
    await ask(60);
    assert.ok((await merged()).length > 0);
    for (const { replaces } of await merged()) assert.ok(!replaces?.includes(second.id));
  });

  test('undone after a trim stay trimmed: only what was replaced comes back', async () => {
    const { session, ask } = await open(new ScriptedCompactor(summaryWords), 8_000);
    await ask(8);
    const made = (id: string, first: number, last: number, replaces?: readonly string[]): Summary => ({
      id,
      sessionId: session.id,
      createdAt: '2026-01-01T00:00:00.000Z',
      text: 'They talked.',
      by: 'template',
      turnIds: Array.from({ length: last - first + 1 }, (_, n) => `t${first + n}`),
      from: first,
      to: last,
      state: 'active',
      ...(replaces && { replaces }),
    });
    const [a, b, both] = [made('a', 0, 2), made('b', 3, 6), made('m', 0, 6, ['a', 'b'])];
    for (const one of [a, b, both]) await session.requests.putSummary(one);
    await session.requests.standIn(b);
    await undoSummary(session, 'm');
    assert.equal(session.summary?.contextStart, 7);
    assert.ok((await carried(session)).includes('b'));
    await undoSummary(session, 'b');
    assert.equal(session.summary.contextStart, 0);
  });

  // More than they replace; less, but more than half of their share.
  for (const words of [900, 150]) {
    test(`where the model writes ${words} words, the template makes it from the turns`, async () => {
      const compactor = new ScriptedCompactor(summaryWords);
      const compact = compactor.compact.bind(compactor);
      const { untilMerged, all } = await open(compactor);
      compactor.compact = async (request) =>
        request.turns[0]?.id === 't0' && (await all()).length > 0 ? 'blah '.repeat(words) : compact(request);
      const merged = await untilMerged();
      assert.equal(merged.by, 'template');
      assert.match(merged.text, /Asked: question \d+/);
    });
  }

  test('where the model writes more than fits, whole sentences of it stay', async () => {
    const compactor = new ScriptedCompactor(summaryWords);
    const compact = compactor.compact.bind(compactor);
    const { untilMerged, all } = await open(compactor);
    const sentences = Array.from({ length: 18 }, (_, index) => `Point ${index} was agreed by all of them.`);
    compactor.compact = async (request) =>
      request.turns[0]?.id === 't0' && (await all()).length > 0 ? sentences.join(' ') : compact(request);
    const merged = await untilMerged();
    assert.notEqual(merged.by, 'template');
    assert.match(merged.text, /^Point 0 was agreed by all of them\. [^]*\.$/);
    assert.ok(merged.text.length < sentences.join(' ').length);
  });
});
