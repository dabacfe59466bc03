import type { VNode } from 'preact';
import type { MeterReading } from '../../protocol/chat';
import { meterLines, meterText, shortTokens } from '../../protocol/meterReading';
import type { ChatActions } from '../chatActions';

/** Around the ring, which is open at the bottom by as much as is kept for the answer. */
const around = 2 * Math.PI * 5.5;

/** How much of the window the next request takes; opens what it is made of. */
export function Meter(props: { readonly reading: MeterReading; readonly actions: ChatActions }): VNode {
  const { reading, actions } = props;
  const lines = meterLines(reading);
  return (
    <button
      type="button"
      class="quiet-button meter"
      data-level={reading.problem !== undefined ? 'full' : reading.near ? 'near' : 'low'}
      title={[...lines, 'Click to see all of it.'].join('\n')}
      aria-label={`${meterText(reading)} tokens. ${lines.join('. ')}. Show what the next request carries`}
      onClick={() => actions.run('throughline.inspectContext')}
    >
      <Ring reading={reading} />
      <span class="meter-text" aria-hidden="true">
        {shortTokens(reading.tokens)}
        <span class="meter-most"> of {shortTokens(reading.maxTokens)}</span>
      </span>
    </button>
  );
}

function Ring({ reading }: { readonly reading: MeterReading }): VNode {
  const { tokens, maxTokens, reserve, margin } = reading;
  const usable = maxTokens > 0 ? (maxTokens - reserve - margin) / maxTokens : 1;
  const used = maxTokens > 0 ? Math.min(usable, tokens / maxTokens) : 0;
  const dash = (share: number): string => `${share * around} ${around}`;
  // The opening in the middle of the bottom, clockwise from there.
  const turn = 90 + (360 * (1 - usable)) / 2;
  return (
    <svg
      class="icon meter-ring"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <g fill="none" stroke="currentColor" stroke-width="2.2" transform={`rotate(${turn} 8 8)`}>
        <circle class="meter-track" cx="8" cy="8" r="5.5" stroke-dasharray={dash(usable)} />
        {used > 0 && <circle class="meter-used" cx="8" cy="8" r="5.5" stroke-dasharray={dash(used)} />}
      </g>
    </svg>
  );
}
