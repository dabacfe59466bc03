import type { VNode } from 'preact';
import type { TurnMark, ViewTurn } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { formatCount } from '../format';
import { ContextIcon, PinIcon, PinnedIcon } from '../icons';
import { pinWords } from '../turnMark';

/** What decides over, and shows, the part that a stored turn has in requests. */
export function ContextButtons(props: {
  readonly turn: ViewTurn;
  readonly mark: TurnMark | undefined;
  readonly actions: ChatActions;
}): VNode | null {
  const { turn, mark, actions } = props;
  if (!turn.saved) return null;
  const pinned = turn.pinned === true;
  const title = pinWords(pinned, mark, formatCount);
  return (
    <>
      <button
        type="button"
        class="icon-button turn-pin"
        title={pinned ? `${title}. Unpin` : title}
        aria-label={pinned ? title : title.replace(/^Pin:/, 'Pin turn:')}
        aria-pressed={pinned}
        onClick={() => actions.pin(turn.id, !pinned)}
      >
        {pinned ? <PinnedIcon /> : <PinIcon />}
      </button>
      <button
        type="button"
        class="icon-button"
        title="What did the model see?"
        aria-label="What did the model see?"
        onClick={() => actions.showContext(turn.id)}
      >
        <ContextIcon />
      </button>
    </>
  );
}
