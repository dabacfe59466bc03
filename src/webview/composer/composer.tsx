import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { maxPromptLength, type ViewState } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { contextNote } from '../contextNote';
import { SendIcon, StopIcon } from '../icons';
import { promptText } from '../transcript/turnParts';
import { runningTurn, type ViewModel } from '../viewModel';
import { composerKey } from './composerKey';
import { ComposerContext } from './composerContext';
import { ContextNotes } from './contextNotes';
import { Meter } from './meter';
import { Notices } from './notices';
import { recallPrompt } from './promptHistory';
import { RejectionNote, TooLongNote } from './composerNotes';
import { useDraft } from './useDraft';
import { useMeasuring } from './useMeasuring';
import { useReturned } from './useReturned';

export function Composer(props: {
  readonly model: ViewModel;
  readonly state: ViewState;
  readonly actions: ChatActions;
}): VNode {
  const { model, state, actions } = props;
  const isNew = state.session.length === 0 && state.turns.length === 0;
  const isKnown = useCallback(
    (id: string) => isTurn(model, id),
    [state.turns.length, model.pending, model.returned],
  );
  const { turnId, text: draft, write: setDraft } = useDraft(state.session.id, isNew, isKnown);
  const area = useRef<HTMLTextAreaElement>(null);
  const running = runningTurn(model);
  const tooLong = draft.length > maxPromptLength;
  const sendable = draft.trim() !== '' && !tooLong;

  useEffect(() => {
    if (model.focusRequests > 0) area.current?.focus();
  }, [model.focusRequests]);

  const { rejection } = model;
  useLayoutEffect(() => {
    if (rejection && area.current?.value === '') setDraft(rejection.text);
  }, [rejection, setDraft]);

  // The note on a draft that does not fit tells the same, and goes once it fits.
  const isTold =
    rejection?.reason === 'cannot-fit' &&
    draft.includes(rejection.text) &&
    contextNote(model)?.type === 'problem';
  useEffect(() => {
    if (isTold) actions.dismissRejection();
  }, [isTold]);

  useReturned(model.returned, draft, setDraft, actions);

  useEditing(area, model.edit, (text) => {
    setDraft(draft.trim() === '' ? text : `${draft}\n\n${text}`);
    actions.edited();
  });

  const { sentElsewhere } = model;
  useLayoutEffect(() => {
    if (!sentElsewhere) return;
    // What was changed since is another prompt.
    if (sentElsewhere.sessionId === state.session.id && sentElsewhere.text === draft) setDraft('');
    actions.sentElsewhereSeen();
  }, [sentElsewhere]);

  // What was pressed may be gone from the view, and the focus with it.
  const newest = model.pending.at(-1)?.turnId;
  useEffect(() => {
    if (newest !== undefined && document.activeElement === document.body) area.current?.focus();
  }, [newest]);

  useGrowingHeight(area, draft);
  useMeasuring(draft, state.session.id, actions);

  const send = (): void => {
    if (!sendable) return;
    actions.send(draft, { turnId });
    setDraft('');
    area.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const key = composerKey(event);
    if (key === undefined) return;
    if (key === 'send') {
      event.preventDefault();
      send();
      return;
    }
    const prompts = [...state.turns.map(promptText), ...model.pending.map(({ text }) => text)];
    const recalled = recallPrompt(prompts.filter(Boolean), draft, key === 'older-prompt' ? 'older' : 'newer');
    if (recalled === undefined) return;
    event.preventDefault();
    setDraft(recalled);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Notices notices={model.notices} actions={actions} />
      <ContextNotes model={model} actions={actions} onActed={() => area.current?.focus()} />
      {rejection && (
        <RejectionNote
          rejection={rejection}
          restorable={!draft.includes(rejection.text)}
          onRestore={() => setDraft(draft.trim() === '' ? rejection.text : `${rejection.text}\n\n${draft}`)}
          onReload={() => {
            actions.reload();
            area.current?.focus();
          }}
          onWait={() => {
            // Edited since or not: what is in the composer is what is meant.
            actions.send(draft.trim() === '' ? rejection.text : draft, { turnId, wait: true });
            setDraft('');
          }}
          onDismiss={() => {
            actions.dismissRejection();
            area.current?.focus();
          }}
        />
      )}
      {tooLong && <TooLongNote length={draft.length} />}
      <div class="composer-box" data-invalid={tooLong}>
        <textarea
          ref={area}
          rows={1}
          value={draft}
          placeholder={running ? 'Ask next' : 'Ask Throughline'}
          aria-label="Prompt"
          aria-invalid={tooLong}
          aria-describedby={tooLong ? 'composer-too-long' : undefined}
          onInput={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="composer-bar">
          <ComposerContext state={state} actions={actions} />
          {model.reading && <Meter reading={model.reading} actions={actions} />}
          {running && (
            <button
              type="button"
              class="icon-button"
              title="Stop (Escape)"
              aria-label="Stop"
              onClick={() => actions.stop(running.id)}
            >
              <StopIcon />
            </button>
          )}
          {(!running || draft.trim() !== '') && (
            <button
              type="submit"
              class="icon-button send"
              title={running ? 'Queue (Enter)' : 'Send (Enter)'}
              aria-label={running ? 'Queue' : 'Send'}
              disabled={!sendable}
            >
              <SendIcon />
            </button>
          )}
        </div>
      </div>
    </form>
  );
}

/** Sent, or accepted by a window that closed before it could be begun. */
function isTurn({ state, pending, returned }: ViewModel, id: string): boolean {
  return (
    state?.turns.some((turn) => turn.id === id) === true ||
    [...pending, ...returned].some(({ turnId }) => turnId === id)
  );
}

/** What was typed stays, before the prompt that is edited; the cursor goes to its end. */
function useEditing(
  area: { readonly current: HTMLTextAreaElement | null },
  edit: ViewModel['edit'],
  take: (text: string) => void,
): void {
  const taken = useRef(edit);
  useLayoutEffect(() => {
    const element = area.current;
    if (edit) take(edit.text);
    else if (taken.current && element) {
      element.focus();
      element.setSelectionRange(element.value.length, element.value.length);
      element.scrollTop = element.scrollHeight;
    }
    taken.current = edit;
  }, [edit]);
}

/** Where the browser cannot size a field by its content. */
function useGrowingHeight(area: { readonly current: HTMLTextAreaElement | null }, draft: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, draft]);
}
