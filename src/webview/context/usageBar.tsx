import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ShownContext } from '../../protocol/context';
import { percent, windowWords } from '../../protocol/meterReading';
import { formatCount } from '../format';
import { marksOf, segmentsOf, sourceLabels, type SegmentName } from './segments';

/** Where the window's tokens go. The legend says all that the bar does, in words and numbers. */
export function UsageBar({ context }: { readonly context: ShownContext }): VNode {
  const [lit, setLit] = useState<SegmentName | undefined>(undefined);
  const segments = segmentsOf(context);
  return (
    <div class="usage" data-lit={lit !== undefined}>
      <p class="usage-total">
        <strong>{windowWords(context)}</strong>
        <span class="usage-note"> Estimated. Shares are of the model’s whole window.</span>
      </p>
      <div class="usage-bar" aria-hidden="true">
        {segments.map(({ name, tokens: cost }) => (
          <span
            key={name}
            class="usage-segment fill"
            data-source={name}
            data-lit={name === lit}
            style={{ flexGrow: cost }}
            onMouseEnter={() => setLit(name)}
            onMouseLeave={() => setLit(undefined)}
          />
        ))}
      </div>
      <ul class="usage-marks" aria-label="Limits">
        {marksOf(context).map(({ words, at }) => (
          <li
            key={words}
            class="usage-mark"
            data-side={at < 0.5 ? 'right' : 'left'}
            style={{ insetInlineStart: `${at * 100}%` }}
          >
            <span>{words}</span>
          </li>
        ))}
      </ul>
      <ul class="legend" aria-label="Tokens by source">
        {segments.map(({ name, tokens: cost, share }) => (
          <li
            key={name}
            class="legend-entry"
            data-lit={name === lit}
            onMouseEnter={() => setLit(name)}
            onMouseLeave={() => setLit(undefined)}
          >
            <span class="swatch fill" data-source={name} aria-hidden="true" />
            <span class="legend-name">{sourceLabels[name]}</span>{' '}
            <span class="legend-tokens">{formatCount(cost)}</span>{' '}
            <span class="legend-share">{percent(share)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
