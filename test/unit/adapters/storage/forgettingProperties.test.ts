import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SqliteForgetting } from '../../../../src/adapters/storage/sqliteForgetting';
import {
  selectionOf,
  type ForgetItem,
  type ForgetPreview,
  type ForgetTarget,
} from '../../../../src/core/forgetting/forgetting';
import type { ForgetCounts } from '../../../../src/core/forgetting/receipt';
import type { HistoryDump } from '../../../../src/core/historyLog';
import type { Message } from '../../../../src/core/message';
import { assistant, createdAt, user } from '../../../contract/logFixture';
import { damages, KeptHistory, summaryOf } from '../../../support/damagedHistory';

/** What is said again and again: each sentence has a word that nothing else has. */
const sentences = [0, 1, 2, 3].map((n) => `The marzipan of vault${n}zq is kept at Elm Street.`);
const wordOf = (n: number): string => `vault${n}zq`;
const sentence = fc.nat({ max: sentences.length - 1 });

interface TurnPlan {
  readonly said: number;
  readonly form: 'plain' | 'quoted' | 'called' | 'returned' | 'none';
}
interface Plan {
  readonly sessions: readonly { readonly title?: number | undefined; readonly turns: readonly TurnPlan[] }[];
  readonly facts: readonly { readonly said: number; readonly before?: number | undefined }[];
  readonly summaries: readonly { readonly session: number; readonly covers: number; readonly said: number }[];
  readonly target: { readonly kind: 'turn' | 'session' | 'fact' | 'query'; readonly which: number };
  readonly included: readonly boolean[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  sessions: fc.array(
    fc.record({
      title: fc.option(sentence, { nil: undefined }),
      turns: fc.array(
        fc.record({
          said: sentence,
          form: fc.constantFrom('plain' as const, 'quoted', 'called', 'returned', 'none'),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  facts: fc.array(fc.record({ said: sentence, before: fc.option(sentence, { nil: undefined }) }), {
    maxLength: 3,
  }),
  summaries: fc.array(
    fc.record({ session: fc.nat({ max: 2 }), covers: fc.integer({ min: 1, max: 2 }), said: sentence }),
    { maxLength: 2 },
  ),
  target: fc.record({
    kind: fc.constantFrom('turn' as const, 'session', 'fact', 'query'),
    which: fc.nat({ max: 11 }),
  }),
  included: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
});

function messagesOf({ said, form }: TurnPlan, id: string): readonly Message[] {
  const text = sentences[said] ?? '';
  const called = (content: string): readonly Message[] => [
    {
      role: 'assistant',
      content: '',
      tool_calls: [
        {
          id: 'c',
          type: 'function',
          function: { name: 'note', arguments: JSON.stringify({ text: form === 'called' ? content : id }) },
        },
      ],
    },
    { role: 'tool', name: 'note', tool_call_id: 'c', content: form === 'returned' ? content : 'noted' },
  ];
  switch (form) {
    case 'plain':
      return [user(text), assistant(`Yes, as to ${id}.`)];
    case 'quoted':
      return [user(`As to ${id}: you said “${text}”, did you?`), assistant('Yes.')];
    case 'called':
    case 'returned':
      return [user(`Take a note of it for ${id}, please.`), ...called(text), assistant('Done.')];
    case 'none':
      return [user(`Good morning, this is ${id}.`), assistant('Good morning.')];
  }
}

function write(history: KeptHistory, { sessions, facts, summaries }: Plan): void {
  history.call('history-load', {
    dump: {
      sessions: sessions.map(({ title, turns }, s) => ({
        ...{ id: `s${s}`, createdAt, updatedAt: createdAt },
        title: title === undefined ? `Session ${s}` : (sentences[title] ?? ''),
        turns: turns.map((turn, t) => ({
          ...{ id: `t${s}-${t}`, createdAt, status: 'complete' as const },
          messages: messagesOf(turn, `t${s}-${t}`),
        })),
      })),
      facts: facts.map(({ said, before }, f) => ({
        ...{ id: `f${f}`, text: sentences[said] ?? '', createdAt },
        ...(before !== undefined && { history: [{ text: sentences[before] ?? '', createdAt }] }),
      })),
    },
    mode: 'update',
  });
  for (const [n, { session, covers, said }] of summaries.entries()) {
    const turns = sessions[session]?.turns.slice(0, covers) ?? [];
    if (turns.length === 0) continue;
    const turnIds = turns.map((_, t) => `t${session}-${t}`);
    history.call('summary-put', { summary: summaryOf(`sum${n}`, `s${session}`, turnIds, sentences[said]) });
  }
  for (const [s, { turns }] of sessions.entries()) {
    const [first] = history.call('turn-read', { turnId: `t${s}-0` })?.messages ?? [];
    if (turns.length > 1 && first?.id !== undefined)
      history.call('mark-set', { target: { messageId: first.id, turnId: `t${s}-0` }, mark: 'kept' });
  }
  for (const f of facts.keys()) history.call('mark-set', { target: { factId: `f${f}` }, mark: 'muted' });
}

function targetOf({ target: { kind, which }, sessions, facts }: Plan): ForgetTarget | undefined {
  const turnIds = sessions.flatMap(({ turns }, s) => turns.map((_, t) => `t${s}-${t}`));
  switch (kind) {
    case 'turn':
      return { kind, turnId: turnIds[which % turnIds.length] ?? '' };
    case 'session':
      return { kind, sessionId: `s${which % sessions.length}` };
    case 'fact':
      return facts.length === 0 ? undefined : { kind, factId: `f${which % facts.length}` };
    case 'query':
      return { kind, query: wordOf(which % sentences.length) };
  }
}

function filesHolding(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

interface Held {
  readonly dump: HistoryDump;
  readonly turns: ReadonlyMap<string, unknown>;
  readonly facts: ReadonlyMap<string, unknown>;
  readonly summaries: ReadonlyMap<string, { readonly turnIds: readonly string[] }>;
  readonly titles: ReadonlyMap<string, string>;
}

function heldBy(history: KeptHistory): Held {
  const dump = history.dump();
  const turns = dump.sessions.flatMap((session) => session.turns.map((turn) => [turn.id, turn] as const));
  const summaries = dump.sessions.flatMap((session) => session.summaries ?? []);
  return {
    dump,
    turns: new Map(turns),
    facts: new Map(dump.facts.map((fact) => [fact.id, fact])),
    summaries: new Map(summaries.map((summary) => [summary.id, summary])),
    titles: new Map(dump.sessions.map(({ id, title }) => [id, title])),
  };
}

/** Those ids that are gone from the one to the other; what is left is what it was. */
function gone(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly string[] {
  for (const [id, value] of after) assert.deepEqual(value, before.get(id), `${id} is as it was`);
  return [...before.keys()].filter((id) => !after.has(id)).sort();
}

const idsOf = (items: readonly ForgetItem[], kind: ForgetItem['kind']): readonly string[] =>
  items.filter((item) => item.kind === kind).map(({ id }) => id);

suite('Forgetting, whatever was said', () => {
  function checked(plan: Plan): { run(): Promise<void> } {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-forget-'));
    const databasePath = join(folder, 'history.db');
    const opened: KeptHistory[] = [];
    const open = (): KeptHistory => {
      const history = new KeptHistory(databasePath);
      opened.push(history);
      return history;
    };
    const forgettingOf = (history: KeptHistory): SqliteForgetting =>
      new SqliteForgetting({
        client: {
          call: (type: never, input: never) =>
            new Promise<unknown>((resolve) => resolve(history.call(type, input))),
          changed: () => undefined,
        } as never,
        ...{ workspaceId: 'w1', newId: randomUUID },
      });
    const run = async (): Promise<void> => {
      const target = targetOf(plan);
      if (!target) return;
      const first = open();
      write(first, plan);
      first.tidy();
      first.call('backup-make', {});
      first.close();
      // A copy goes to quarantine.
      damages['a zeroed page'](databasePath, () => 0);
      const history = open();
      history.tidy();
      const before = heldBy(history);
      const record = history.call('workspace-record', { maxBytes: 64_000 });
      const forgetting = forgettingOf(history);

      const preview = await forgetting.preview(target);
      assert.deepEqual(heldBy(history), before, 'a preview changes nothing');
      assert.deepEqual(await forgetting.preview(target), preview);
      const chosen = [...preview.items, ...preview.alike.filter((_, n) => plan.included[n % 12])];
      const selection = selectionOf(chosen);
      const receipt = await forgetting.forget(selection);
      history.tidy();
      const settled = (await forgetting.receipts()).find(({ id }) => id === receipt.id);
      assert.deepEqual(
        settled?.places.filter(({ state }) => state === 'pending'),
        [],
      );

      const after = heldBy(history);
      requireGone(before, after, chosen, preview, receipt.counts);
      requireNoBytes(folder, history, after);

      const again = await forgetting.forget(selection);
      assert.ok(
        Object.values(again.counts).every((count: number) => count === 0),
        'the same again is nothing',
      );
      assert.deepEqual(heldBy(history), after);

      // What tries to bring it back: the record of before, an older export, a repair from copies.
      history.call('workspace-reconcile', { record });
      assert.deepEqual(idsHeld(heldBy(history)), idsHeld(after), 'a record brings nothing back');
      for (const mode of ['update', 'skip'] as const) {
        history.call('history-load', { dump: before.dump, mode });
        assert.deepEqual(idsHeld(heldBy(history)), idsHeld(after), `an import (${mode}) brings nothing back`);
      }
      history.tidy();
      history.close();
      damages['an empty file'](databasePath);
      const repaired = open();
      const left = idsHeld(heldBy(repaired));
      assert.deepEqual(
        left.filter((id) => !idsHeld(after).includes(id)),
        [],
        'a repair brings nothing back',
      );
    };
    return {
      run: async () => {
        try {
          await run();
        } finally {
          for (const history of opened) history.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    };
  }

  function idsHeld({ turns, facts, summaries, titles }: Held): readonly string[] {
    return [turns, facts, summaries, titles].flatMap((map) => [...map.keys()]).sort();
  }

  function requireGone(
    before: Held,
    after: Held,
    chosen: readonly ForgetItem[],
    { summaries }: ForgetPreview,
    counts: ForgetCounts,
  ): void {
    const sessions = idsOf(chosen, 'session');
    const turns = new Set([
      ...idsOf(chosen, 'turn'),
      ...before.dump.sessions
        .filter(({ id }) => sessions.includes(id))
        .flatMap((one) => one.turns.map(({ id }) => id)),
    ]);
    assert.deepEqual(gone(before.turns, after.turns), [...turns].sort());
    assert.deepEqual(gone(before.facts, after.facts), [...idsOf(chosen, 'fact')].sort());
    const covering = [...before.summaries].flatMap(([id, { turnIds }]) =>
      turnIds.some((one) => turns.has(one)) ? [id] : [],
    );
    assert.deepEqual(
      gone(before.summaries, after.summaries),
      [...new Set([...covering, ...idsOf(chosen, 'summary')])].sort(),
    );
    for (const { id } of summaries) assert.ok(covering.includes(id), 'a preview tells what goes along');
    assert.deepEqual(
      [...before.titles.keys()].filter((id) => !after.titles.has(id)).sort(),
      [...sessions].sort(),
    );
    const retitled = [...after.titles].filter(([id, title]) => before.titles.get(id) !== title);
    const prompts = new Set(
      before.dump.sessions
        .flatMap((one) => one.turns)
        .filter(({ id }) => turns.has(id))
        .map((turn) => turn.messages[0]?.content),
    );
    for (const [id] of retitled)
      assert.ok(
        idsOf(chosen, 'title').includes(id) || prompts.has(before.titles.get(id)),
        `the title of ${id}`,
      );
    const messages = before.dump.sessions.flatMap((one) => one.turns).filter(({ id }) => turns.has(id));
    assert.deepEqual(
      [counts.sessions, counts.turns, counts.messages, counts.facts, counts.summaries, counts.titles],
      [
        sessions.length,
        turns.size,
        messages.reduce((sum, turn) => sum + turn.messages.length, 0),
        before.facts.size - after.facts.size,
        before.summaries.size - after.summaries.size,
        retitled.length,
      ],
    );
  }

  /** Of a sentence that nothing holds any more, no byte of a file holds the word. */
  function requireNoBytes(folder: string, history: KeptHistory, after: Held): void {
    const held = JSON.stringify([after.dump, [...after.titles]]);
    for (const n of sentences.keys()) {
      if (held.includes(wordOf(n))) continue;
      assert.deepEqual(filesHolding(folder, wordOf(n)), [], wordOf(n));
      assert.equal(JSON.stringify(history.call('mark-list', { limit: 100 })).includes(wordOf(n)), false);
    }
  }

  test('what was chosen is gone from every place, the rest is as it was, the counts are true, and nothing comes back', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(plans, (plan) => checked(plan).run()),
      { numRuns: 20, includeErrorInReport: true, endOnFailure: true },
    );
  });
});
