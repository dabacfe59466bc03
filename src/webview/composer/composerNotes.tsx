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
  readonly onReload: () => void;
  readonly onWait: () => void;
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
        <Choices {...props} />
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

/** Another window was faster: look at what it did, or send all the same once it is done. */
function Choices(props: {
  readonly rejection: NonNullable<ViewModel['rejection']>;
  readonly onReload: () => void;
  readonly onWait: () => void;
}): VNode | null {
  if (!props.rejection.choices?.length) return null;
  return (
    <div class="turn-failure-actions">
      <button type="button" class="button" onClick={props.onReload}>
        Reload
      </button>
      <button type="button" class="button secondary" onClick={props.onWait}>
        {props.rejection.reason === 'busy' ? 'Wait and Send' : 'Send Anyway'}
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
