import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LeftOut, TurnMark, ViewTurn } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { copyText } from '../copyText';
import { formatFullTime, formatTime, formatUsage } from '../format';
import { CheckIcon, CopyIcon, DeleteIcon, RetryIcon } from '../icons';
import { ContextButtons } from './contextButtons';
import { promptText, writtenText } from './turnParts';
import { TurnTags } from './turnTags';

/** What can be done with an ended turn, and what it was; shown on hover, on focus and for the last turn. */
export function TurnFooter(props: {
  readonly turn: ViewTurn;
  readonly mark: TurnMark | undefined;
  readonly leftOut: LeftOut | undefined;
  readonly actions: ChatActions;
}): VNode {
  const { turn, mark, leftOut, actions } = props;
  const usage = turn.usage && formatUsage(turn.usage);
  const time = formatTime(turn.createdAt);
  const prompt = promptText(turn);
  return (
    <div class="turn-footer">
      <TurnTags turn={turn} mark={mark} leftOut={leftOut} />
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
      <ContextButtons turn={turn} mark={mark} actions={actions} />
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
        {usage && <span title={turn.model ? `${turn.model}. ${usage.full}` : usage.full}>{usage.short}</span>}
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
