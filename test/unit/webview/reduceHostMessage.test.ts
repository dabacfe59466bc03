import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HostMessageBody, ViewTranscriptMessage, ViewTurn } from '../../../src/protocol/chat';
import { reduceHostMessage } from '../../../src/webview/reduceHostMessage';
import { reduceViewAction } from '../../../src/webview/reduceViewAction';
import { emptyViewModel, type ViewModel } from '../../../src/webview/viewModel';
import { addition, assistant, call, result, user, viewState, viewTurn } from '../../browser/harness/fixtures';

function after(bodies: readonly HostMessageBody[], from: ViewModel = emptyViewModel): ViewModel {
  return bodies.reduce((model, body, n) => reduceHostMessage(model, { ...body, n }), from);
}

const snapshot = (...turns: ViewTurn[]): HostMessageBody => ({ type: 'snapshot', state: viewState(turns) });
const delta = (turnId: string, index: number, text: string): HostMessageBody => ({
  type: 'text-delta',
  turnId,
  index,
  text,
});

/** A turn's messages after its prompt: answers, and calls with their results. */
const steps = fc
  .array(
    fc.oneof(
      fc.string({ minLength: 1 }).map((text) => [assistant(text)]),
      fc.string().map((text) => [call('c', 'tool', { text }), result('c', text)]),
    ),
    { maxLength: 6 },
  )
  .map((list) => list.flat());

/** The same messages as a stream: an answer in pieces, then each message whole. */
function streamed(
  turnId: string,
  messages: readonly ViewTranscriptMessage[],
  piece: number,
): HostMessageBody[] {
  return messages.flatMap((message, at) => {
    const index = at + 1;
    const pieces: HostMessageBody[] = [];
    for (let from = 0; message.role === 'assistant' && from < message.content.length; from += piece) {
      pieces.push(delta(turnId, index, message.content.slice(from, from + piece)));
    }
    return [...pieces, { type: 'message', turnId, index, message }];
  });
}

suite('what the view shows', () => {
  test('a stream ends in the same as the snapshot of its end', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 7 }), (messages, piece) => {
        const begun = viewTurn('t', [user('Hi')], { status: 'running', createdAt: 'now' });
        const ended = viewTurn('t', [user('Hi'), ...messages], { createdAt: 'now' });
        const live = after([
          snapshot(),
          { type: 'turn-change', turn: begun },
          ...streamed('t', messages, piece),
          { type: 'turn-change', turn: { ...begun, status: 'complete' as const, messages: ended.messages } },
        ]);
        assert.deepEqual(live.state?.turns, after([snapshot(ended)]).state?.turns);
      }),
    );
  });

  test('before the end, too, the text in pieces is the text whole', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 7 }), (messages, piece) => {
        const begun = viewTurn('t', [user('Hi')], { status: 'running', createdAt: 'now' });
        const live = after([snapshot(begun), ...streamed('t', messages, piece)]);
        assert.deepEqual(live.state?.turns[0]?.messages, [user('Hi'), ...messages]);
      }),
    );
  });

  test('what is said of a turn that is not shown changes nothing', () => {
    const model = after([snapshot(addition)]);
    const strangers: HostMessageBody[] = [
      delta('nobody', 1, 'x'),
      { type: 'reasoning-delta', turnId: 'nobody', text: 'x' },
      { type: 'message', turnId: 'nobody', index: 0, message: assistant('x') },
      { type: 'page', before: 'nobody', turns: [addition], more: true },
    ];
    for (const body of strangers) assert.deepEqual(after([body], model), model);
  });

  test('any message at any time is survived', () => {
    const id = fc.constantFrom('a', 'b', '__proto__', 'constructor');
    const body: fc.Arbitrary<HostMessageBody> = fc.oneof(
      fc.record({
        type: fc.constant('text-delta' as const),
        turnId: id,
        index: fc.nat(4),
        text: fc.string(),
      }),
      fc.record({ type: fc.constant('reasoning-delta' as const), turnId: id, text: fc.string() }),
      fc.record({
        type: fc.constant('message' as const),
        turnId: id,
        index: fc.nat(4),
        message: fc.string().map(assistant),
      }),
      id.map((before) => ({
        type: 'page' as const,
        before,
        turns: [viewTurn('a', [user('x')])],
        more: false,
      })),
      id.map((turnId) => ({ type: 'turn-change' as const, turn: viewTurn(turnId, [user('x')]) })),
      fc.constant(snapshot(viewTurn('a', [user('x')]))),
      id.map((turnId) => ({ type: 'turn-rejected' as const, turnId, text: 't', reason: 'r', message: 'm' })),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 20 }), (bodies) => {
        after(bodies);
      }),
    );
  });

  test('a delta never lands in a prompt or beyond the end', () => {
    const model = after([snapshot(viewTurn('t', [user('Hi')], { status: 'running' }))]);
    assert.equal(after([delta('t', 0, 'x')], model), model);
    assert.equal(after([delta('t', 3, 'x')], model), model);
  });

  test('only the turn that changed is another object', () => {
    const before = after([snapshot(addition, viewTurn('t', [user('Hi')], { status: 'running' }))]);
    const then = after([delta('t', 1, 'x')], before);
    assert.equal(then.state?.turns[0], before.state?.turns[0]);
    assert.notEqual(then.state?.turns[1], before.state?.turns[1]);
  });

  test('what a model thinks belongs to the message that it is writing', () => {
    const begun = viewTurn('t', [user('Hi')], { status: 'running' });
    const think = (text: string): HostMessageBody => ({ type: 'reasoning-delta', turnId: 't', text });
    const model = after([
      snapshot(begun),
      think('one '),
      think('step'),
      { type: 'message', turnId: 't', index: 1, message: call('c', 'tool', {}) },
      { type: 'message', turnId: 't', index: 2, message: result('c', 'ok') },
      think('two'),
      delta('t', 3, 'Done'),
    ]);
    assert.deepEqual(model.reasoning['t'], { 1: 'one step', 3: 'two' });
  });
});

