import type { VNode } from 'preact';
import type { ContextChoice, ContextDifference } from '../../protocol/context';
import { formatCount } from '../format';
import type { ContextActions } from './contextActions';

/** What the settings that are tried would change, and whether to use them. */
export function Difference(props: {
  /** Undefined while it is worked out, or where nothing fits. */
  readonly difference: ContextDifference | undefined;
  readonly fits: boolean;
  readonly tried: ContextChoice;
  readonly actions: ContextActions;
}): VNode {
  const { difference, fits, tried, actions } = props;
  return (
    <div class="difference">
      <p role="status" aria-live="polite">
        {fits ? differenceWords(difference) : 'With these settings nothing could be sent.'}
      </p>
      <div class="actions">
        <button type="button" class="button" disabled={!fits} onClick={() => actions.useChoice(tried)}>
          Use These Settings
        </button>
        <button type="button" class="button secondary" onClick={() => actions.tryChoice(undefined)}>
          Back to the Current Ones
        </button>
      </div>
    </div>
  );
}

export function differenceWords(difference: ContextDifference | undefined): string {
  if (!difference) return 'Working out the difference…';
  const { before, after, cameIn, wentOut } = difference;
  if (before === undefined)
    return `Sends ${formatCount(after)} tokens; with the current settings nothing fits.`;
  const moves = [
    ...(wentOut > 0 ? [`${turnsOf(wentOut)} ${wentOut === 1 ? 'goes' : 'go'} out`] : []),
    ...(cameIn > 0 ? [`${turnsOf(cameIn)} ${cameIn === 1 ? 'comes' : 'come'} in`] : []),
  ];
  const tokens =
    before === after
      ? `Still ${formatCount(after)} tokens`
      : `${formatCount(before)} → ${formatCount(after)} tokens`;
  return `${tokens}; ${moves.length === 0 ? 'the same turns' : moves.join(', ')}. Not saved yet.`;
}

function turnsOf(count: number): string {
  return count === 1 ? '1 turn' : `${formatCount(count)} turns`;
}
