import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { coveredPage, type ShownSummary } from '../../protocol/context';
import { formatCount, formatTime } from '../format';
import type { ContextActions } from './contextActions';

/** The turns that a summary stands for, in their own words, a page at a time. */
export function ReplacedTurns(props: {
  readonly length: number;
  readonly opened: NonNullable<ShownSummary['opened']>;
  readonly actions: ContextActions;
}): VNode {
  const { length, opened, actions } = props;
  const { turns, from, listed } = opened;
  const id = useId();
  const missing = listed - turns.length;
  return (
    <div class="review-side">
      <div class="review-label" id={id}>
        The turns that it stands for
      </div>
      {listed < length && (
        <div class="covered-pages">
          <span role="status">
            {formatCount(from + 1)} to {formatCount(from + listed)} of {formatCount(length)}
          </span>
          <button
            type="button"
            class="link-button"
            disabled={from === 0}
            onClick={() => actions.turnCovered(Math.max(0, from - coveredPage))}
          >
            Earlier
          </button>
          <button
            type="button"
            class="link-button"
            disabled={from + listed >= length}
            onClick={() => actions.turnCovered(from + listed)}
          >
            Later
          </button>
        </div>
      )}
      <ol class="replaced" aria-labelledby={id} tabIndex={0}>
        {turns.map((turn) => (
          <li key={turn.id}>
            <div class="replaced-head">
              <time dateTime={turn.createdAt}>{formatTime(turn.createdAt)}</time>
              {turn.calls > 0 && (
                <span>
                  {formatCount(turn.calls)} tool {turn.calls === 1 ? 'call' : 'calls'}
                </span>
              )}
              <button
                type="button"
                class="text-button"
                aria-label={`Show in chat: ${turn.prompt.slice(0, 80)}`}
                onClick={() => actions.reveal(turn.id)}
              >
                Show
              </button>
            </div>
            <p class="replaced-prompt">{turn.prompt}</p>
            <p class="replaced-answer">{turn.answer === '' ? '(no answer)' : turn.answer}</p>
          </li>
        ))}
        {missing > 0 && (
          <li class="hint">
            {turns.length === 0
              ? 'None of these turns can be read.'
              : `${formatCount(missing)} more cannot be read.`}
          </li>
        )}
      </ol>
    </div>
  );
}
