import type { VNode } from 'preact';
import type { ShownHit } from '../../protocol/memory';
import { CopyIcon, DeleteIcon, MuteIcon, PinIcon, PinnedIcon } from '../icons';
import type { MemoryActions } from './memoryActions';

type Mark = NonNullable<ShownHit['mark']>;

const marks = {
  muted: { set: 'Mute: never recall this again', undo: 'Unmute: recall this again where it fits' },
  kept: { set: 'Always keep: recall this with every prompt', undo: 'Unkeep: recall this only where it fits' },
} as const;

/** What can be done with what was found; what another workspace holds can only be copied from here. */
export function HitActions(props: {
  readonly hit: ShownHit;
  /** The tab index of each. */
  readonly stop: number;
  readonly actions: MemoryActions;
}): VNode {
  const { hit, stop, actions } = props;
  const button = (label: string, icon: VNode, onClick: () => void, pressed?: boolean): VNode => (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      {...(pressed !== undefined && { 'data-set': pressed })}
      tabIndex={stop}
      onClick={onClick}
    >
      {icon}
    </button>
  );
  const marking = (mark: Mark, icon: VNode): VNode => {
    const isSet = hit.mark === mark;
    return button(
      marks[mark][isSet ? 'undo' : 'set'],
      icon,
      () => actions.mark(hit, isSet ? undefined : mark),
      isSet,
    );
  };
  return (
    <div class="hit-actions" role="group" aria-label="Actions">
      {!hit.workspace && (
        <>
          {marking('muted', <MuteIcon />)}
          {marking('kept', hit.mark === 'kept' ? <PinnedIcon /> : <PinIcon />)}
        </>
      )}
      {button('Copy the whole text', <CopyIcon />, () => actions.copy(hit))}
      {!hit.workspace && button('Forget…', <DeleteIcon />, () => actions.forget(hit))}
    </div>
  );
}
