import type { VNode } from 'preact';
import { CheckIcon } from '../icons';
import type { RecallMarkChange, ViewReceiptEntry } from '../../protocol/receipt';

type Mark = NonNullable<ViewReceiptEntry['mark']>;
export type Marked = Pick<ViewReceiptEntry, 'messageId' | 'turnId' | 'factId' | 'passage' | 'mark'>;

const words = { muted: 'Mute', kept: 'Always Keep' } as const;
const titles = {
  muted: {
    set: 'Never recall this again. Search still finds it',
    undo: 'Muted: never recalled. Click to undo',
  },
  kept: { set: 'Recall this with every prompt', undo: 'Recalled with every prompt. Click to undo' },
} as const;

/** Decides over something recalled, from the next request on. Pressed: it is so; pressing again takes it back. */
export function MarkButtons(props: {
  readonly entry: Marked;
  /** Where it stands in a list without its text beside it. */
  readonly about?: string;
  readonly mark: (change: RecallMarkChange) => void;
}): VNode {
  const { entry } = props;
  const button = (mark: Mark): VNode => {
    const pressed = entry.mark === mark;
    return (
      <button
        key={mark}
        type="button"
        class={`text-button receipt-${mark}`}
        aria-pressed={pressed}
        {...(props.about !== undefined && { 'aria-label': `${words[mark]}: ${props.about}` })}
        title={titles[mark][pressed ? 'undo' : 'set']}
        onClick={() => props.mark(changeOf(entry, pressed ? undefined : mark))}
      >
        {pressed && <CheckIcon />}
        {words[mark]}
      </button>
    );
  };
  return (
    <div class="receipt-actions">
      {button('muted')}
      {button('kept')}
      {entry.mark && (
        <span class="receipt-mark">
          {entry.mark === 'muted' ? 'Not recalled any more' : 'Recalled with every prompt'}
        </span>
      )}
    </div>
  );
}

function changeOf({ messageId, turnId, factId, passage }: Marked, mark: Mark | undefined): RecallMarkChange {
  if (factId !== undefined) return { factId, ...(mark && { mark }) };
  return {
    ...(messageId !== undefined && { messageId }),
    ...(turnId !== undefined && { turnId }),
    ...(mark && { mark }),
    ...(mark === 'kept' && passage && { passage }),
  };
}
