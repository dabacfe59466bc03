import type { VNode } from 'preact';
import type { ViewTurn } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { KeyIcon } from '../icons';

/** Tells once, where a turn has just ended, which of its secrets were masked. */
export function MaskedNote(props: { readonly turn: ViewTurn; readonly actions: ChatActions }): VNode | null {
  const { turn, actions } = props;
  if (turn.masked === undefined) return null;
  return (
    <div class="turn-status masked-note" role="note">
      <KeyIcon />
      <span>
        {turn.masked}{' '}
        <button
          type="button"
          class="link-button"
          onClick={() => actions.run('workbench.action.openSettings')}
        >
          Settings
        </button>
      </span>
    </div>
  );
}
