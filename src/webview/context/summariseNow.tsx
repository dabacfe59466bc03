import type { VNode } from 'preact';
import type { ShownCompaction, ShownSummaries } from '../../protocol/context';
import { formatCount } from '../format';
import type { ContextActions } from './contextActions';

/** Makes a summary of what has none yet, with progress; cancelling changes nothing. */
export function SummariseNow(props: {
  readonly plan: ShownSummaries['plan'];
  readonly hasSummaries: boolean;
  readonly compaction: ShownCompaction;
  readonly actions: ContextActions;
}): VNode {
  const { plan, hasSummaries, compaction, actions } = props;
  if (compaction.status === 'running') {
    const { turns, done } = compaction;
    const words = `Summarising ${formatCount(turns)} ${turns === 1 ? 'turn' : 'turns'}: ${formatCount(done)} done`;
    return (
      <div class="summarise">
        <progress aria-label="Summarising" max={Math.max(1, turns)} value={done} />
        <span role="status">{words}</span>
        <button type="button" class="button secondary" onClick={() => actions.cancelSummary()}>
          Cancel
        </button>
      </div>
    );
  }
  const nothing = plan.turns === 0;
  return (
    <div class="summarise">
      <button type="button" class="button" disabled={nothing} onClick={() => actions.summarise()}>
        Summarise Now
      </button>
      <span class="hint" role="status">
        {compaction.status === 'failed' && `${compaction.message} Nothing was changed. `}
        {compaction.status === 'done' &&
          compaction.note !== undefined &&
          `${compaction.note}; the summary was made without a model. `}
        {nothing
          ? `There is nothing ${hasSummaries ? 'more ' : ''}to summarise now: the turns are too few or too short.`
          : `Would stand for ${formatCount(plan.turns)} ${plan.turns === 1 ? 'turn' : 'turns'} of ${formatCount(plan.tokens)} tokens.`}
      </span>
    </div>
  );
}
