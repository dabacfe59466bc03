import type { VNode } from 'preact';
import type { ChatActions } from '../chatActions';

/** Stands after the last turn that a trim leaves out of requests, and takes the trim back. */
export function TrimMark({ actions }: { readonly actions: ChatActions }): VNode {
  return (
    <div class="trim-mark" role="note">
      <span>Trimmed turns end here: requests do not carry them.</span>{' '}
      <button
        type="button"
        class="link-button"
        onClick={(event) => {
          // The button goes with what it undoes.
          event.currentTarget.closest<HTMLElement>('.transcript')?.focus();
          actions.run('throughline.undoTrim');
        }}
      >
        Undo Trim
      </button>
    </div>
  );
}