suite('a prompt on its way', () => {
  const sent = reduceViewAction(after([snapshot()]), { type: 'prompt-sent', turnId: 'p', text: 'Hello' });

  test('is shown until the host shows it', () => {
    assert.deepEqual(sent.pending, [{ turnId: 'p', text: 'Hello' }]);
    const turn = viewTurn('p', [user('Hello')], { status: 'queued' });
    const model = after([{ type: 'turn-change', turn }], sent);
    assert.deepEqual(model.pending, []);
    assert.equal(model.state?.turns.length, 1);
  });

  test('outlives a snapshot taken before the host had read it', () => {
    assert.equal(after([snapshot()], sent).pending.length, 1);
  });

  test('does not follow into another session', () => {
    const other = viewState([], { session: { id: 'other', title: '', length: 0 } });
    assert.deepEqual(after([{ type: 'snapshot', state: other }], sent).pending, []);
  });

  test('is handed back when it is refused, with the reason', () => {
    const refusal = { turnId: 'p', text: 'Hello', reason: 'stale', message: 'Reload first.' };
    const model = after([{ type: 'turn-rejected', ...refusal }], sent);
    assert.deepEqual(model.pending, []);
    assert.deepEqual(model.rejection, refusal);
  });

  test('is no turn any more once it is refused, but a stored turn with its id stays', () => {
    const shown = [viewTurn('a', [user('Hi')]), viewTurn('p', [user('Hello')], { status: 'queued' })];
    const refusal = {
      type: 'turn-rejected' as const,
      text: 'Hello',
      reason: 'stale',
      message: 'Reload first.',
    };
    const ids = (turnId: string) =>
      after([snapshot(...shown), { ...refusal, turnId }]).state?.turns.map(({ id }) => id);
    assert.deepEqual(ids('p'), ['a']);
    assert.deepEqual(ids('a'), ['a', 'p']);
  });
});

suite('older turns', () => {
  const turn = (id: number, text = ''): ViewTurn => viewTurn(String(id), [user(text)], { createdAt: 'then' });
  const turns = (from: number, to: number): ViewTurn[] =>
    Array.from({ length: to - from + 1 }, (_, at) => turn(from + at));
  const newest = (list: ViewTurn[]): HostMessageBody => ({
    type: 'snapshot',
    state: viewState(list, { more: true }),
  });
  const page = (before: number, list: ViewTurn[], more: boolean): HostMessageBody => ({
    type: 'page',
    before: String(before),
    turns: list,
    more,
  });
  const asked = (model: ViewModel): ViewModel =>
    reduceViewAction(model, { type: 'page-asked', before: model.state?.turns[0]?.id ?? '' });
  const ids = (model: ViewModel): number[] => (model.state?.turns ?? []).map(({ id }) => Number(id));
  const paged = after(
    [page(4, turns(1, 3), false)],
    asked(after([page(6, turns(4, 5), true)], asked(after([newest(turns(6, 7))])))),
  );

  test('go before those shown, each once', () => {
    assert.deepEqual(ids(paged), [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(paged.loadingBefore, undefined);
    assert.equal(paged.state?.more, false);
    assert.equal(after([page(4, turns(1, 3), false)], paged), paged);
  });

  test('stay where the user reads them when a snapshot of the newest comes, and are read again page by page', () => {
    const refreshed = after([newest(turns(6, 8))], paged);
    assert.deepEqual(ids(refreshed), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(refreshed.staleBefore, '6');
    const one = after([page(6, [turn(5, 'new')], true)], refreshed);
    assert.deepEqual(ids(one), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(one.staleBefore, '5');
    assert.deepEqual(one.state?.turns[4]?.messages, [user('new')]);
    const two = after([page(5, turns(3, 4), false)], one);
    assert.deepEqual(ids(two), [3, 4, 5, 6, 7, 8]);
    assert.equal(two.staleBefore, undefined);
    assert.equal(two.state?.more, false);
  });

  test('that were deleted do not come back', () => {
    const all: HostMessageBody = { type: 'snapshot', state: viewState(turns(6, 8)) };
    assert.deepEqual(ids(after([all], paged)), [6, 7, 8]);
    const refreshed = after([newest(turns(6, 8)), page(6, turns(9, 9), true)], paged);
    assert.deepEqual(ids(refreshed), [9, 6, 7, 8]);
  });

  test('are let go beyond sixty once the user asks something new', () => {
    const many = after([newest(turns(1, 100))]);
    const sent = reduceViewAction(many, { type: 'prompt-sent', turnId: 'p', text: 'Hello' });
    assert.equal(sent.state?.turns.length, 60);
    assert.equal(sent.state.more, true);
  });
});

suite('notices', () => {
  test('the same one is shown once, and no more than three at a time', () => {
    const say = (message: string): HostMessageBody => ({ type: 'notice', level: 'info', message });
    const model = after([snapshot(), say('a'), say('b'), say('a'), say('c'), say('d')]);
    assert.deepEqual(
      model.notices.map(({ message }) => message),
      ['a', 'c', 'd'],
    );
    assert.equal(new Set(model.notices.map(({ id }) => id)).size, 3);
    const [first] = model.notices;
    const without = reduceViewAction(model, { type: 'notice-dismissed', id: first?.id ?? 0 });
    assert.equal(without.notices.length, 2);
  });
});
