import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ChatActions } from '../chatActions';
import { EditIcon } from '../icons';
import { memo } from '../memo';
import { withSecretMarks } from '../secretMarks';

const foldedLines = 12;
const foldedLength = 1200;

/** What the user wrote, as written; a long one is folded. */
export const Prompt = memo(function Prompt(props: {
  readonly text: string;
  /** Left out for a prompt that is still on its way. */
  readonly actions?: ChatActions;
}): VNode {
  const { text, actions } = props;
  const [open, setOpen] = useState(false);
  const folded = fold(text);
  return (
    <div class="prompt">
      {actions && (
        <button
          type="button"
          class="icon-button prompt-edit"
          title="Edit and ask as a new prompt"
          aria-label="Edit prompt"
          onClick={() => actions.edit(text)}
        >
          <EditIcon />
        </button>
      )}
      <div class="prompt-bubble">
        <span class="visually-hidden">You: </span>
        <div class="prompt-text">{withSecretMarks(open ? text : folded)}</div>
        {folded !== text && (
          <button type="button" class="link-button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Show less' : 'Show more'}
          </button>
        )}
      </div>
    </div>
  );
});

function fold(text: string): string {
  const lines = text.slice(0, foldedLength).split('\n').slice(0, foldedLines).join('\n');
  return lines.length < text.trimEnd().length ? `${lines.trimEnd()}…` : text;
}
