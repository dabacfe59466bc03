import type { VNode } from 'preact';
import type { ViewState } from '../protocol/chat';
import type { ChatActions } from './chatActions';
import { Mark } from './icons';

/** What the model that answers can do, and only what is kept. */
function suggestionsFor({ model, strategy }: ViewState): readonly string[] {
  const remembers = strategy !== 'none';
  if (model.builtIn) {
    return [
      'Add 5 and 10 for me.',
      remembers ? 'Remember that our release day is Thursday.' : 'What time is it in Tokyo?',
      remembers ? 'What do you remember about me?' : 'What can you do?',
    ];
  }
  return [
    'Explain what a write-ahead log is, in three sentences.',
    'Write a regular expression that matches ISO 8601 dates.',
    remembers ? 'Remember that our release day is Thursday.' : 'Add 5 and 10 for me.',
  ];
}

export function EmptyState(props: { readonly state: ViewState; readonly actions: ChatActions }): VNode {
  const { state, actions } = props;
  return (
    <div class="empty">
      <Mark />
      <h2>Chat that keeps the thread</h2>
      <p>Throughline remembers this conversation across restarts, and you can see and steer what it sends.</p>
      <div class="suggestions" role="group" aria-label="Things to try">
        {suggestionsFor(state).map((text) => (
          <button key={text} type="button" class="suggestion" onClick={() => actions.send(text)}>
            {text}
          </button>
        ))}
      </div>
      {state.model.builtIn && (
        <p class="empty-model">
          The built-in model does arithmetic and remembers.
          <br />
          <button type="button" class="link-button" onClick={() => actions.run('throughline.connectModel')}>
            Connect a model
          </button>{' '}
          for everything else.
        </p>
      )}
    </div>
  );
}
