import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { ShownSummary } from '../../protocol/context';
import { formatCount, formatTime } from '../format';
import type { ContextActions } from './contextActions';

/** The turns that a summary stands for, in their own words. */
export function ReplacedTurns(props: {
  readonly summary: ShownSummary;
  readonly actions: ContextActions;
}): VNode {
  const { turns, length } = props.summary;
  const id = useId();
  return (
    <div class="review-side">
      <div class="review-label" id={id}>
        The turns that it stands for
      </div>
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
                onClick={() => props.actions.reveal(turn.id)}
              >
                Show
              </button>
            </div>
            <p class="replaced-prompt">{turn.prompt}</p>
            <p class="replaced-answer">{turn.answer === '' ? '(no answer)' : turn.answer}</p>
          </li>
        ))}
        {turns.length < length && (
          <li class="hint">
            {turns.length === 0
              ? 'None of its turns can be read.'
              : `${formatCount(length - turns.length)} more cannot be read.`}
          </li>
        )}
      </ol>
    </div>
  );
}
