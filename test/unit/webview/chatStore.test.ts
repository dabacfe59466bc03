import assert from 'node:assert/strict';
import { ChatStore } from '../../../src/webview/chatStore';
import type { ViewModel } from '../../../src/webview/viewModel';
import { user, viewState, viewTurn } from '../../browser/harness/fixtures';

function storeWithFrames(): { store: ChatStore; draw: () => void; shown: ViewModel[] } {
  const frames: (() => void)[] = [];
  const store = new ChatStore({ nextFrame: (run) => frames.push(run) });
  const shown: ViewModel[] = [];
  store.subscribe((model) => shown.push(model));
  return { store, shown, draw: () => frames.splice(0).forEach((run) => run()) };
}

suite("the view's store", () => {
  const turn = viewTurn('t', [user('Hi')], { status: 'running' });

  test('draws once a frame, however many pieces came', () => {
    const { store, draw, shown } = storeWithFrames();
    store.receive({ type: 'snapshot', n: 0, state: viewState([turn]) });
    for (let n = 1; n <= 100; n++) store.receive({ type: 'text-delta', n, turnId: 't', index: 1, text: 'x' });
    assert.equal(shown.length, 0);
    draw();
    assert.equal(shown.length, 1);
    assert.equal(shown[0]?.state?.turns[0]?.messages[1]?.content, 'x'.repeat(100));
  });

  test('what the user does is shown at once, after all that had arrived', () => {
    const { store, draw, shown } = storeWithFrames();
    store.receive({ type: 'snapshot', n: 0, state: viewState([turn]) });
    store.dispatch({ type: 'prompt-sent', turnId: 'p', text: 'Hello' });
    assert.equal(store.model.state?.turns.length, 1);
    assert.equal(store.model.pending.length, 1);
    const before = shown.length;
    draw();
    assert.equal(shown.length, before);
  });
});
