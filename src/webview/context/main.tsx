import { render } from 'preact';
import { parseContextHostMessage } from '../../protocol/context';
import { newId } from '../newId';
import { ContextApp } from './contextApp';
import { contextActions } from './contextActions';
import { contextStore } from './contextStore';
import { keepLook, keptLook, postToHost } from './host';

const store = contextStore({ look: keptLook(), post: postToHost, keep: keepLook });
const actions = contextActions({ store, post: postToHost, newId });

addEventListener('message', (event: MessageEvent<unknown>) => {
  const parsed = parseContextHostMessage(event.data);
  if (parsed.ok) store.dispatch(parsed.value);
  else console.warn(`Throughline: a message of the extension was not understood. ${parsed.why}`);
});

const root = document.getElementById('app');
const lookAgain = (): void => store.dispatch({ type: 'looked-again' });
if (root) render(<ContextApp store={store} actions={actions} onRetry={lookAgain} />, root);
lookAgain();
