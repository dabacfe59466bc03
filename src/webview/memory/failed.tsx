import type { VNode } from 'preact';
import type { MemoryActions } from './memoryActions';

/** In place of what cannot be shown. */
export function Failed(props: { readonly message: string; readonly actions: MemoryActions }): VNode {
  return (
    <div class="refusal" role="alert">
      <p>{props.message}</p>
      <button type="button" class="button secondary" onClick={() => props.actions.lookAgain()}>
        Try Again
      </button>
    </div>
  );
}
