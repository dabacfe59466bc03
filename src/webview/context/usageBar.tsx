import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ShownContext } from '../../protocol/context';
import { formatCount } from '../format';
import { percent, segmentsOf, sourceLabels, type SegmentName } from './segments';

/** Where the window's tokens go. The legend says all that the bar does, in words and numbers. */
export function UsageBar({ context }: { readonly context: ShownContext }): VNode {
  const [lit, setLit] = useState<SegmentName | undefined>(undefined);
  const segments = segmentsOf(context);
  const { tokens, maxTokens, reserve, margin } = context;
  return (
    <div class="usage" data-lit={lit !== undefined}>
      <p class="usage-total">
        <strong>{formatCount(tokens)}</strong> of {formatCount(maxTokens)} tokens
        <span class="usage-note">
          {' '}
          {percent(tokens / Math.max(1, maxTokens - reserve - margin))} of what a request may carry;{' '}
          {formatCount(reserve)} are kept free for the answer
          {margin > 0 ? ` and ${formatCount(margin)} as counts are estimates.` : '. Estimated.'}
        </span>
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
