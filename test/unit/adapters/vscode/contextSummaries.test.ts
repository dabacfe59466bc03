import assert from 'node:assert/strict';
import type { ContextItem } from '../../../../src/core/context/context';
import type { Summary } from '../../../../src/core/memory/summary';
import type { ShownSummaries } from '../../../../src/protocol/context';
import { openContextView } from '../../../support/openContextView';
import { says, ScriptedModel } from '../../../support/scriptedModel';

const long = 'a long story without an end '.repeat(20);

suite('summaries in the Context panel (host side)', () => {
  test('a summary is made, changed and undone, and says what it saves', async () => {
    const { look, ask, view, next } = openContextView(
      new ScriptedModel(...Array.from({ length: 4 }, () => says(long))),
    );
    await ask('a', 'b', 'c', 'd');
    const before = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual([before.summaries.length, before.plan.turns], [0, 3]);
    const made = next('shown', ({ view: { tab } }) => tab === 'summaries');
    view.accept({ type: 'summarise' });
    const { summaries } = (await made).view as ShownSummaries;
    const [summary] = summaries;
    assert.ok(summary);
    assert.equal(summary.by, undefined);
    assert.deepEqual([summary.first?.prompt, summary.last?.prompt, summary.opened], ['a', 'c', undefined]);
    const opened = (await look<ShownSummaries>({ tab: 'summaries', review: summary.id })).summaries[0]
      ?.opened;
    assert.deepEqual(
      opened?.turns.map(({ prompt }) => prompt),
      ['a', 'b', 'c'],
    );
    assert.ok((opened.replaced ?? 0) > summary.tokens);
    const changed = next(
      'shown',
      ({ view: shown }) => (shown as ShownSummaries).summaries[0]?.edited === true,
    );
    view.accept({ type: 'summary-change', summaryId: summary.id, text: 'Mine', state: 'undone' });
    const after = ((await changed).view as ShownSummaries).summaries[0];
    assert.deepEqual([after?.opened?.text, after?.state], ['Mine', 'undone']);
  });

  test('of a summary of 1,000 turns a page is read, once it is opened, and no other turn', async () => {
    const { look, sessions, log, ask } = openContextView(new ScriptedModel());
    await ask('first');
    const session = await sessions.active();
    const [one] = (await log.turns(session.id, { limit: 1 })).turns;
    const ids = Array.from({ length: 1_000 }, (_, n) => `t${n}`);
    const summary = {
      ...{ id: 's', sessionId: session.id, createdAt: '2026-01-02T03:04:05.000Z', text: 'Long.', by: 'x' },
      ...{ turnIds: ids, from: 0, to: 999, state: 'active' as const },
    };
    const others = Array.from({ length: 300 }, (_, n) => ({
      ...summary,
      id: `o${n}`,
      turnIds: ['t0', 't1'],
    }));
    session.requests.summaries = () => Promise.resolve([summary, ...others]);
    let read = 0;
    const text = 'x'.repeat(100_000);
    log.turns = () => assert.fail('no stretch of turns is read');
    log.turn = (id) => {
      read += 1;
      return Promise.resolve(one && { ...one, id, messages: [{ role: 'user', content: text }] });
    };
    const listed = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual([listed.summaries.length, listed.more, read], [50, true, 2], 'each turn is read once');
    assert.ok(JSON.stringify(listed).length < 50 * 400);
    const item = (summaryId: string, summaryPart: 'replaced' | 'left-out' | 'sent'): ContextItem => ({
      ...{ source: 'summary', tokens: 1, included: summaryPart === 'sent', reason: 'x', messages: [] },
      ...{ summaryId, summaryPart },
    });
    const items = [item('o297', 'replaced'), item('o298', 'left-out'), item('o299', 'sent')];
    const contextOf = session.requests.contextOf.bind(session.requests);
    session.requests.contextOf = (...args) => ({ ...contextOf(...args), items });
    const told = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual(
      told.summaries.slice(0, 4).map(({ out }) => out),
      [undefined, 'left-out', 'replaced', undefined],
    );
    const opened = await look<ShownSummaries>({ tab: 'summaries', review: 's', coveredFrom: 990 });
    const page = opened.summaries.find(({ id }) => id === 's')?.opened;
    assert.deepEqual([page?.from, page?.listed, page?.turns[0]?.id], [980, 20, 't980']);
    assert.ok(read < 30);
    assert.ok(JSON.stringify(opened).length < 200_000);
  });

  test('a merged summary of which a part was undone says so; summaries cost what the request says', async () => {
    const { look, sessions, ask } = openContextView(new ScriptedModel());
    await ask('first');
    const session = await sessions.active();
    const summary = (id: string, state: 'active' | 'undone', replaces?: readonly string[]): Summary => ({
      ...{ id, sessionId: session.id, createdAt: '2026-01-02T03:04:05.000Z', text: 'Long.', by: 'x' },
      ...{ turnIds: ['t0'], from: 0, to: 0, state, ...(replaces && { replaces }) },
    });
    session.requests.summaries = () =>
      Promise.resolve([summary('a', 'undone'), summary('b', 'active'), summary('ab', 'active', ['a', 'b'])]);
    const contextOf = session.requests.contextOf.bind(session.requests);
    const sent = {
      source: 'summary',
      included: true,
      summaryPart: 'sent',
      reason: 'x',
      messages: [],
    } as const;
    session.requests.contextOf = (...args) => ({
      ...contextOf(...args),
      items: [{ ...sent, summaryId: 'b', tokens: 1234 }],
    });
    const { summaries } = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual(
      summaries.map(({ id, out }) => [id, out]),
      [
        ['ab', 'part-undone'],
        ['b', undefined],
        ['a', undefined],
      ],
    );
    assert.equal(summaries[1]?.tokens, 1234);
  });
});
