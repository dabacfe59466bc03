import type { VNode } from 'preact';
import type { ChatActions } from '../chatActions';
import { CloseIcon, ErrorIcon, InfoIcon, WarningIcon } from '../icons';
import type { Notice } from '../viewModel';

const icons: Record<Notice['level'], () => VNode> = {
  info: InfoIcon,
  warning: WarningIcon,
  error: ErrorIcon,
};

export function Notices(props: {
  readonly notices: readonly Notice[];
  readonly actions: ChatActions;
}): VNode {
  return (
    <div class="notices" role="status">
      {props.notices.map(({ id, level, message }) => {
        const LevelIcon = icons[level];
        return (
          <div key={id} class={`note note-${level}`}>
            <LevelIcon />
            <div class="note-text">{message}</div>
            <button
              type="button"
              class="icon-button"
              title="Dismiss"
              aria-label="Dismiss"
              onClick={() => props.actions.dismissNotice(id)}
            >
              <CloseIcon />
            </button>
          </div>
        );
      })}
    </div>
  );
}
