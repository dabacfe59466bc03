import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ShownHit } from '../../protocol/memory';
import { formatDay, formatFullTime } from '../format';
import { Mark, PersonIcon, ToolIcon } from '../icons';
import { memo } from '../memo';
import { HitActions } from './hitActions';
import type { MemoryActions } from './memoryActions';

const roles = { user: 'You', assistant: 'Answer', tool: 'Tool', system: 'System' } as const;

/** One stop of the Tab key; arrows go through it, and from its first row back to the field. */
export function HitList(props: {
  readonly hits: readonly ShownHit[];
  readonly actions: MemoryActions;
  readonly onLeave: () => void;
}): VNode {
  const { hits, actions, onLeave } = props;
  const [chosen, setChosen] = useState('');
  const current = hits.some((hit) => keyOf(hit) === chosen) ? chosen : keyOf(hits[0]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const rows = [...document.querySelectorAll<HTMLElement>('.hit-open')];
    const at = rows.findIndex((row) => row.closest('.hit')?.contains(document.activeElement));
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const to = event.key === 'Escape' ? -1 : steps[event.key];
    if (to === undefined || at === -1) return;
    event.preventDefault();
    if (to < 0) onLeave();
    else rows[to]?.focus();
  };
  return (
    <ol class="hits" aria-label="Messages" onKeyDown={onKeyDown}>
      {hits.map((hit) => (
        <Hit
          key={keyOf(hit)}
          hit={hit}
          isCurrent={keyOf(hit) === current}
          actions={actions}
          onChoose={setChosen}
        />
      ))}
    </ol>
  );
}

const keyOf = (hit: ShownHit | undefined): string => `${hit?.workspace?.id ?? ''} ${hit?.turnId} ${hit?.id}`;

const Hit = memo(function Hit(props: {
  readonly hit: ShownHit;
  readonly isCurrent: boolean;
  readonly actions: MemoryActions;
  readonly onChoose: (key: string) => void;
}): VNode {
  const { hit, isCurrent, actions, onChoose } = props;
  const { role, title, createdAt, workspace, mark } = hit;
  const stop = isCurrent ? 0 : -1;
  return (
    <li class="hit" data-role={role} data-mark={mark} onFocusCapture={() => onChoose(keyOf(hit))}>
      <button
        type="button"
        class="hit-open"
        title="Open the turn"
        tabIndex={stop}
        onClick={() => actions.open(hit)}
      >
        <span class="hit-head">
          <RoleIcon role={role} />
          <span class="hit-role">{roles[role]}</span>
          <span class="hit-title">{title}</span>
          <time class="hit-time" dateTime={createdAt} title={formatFullTime(createdAt)}>
            {formatDay(createdAt)}
          </time>
        </span>
        <span class="hit-text">
          {hit.pieces.map(({ text, marked }, index) =>
            marked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
          )}
          {hit.pieces.length === 0 && <span class="hit-empty">Without words</span>}
        </span>
        {mark && <span class="tag">{mark === 'muted' ? 'Muted' : 'Always kept'}</span>}
        {workspace && <span class="tag">In the workspace {workspace.name}</span>}
      </button>
      <HitActions hit={hit} stop={stop} actions={actions} />
    </li>
  );
});

function RoleIcon({ role }: { readonly role: ShownHit['role'] }): VNode {
  if (role === 'user') return <PersonIcon />;
  return role === 'assistant' ? <Mark /> : <ToolIcon />;
}
