import { render } from 'preact';
import { ViewChannel } from '../protocol/channel';
import { App } from './app';
import { chatActions } from './chatActions';
import { ChatStore, nextFrame } from './chatStore';
import { handleContentClick } from './contentClick';
import { postToHost } from './host';
import { newId } from './newId';

const store = new ChatStore({ nextFrame });
const channel = new ViewChannel({
  post: postToHost,
  receive: (message) => store.receive(message),
  rejected: (why) => console.warn(`Throughline: a message of the extension was not understood. ${why}`),
});
const actions = chatActions({ store, post: (message) => channel.send(message), newId });

addEventListener('message', (event: MessageEvent<unknown>) => channel.accept(event.data));
const onClick = (event: MouseEvent): void => handleContentClick(event, (href) => actions.openLink(href));
document.addEventListener('click', onClick);
document.addEventListener('auxclick', onClick);

const root = document.getElementById('app');
if (root) render(<App store={store} actions={actions} onRetry={() => channel.restart()} />, root);
channel.restart();
