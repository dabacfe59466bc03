import type { VNode } from 'preact';
import type { ViewTurn } from '../../protocol/chat';
import { actionCommands, actionLabels, type ChatActions } from '../chatActions';
import { ErrorIcon, QueuedIcon, StoppedIcon, WarningIcon } from '../icons';
import { promptText } from './turnParts';

/** How the turn stands where that is anything but done, and what can be done about it. */
export function TurnStatus({ turn, last, actions }: TurnStatusProps): VNode | null {
  if (turn.status === 'failed') return <Failed turn={turn} last={last} actions={actions} />;
  if (turn.status === 'queued') {
    return (
      <div class="turn-status">
        <QueuedIcon />
        <span>Queued</span>
        <button type="button" class="link-button" onClick={() => actions.stop(turn.id)}>
          Cancel
        </button>
      </div>
    );
  }
  if (turn.elsewhere) {
    return (
      <div class="turn-status">
        <QueuedIcon />
        <span>Answering in another window</span>
      </div>
    );
  }
  return (
    <>
      {turn.status === 'stopped' && (
        <div class="turn-status">
          <StoppedIcon />
          <span>{stoppedWords(turn)}</span>
        </div>
      )}
      <NotSaved turn={turn} />
    </>
  );
}

interface TurnStatusProps {
  readonly turn: ViewTurn;
  /** An earlier failure has been dealt with, or left behind: only the newest one offers what to do. */
  readonly last: boolean;
  readonly actions: ChatActions;
}

function Failed({ turn, last, actions }: TurnStatusProps): VNode {
  const { message, actions: offered } = turn.error ?? {
    message: 'The model did not answer.',
    actions: ['retry' as const],
  };
  return (
    <div class="turn-failure">
      <div class="turn-failure-text">
        <ErrorIcon />
        <span>{message}</span>
      </div>
      {last && offered.length > 0 && (
        <div class="turn-failure-actions">
          {offered.map((action, index) => (
            <button
              key={action}
              type="button"
              class={index === 0 ? 'button' : 'button secondary'}
              onClick={() =>
                action === 'retry'
                  ? actions.retry(turn.id, promptText(turn))
                  : actions.run(actionCommands[action])
              }
            >
              {actionLabels[action]}
            </button>
          ))}
        </div>
      )}
      <NotSaved turn={turn} />
    </div>
  );
}

/** Somebody stopped it, or its window closed. */
export function stoppedWords({ error }: ViewTurn): string {
  return error?.reason === 'interrupted' ? error.message : 'Stopped';
}

function NotSaved({ turn }: { readonly turn: ViewTurn }): VNode | null {
  if (turn.saved || turn.status === 'running') return null;
  return (
    <div class="turn-status turn-warning" title="It is written as soon as the disk allows.">
      <WarningIcon />
      <span>Not saved yet{turn.status !== 'complete' || !turn.error ? '' : `: ${turn.error.message}`}</span>
    </div>
  );
}
