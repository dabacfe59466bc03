import { demotionWords, type DemotionReason } from '../../core/memory/memoryPolicy';
import type { HostMessageBody, LeftOut } from '../../protocol/chat';
import type { Measured } from './contextMeter';

type ContextTurns = Extract<HostMessageBody, { type: 'context-turns' }>;

/** More than anyone scrolls through; the newest count. */
const mostMarks = 300;

const labels: Readonly<Record<DemotionReason, string>> = {
  'strategy-none': 'Left out',
  trimmed: 'Trimmed',
  failed: 'Failed: left out',
  summarised: 'Summarised',
  'summary-left-out': 'Summary does not fit',
  'over-budget': 'Left out for budget',
  'window-cut': 'Left out by a cut',
  'sliding-window': 'Outside the window',
  'not-selected': 'Not selected',
  'no-room': 'Left out for budget',
  'cannot-fit': 'Too long',
};

export function leftOutFor(reason: DemotionReason): LeftOut {
  return { label: labels[reason], reason: demotionWords[reason] };
}

/** What the turns of the session mean to the next request, as far back as a request can reach. */
export function turnMarks({ reading, context, parts }: Measured): ContextTurns {
  const items = context?.items ?? [];
  const turns = items
    .flatMap(({ turnId, tokens, leftOut }) =>
      turnId === undefined ? [] : [{ id: turnId, tokens, ...(leftOut && { leftOut: leftOutFor(leftOut) }) }],
    )
    .slice(-mostMarks);
  const hasUnread = items.some(
    ({ source, turnId, included, turns: count = 0 }) =>
      source === 'window' && turnId === undefined && !included && count > 0,
  );
  const before = parts.turns[0]?.id;
  const read = new Set(items.map(({ turnId }) => turnId));
  const ofUnread = new Set(
    parts.summaries.filter(({ turnIds }) => turnIds.some((id) => !read.has(id))).map(({ id }) => id),
  );
  const tellers = items.filter(({ summaryId }) => summaryId !== undefined && ofUnread.has(summaryId));
  const tellsUnread =
    tellers.some(({ included }) => included) ||
    !tellers.some(({ summaryPart }) => summaryPart === 'left-out');
  return {
    type: 'context-turns',
    sessionId: reading.sessionId,
    turns,
    ...(hasUnread &&
      before !== undefined && {
        unread: {
          before,
          leftOut: leftOutFor('over-budget'),
          summarised: leftOutFor(tellsUnread ? 'summarised' : 'summary-left-out'),
        },
      }),
  };
}
