import type { VNode } from 'preact';
import type { ShownItem } from '../../protocol/context';
import { formatCount, formatFullTime, formatTime } from '../format';
import { ChevronIcon } from '../icons';
import { memo } from '../memo';
import type { ContextActions } from './contextActions';
import { ItemTexts } from './itemTexts';
import { itemLabels } from './segments';
import { MarkButtons } from '../recall/markButtons';

const changes = { in: 'Comes in', out: 'Goes out' } as const;
const since = { deleted: 'Deleted since', edited: 'Edited since' } as const;

/** One thing that a request carries or leaves out: what it is, what it costs, why; opened, its very text. */
export const ItemRow = memo(function ItemRow(props: {
  readonly item: ShownItem;
  readonly isOpen: boolean;
  readonly isPast: boolean;
  readonly actions: ContextActions;
}): VNode {
  const { item, isOpen, isPast, actions } = props;
  const contentId = `content-${item.key}`;
  return (
    <li class="item" data-source={item.source} data-included={item.included} data-change={item.change}>
      <div class="item-head">
        {item.opens ? (
          <button
            type="button"
            class="item-title"
            aria-expanded={isOpen}
            aria-controls={isOpen ? contentId : undefined}
            onClick={() => actions.toggleItem(item.key)}
          >
            <span class="disclosure-chevron" data-open={isOpen}>
              <ChevronIcon />
            </span>
            <Swatch item={item} />
            <span class="item-name">{item.title}</span>
          </button>
        ) : (
          <div class="item-title item-closed">
            <Swatch item={item} />
            <span class="item-name">{item.title}</span>
          </div>
        )}
        <ItemReason item={item} />
        <ItemActions item={item} isPast={isPast} actions={actions} />
        <span class="item-tokens">
          {item.tokens > 0 ? formatCount(item.tokens) : '–'}
          <span class="visually-hidden"> tokens</span>
        </span>
      </div>
      {isOpen && item.texts && (
        <div id={contentId}>
          <ItemTexts texts={item.texts} />
        </div>
      )}
    </li>
  );
});

const Swatch = ({ item }: { readonly item: ShownItem }): VNode => (
  <span class="swatch fill" data-source={item.source} aria-hidden="true" />
);

function ItemReason({ item }: { readonly item: ShownItem }): VNode {
  const { source, reason, createdAt, cut = 0 } = item;
  return (
    <p class="item-reason">
      {item.change && <span class="badge">{changes[item.change]}</span>}
      {item.since && <span class="badge">{since[item.since]}</span>}
      {cut > 0 && <span class="badge">{cut === 1 ? '1 result cut' : `${cut} results cut`}</span>}
      <span>
        {!reason.startsWith(itemLabels[source]) && `${itemLabels[source]} · `}
        {reason}
        {createdAt !== undefined && (
          <>
            {' · '}
            <time dateTime={createdAt} title={formatFullTime(createdAt)}>
              {formatTime(createdAt)}
            </time>
          </>
        )}
      </span>
    </p>
  );
}

function ItemActions(props: {
  readonly item: ShownItem;
  readonly isPast: boolean;
  readonly actions: ContextActions;
}): VNode {
  const { item, isPast, actions } = props;
  const { turnId, summaryId, pinned = false, title, recalled } = item;
  return (
    <span class="item-actions">
      {turnId !== undefined && (
        <button
          type="button"
          class="text-button"
          title="Show in chat"
          aria-label={`Show in chat: ${title}`}
          onClick={() => actions.reveal(turnId)}
        >
          Show
        </button>
      )}
      {turnId !== undefined && !isPast && (
        <button
          type="button"
          class="text-button"
          title={pinned ? 'No longer in every request' : 'In every request from now on'}
          aria-label={`${pinned ? 'Unpin' : 'Pin'}: ${title}`}
          onClick={() => actions.pin(turnId, !pinned)}
        >
          {pinned ? 'Unpin' : 'Pin'}
        </button>
      )}
      {recalled && <RecalledActions recalled={recalled} title={title} actions={actions} />}
      {summaryId !== undefined && item.since !== 'deleted' && (
        <button type="button" class="text-button" onClick={() => actions.review(summaryId)}>
          Review
        </button>
      )}
    </span>
  );
}

function RecalledActions(props: {
  readonly recalled: NonNullable<ShownItem['recalled']>;
  readonly title: string;
  readonly actions: ContextActions;
}): VNode {
  const { recalled, title, actions } = props;
  const { sessionId, turnId, sessionTitle } = recalled;
  return (
    <>
      {sessionId !== undefined && turnId !== undefined && sessionTitle !== undefined && (
        <button
          type="button"
          class="text-button"
          title={`Show in “${sessionTitle}”`}
          aria-label={`Show in “${sessionTitle}”: ${title}`}
          onClick={() => actions.revealSource({ sessionId, turnId })}
        >
          Show
        </button>
      )}
      <MarkButtons entry={recalled} about={title} mark={(change) => actions.markRecall(change)} />
    </>
  );
}
