import assert from 'node:assert/strict';
import type { ContextChoice, ContextShown, ShownView } from '../../../../src/protocol/context';
import {
  contextModel,
  isCurrent,
  reduceContext,
  type ContextModel,
} from '../../../../src/webview/context/contextModel';

const settings: ContextChoice = {
  maxTokens: 8000,
  policies: ['tokenBudget'],
  windowTurns: 20,
  windowMessages: 0,
  recentTurns: 6,
};
const context = { tokens: 10, maxTokens: 8000, reserve: 2000, margin: 0, items: [] };

const shown = (model: ContextModel, view: ShownView, change: Partial<ContextShown> = {}): ContextShown => ({
  type: 'shown',
  n: model.n,
  session: { id: 's', title: 'S' },
  strategy: 'workspace',
  settings,
  view,
  ...change,
});
const next = (change: Partial<Extract<ShownView, { tab: 'next' }>> = {}): ShownView => ({
  tab: 'next',
  waiting: false,
  prompt: '',
  contextId: 'c',
  context,
  ...change,
});

suite('what the Context panel shows', () => {
  test('is out of date from each change of the look until its answer', () => {
    const first = reduceContext(contextModel(), { type: 'looked-again' });
    assert.equal(isCurrent(first), false);
    const answered = reduceContext(first, shown(first, next()));
    assert.equal(isCurrent(answered), true);
    assert.equal(isCurrent(reduceContext(answered, { type: 'prompt-typed', prompt: 'x' })), false);
  });

  test('keeps the last request in sight while a turn runs, marked as waiting', () => {
    const first = reduceContext(contextModel(), shown(contextModel(), next()));
    const waiting = reduceContext(first, shown(first, { tab: 'next', waiting: true, prompt: '' }));
    assert.equal(waiting.next?.waiting, true);
    assert.deepEqual(waiting.next.context, context);
  });

  test('nothing of another session stays in sight', () => {
    const first = reduceContext(contextModel(), shown(contextModel(), next()));
    const past = reduceContext(reduceContext(first, { type: 'review-opened', summaryId: 'r' }), {
      type: 'turn-chosen',
      turnId: 't',
    });
    const other = reduceContext(
      past,
      shown(past, { tab: 'next', waiting: true, prompt: '' }, { session: { id: 'other', title: 'O' } }),
    );
    assert.equal(other.next?.context, undefined);
    assert.equal(other.look.turnId, undefined);
    assert.equal(other.look.review, undefined);
  });

  test('settings that are tried are no longer tried once they are in force', () => {
    const choice = { ...settings, maxTokens: 4000 };
    const first = reduceContext(contextModel(), shown(contextModel(), next()));
    const tried = reduceContext(first, { type: 'choice-tried', choice });
    assert.deepEqual(tried.look.instead, choice);
    const used = reduceContext(tried, shown(tried, next(), { settings: choice }));
    assert.equal(used.look.instead, undefined);
  });

  test('the settings in force are not tried', () => {
    const first = reduceContext(contextModel(), shown(contextModel(), next()));
    const same = reduceContext(first, { type: 'choice-tried', choice: { ...settings } });
    assert.equal(same.look.instead, undefined);
  });

  test('the prompt is gone once it was sent, and stays where it was refused', () => {
    const typed = reduceContext(contextModel(), { type: 'prompt-typed', prompt: 'Hello' });
    const sending = reduceContext(typed, { type: 'prompt-sent', turnId: 't' });
    assert.equal(reduceContext(sending, { type: 'sent', turnId: 'another' }).sending, 't');
    const sent = reduceContext(sending, { type: 'sent', turnId: 't' });
    assert.equal(sent.look.prompt, '');
    assert.equal(sent.notice?.turnId, 't');
    const refused = reduceContext(sending, { type: 'sent', turnId: 't', refused: 'Moved on.' });
    assert.equal(refused.look.prompt, 'Hello');
    assert.deepEqual(refused.notice, { level: 'error', message: 'Moved on.' });
    assert.equal(isCurrent(refused), false);
  });

  test('a summary that was just made is opened for review', () => {
    const running = reduceContext(contextModel(), {
      type: 'compaction',
      compaction: { status: 'running', turns: 3, done: 0 },
    });
    const done = { type: 'compaction', compaction: { status: 'done', summaryId: 'x' } } as const;
    assert.equal(reduceContext(running, done).look.review, 'x');
    assert.equal(reduceContext(contextModel(), done).look.review, undefined);
  });

  test('takes over what is being typed in the chat, and never in place of what was typed here', () => {
    const show = { type: 'show', tab: 'next' } as const;
    const first = reduceContext(contextModel(), { ...show, prompt: 'half' });
    assert.equal(first.look.prompt, 'half');
    const second = reduceContext(first, { ...show, prompt: 'half a thought' });
    assert.equal(second.look.prompt, 'half a thought');
    assert.equal(reduceContext(second, show).look.prompt, 'half a thought');
    const own = reduceContext(second, { type: 'prompt-typed', prompt: 'my own' });
    assert.equal(reduceContext(own, { ...show, prompt: 'another' }).look.prompt, 'my own');
  });

  test('each summary is reviewed from its first turns on', () => {
    const first = reduceContext(contextModel(), { type: 'review-opened', summaryId: 'a' });
    const later = reduceContext(first, { type: 'covered-turned', from: 20 });
    assert.deepEqual([later.look.review, later.look.coveredFrom, later.n], ['a', 20, 2]);
    const other = reduceContext(later, { type: 'review-opened', summaryId: 'b' });
    assert.deepEqual([other.look.review, other.look.coveredFrom], ['b', undefined]);
    assert.equal(
      reduceContext(other, { type: 'review-opened', summaryId: undefined }).look.review,
      undefined,
    );
  });

  test('an item opens and closes', () => {
    const open = reduceContext(contextModel(), { type: 'item-toggled', key: 'a' });
    assert.deepEqual(open.look.open, ['a']);
    assert.deepEqual(reduceContext(open, { type: 'item-toggled', key: 'a' }).look.open, []);
  });
});
