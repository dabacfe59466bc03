import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ViewTurn } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { copyText } from '../copyText';
import { formatFullTime, formatTime, formatUsage } from '../format';
import { CheckIcon, CopyIcon, DeleteIcon, RetryIcon } from '../icons';
import { promptText, writtenText } from './turnParts';

/** What can be done with an ended turn, and what it was; shown on hover, on focus and for the last turn. */
export function TurnFooter(props: { readonly turn: ViewTurn; readonly actions: ChatActions }): VNode {
  const { turn, actions } = props;
  const usage = turn.usage && formatUsage(turn.usage);
  const time = formatTime(turn.createdAt);
  const prompt = promptText(turn);
  return (
    <div class="turn-footer">
      {turn.leftOut !== undefined && (
        <div class="turn-left-out" title={`Not part of the next request: ${turn.leftOut}`}>
          <span class="tag">Left out: {turn.leftOut}</span>
        </div>
      )}
      <CopyButton text={() => writtenText(turn)} disabled={writtenText(turn) === ''} />
      {prompt.trim() !== '' && (
        <button
          type="button"
          class="icon-button"
          title="Ask again"
          aria-label="Ask again"
          onClick={() => actions.retry(turn.id, prompt)}
        >
          <RetryIcon />
        </button>
      )}
      {turn.saved && (
        <button
          type="button"
          class="icon-button turn-delete"
          title="Delete turn…"
          aria-label="Delete turn…"
          onClick={() => actions.remove(turn.id)}
        >
          <DeleteIcon />
        </button>
      )}
      <div class="turn-details">
        {turn.model && <span class="turn-model">{turn.model}</span>}
        {usage && <span title={usage.full}>{usage.short}</span>}
        {time && (
          <time dateTime={turn.createdAt} title={formatFullTime(turn.createdAt)}>
            {time}
          </time>
        )}
      </div>
    </div>
  );
}

function CopyButton({
  text,
  disabled,
}: {
  readonly text: () => string;
  readonly disabled: boolean;
}): VNode | null {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  if (disabled) return null;
  return (
    <button
      type="button"
      class="icon-button"
      title={copied ? 'Copied' : 'Copy answer'}
      aria-label={copied ? 'Copied' : 'Copy answer'}
      onClick={() => void copyText(text()).then(setCopied)}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
    </button>
  );
}
