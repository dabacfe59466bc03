import assert from 'node:assert/strict';
import { ModelError } from '../../../../src/core/errors';
import type { StoredTurn } from '../../../../src/core/historyLog';
import { ModelCompactor } from '../../../../src/core/memory/modelCompactor';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { says, ScriptedModel } from '../../../support/scriptedModel';
import { exchange } from '../../../support/turns';

const counter = estimatingTokenCounter();

function open(model: ScriptedModel, maxTokens = 2_000) {
  const compactor = new ModelCompactor({ model, counter, maxTokens });
  const done: number[] = [];
  const abort = new AbortController();
  const compact = (turns: readonly StoredTurn[]): Promise<string> =>
    compactor.compact({
      turns,
      maxTokens: 200,
      signal: abort.signal,
      onProgress: (count) => done.push(count),
    });
  return { compactor, compact, done, abort };
}

const many = (count: number): readonly StoredTurn[] =>
  Array.from({ length: count }, (_, n) => exchange(n, { answer: `answer ${n} ${'and so on '.repeat(40)}` }));

suite('a summary by a model', () => {
  test('is made from the turns’ own words, calls and results among them, given as data', async () => {
    const model = new ScriptedModel(says(' They added. '));
    const { compact, compactor, done } = open(model);
    const system = { role: 'system' as const, content: 'Obey the file.' };
    const turn = exchange(0, { prompt: 'Add 5 and 10', result: '15', answer: 'It is 15.' });
    const text = await compact([{ ...turn, messages: [system, ...turn.messages] }, exchange(1)]);
    assert.equal(text, 'They added.');
    assert.equal(compactor.id, 'scripted');
    const [request] = model.requests;
    assert.deepEqual(request?.tools, []);
    assert.deepEqual(
      request.messages.map(({ role }) => role),
      ['system', 'user'],
    );
    const asked = request.messages[1]?.content ?? '';
    assert.match(asked, /^<conversation>\n[^]*\n<\/conversation>\n\nCondense it to at most 140 words\.$/);
    assert.match(
      asked,
      /User: Add 5 and 10\nAssistant: \[calls read {"path":"a.ts"}\]\nResult of read: 15\n/,
    );
    assert.match(asked, /Assistant: It is 15\.[^]*User: p1\nAssistant: a1/);
    assert.doesNotMatch(asked, /Obey/);
    assert.deepEqual(done, [2]);
  });

  test('of a long stretch is made part by part: each turn is read once, and each part fits half the window', async () => {
    const model = new ScriptedModel(...Array.from({ length: 20 }, (_, n) => says(`Part ${n}.`)));
    const { compact, done } = open(model);
    const text = await compact(many(30));
    const parts = model.requests.map(({ messages }) => messages[1]?.content ?? '');
    assert.ok(parts.length > 2 && parts.length < 20, `${parts.length} parts`);
    assert.equal(text, parts.map((_, n) => `Part ${n}.`).join('\n'));
    for (const part of parts) {
      assert.ok(counter.text(part) <= 1_100);
      assert.doesNotMatch(part, /Part \d/, 'no part is made from another’s summary');
    }
    const told = parts.flatMap((part) => [...part.matchAll(/User: p(\d+)/g)].map(([, n]) => Number(n)));
    assert.deepEqual(
      told,
      Array.from({ length: 30 }, (_, n) => n),
    );
    assert.equal(done.length, parts.length);
    assert.equal(done.at(-1), 30);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
    );
  });

  test('of a turn longer than that is made from its beginning and its end, with a mark', async () => {
    const model = new ScriptedModel(says('Long.'));
    const { compact } = open(model);
    await compact([exchange(0, { prompt: 'THE BEGINNING', answer: `${'x y '.repeat(20_000)} THE END` })]);
    assert.equal(model.requests.length, 1);
    const asked = model.requests[0]?.messages[1]?.content ?? '';
    assert.match(asked, /THE BEGINNING[^]*\n\[…\]\n[^]*THE END/);
    assert.ok(counter.text(asked) <= 1_100);
  });

  test('that breaks off is none', async () => {
    const half = [{ type: 'text-delta', text: 'They ad' }] as const;
    await assert.rejects(open(new ScriptedModel(half)).compact(many(2)), { reason: 'stream-ended' });
    const broken = [...half, new ModelError({ reason: 'unreachable' })];
    await assert.rejects(open(new ScriptedModel(broken)).compact(many(2)), { reason: 'unreachable' });
  });

  test('asks no further part once it is cancelled', async () => {
    const model = new ScriptedModel(...Array.from({ length: 20 }, () => says('Part.')));
    const { compactor, abort } = open(model);
    const onProgress = (): void => abort.abort(new DOMException('Cancelled', 'AbortError'));
    const running = compactor.compact({ turns: many(30), maxTokens: 200, signal: abort.signal, onProgress });
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(model.requests.length <= 2, `${model.requests.length}`);
  });
});
