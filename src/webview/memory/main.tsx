import { render } from 'preact';
import { parseMemoryHostMessage } from '../../protocol/memory';
import { keepLook, keptLook, postToHost } from './host';
import { memoryActions } from './memoryActions';
import { MemoryApp } from './memoryApp';
import { memoryStore } from './memoryStore';

const store = memoryStore({ look: keptLook(), post: postToHost, keep: keepLook });
const actions = memoryActions({ store, post: postToHost });

addEventListener('message', (event: MessageEvent<unknown>) => {
  const parsed = parseMemoryHostMessage(event.data);
  if (parsed.ok) {
    store.dispatch(parsed.value);
    if (parsed.value.type === 'fact-changed') actions.settle(parsed.value);
  } else console.warn(`Throughline: a message of the extension was not understood. ${parsed.why}`);
});

const root = document.getElementById('app');
if (root) render(<MemoryApp store={store} actions={actions} />, root);
actions.lookAgain();
