import type { VNode } from 'preact';
import { maxPromptLength } from '../../protocol/chat';
import { formatCount } from '../format';
import { CloseIcon, ErrorIcon } from '../icons';
import type { ViewModel } from '../viewModel';

/** A prompt that was refused before it was accepted: it is back in the composer, or can be put back. */
export function RejectionNote(props: {
  readonly rejection: NonNullable<ViewModel['rejection']>;
  /** False once its text is in the composer. */
  readonly restorable: boolean;
  readonly onRestore: () => void;
  readonly onDismiss: () => void;
}): VNode {
  return (
    <div class="note note-error" role="alert">
      <ErrorIcon />
      <div class="note-text">
        {props.rejection.message}
        {props.restorable && (
          <>
            {' '}
            <button type="button" class="link-button" onClick={props.onRestore}>
              Put the prompt back
            </button>
          </>
        )}
      </div>
      <button
        type="button"
        class="icon-button"
        title="Dismiss"
        aria-label="Dismiss"
        onClick={props.onDismiss}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

export function TooLongNote({ length }: { readonly length: number }): VNode {
  return (
    <div class="note note-error" id="composer-too-long" role="alert">
      <ErrorIcon />
      <div class="note-text">
        Too long to send: {formatCount(length)} of at most {formatCount(maxPromptLength)} characters.
      </div>
    </div>
  );
}
