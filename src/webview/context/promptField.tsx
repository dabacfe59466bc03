import type { VNode } from 'preact';
import type { ContextActions } from './contextActions';
import { isCurrent, type ContextModel } from './contextModel';

/** The prompt whose request is shown, and the button that sends exactly that. */
export function PromptField({
  model,
  actions,
}: {
  readonly model: ContextModel;
  readonly actions: ContextActions;
}): VNode {
  const { look, next, sending } = model;
  const { prompt } = look;
  const { contextId } = next ?? {};
  const isReady =
    isCurrent(model) && next?.waiting === false && next.context !== undefined && next.prompt === prompt;
  const canSend = isReady && contextId !== undefined && sending === undefined && prompt.trim() !== '';
  const send = (): void => {
    if (canSend) actions.send(contextId, prompt);
  };
  return (
    <div class="prompt-field">
      <label for="context-prompt">Prompt</label>
      <textarea
        id="context-prompt"
        rows={2}
        value={prompt}
        placeholder="Type a prompt to see the request that it would make"
        onInput={(event) => actions.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="actions">
        <button type="button" class="button" disabled={!canSend} onClick={send}>
          {sending === undefined ? 'Send This' : 'Sending…'}
        </button>
        <span class="hint">Sends the request below, byte for byte.</span>
      </div>
    </div>
  );
}
