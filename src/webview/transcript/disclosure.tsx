import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ChevronIcon } from '../icons';

/** A row that opens. Its content is drawn only while it is open. */
export function Disclosure(props: {
  readonly kind: string;
  readonly summary: ComponentChildren;
  readonly children: () => ComponentChildren;
}): VNode {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div class={`disclosure ${props.kind}`} data-open={open}>
      <button
        type="button"
        class="disclosure-summary"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span class="disclosure-chevron">
          <ChevronIcon />
        </span>
        {props.summary}
      </button>
      {open && (
        <div class="disclosure-content" id={id}>
          {props.children()}
        </div>
      )}
    </div>
  );
}
