import type { ComponentChildren, VNode } from 'preact';
import type { ChatActions } from '../chatActions';
import { contextNote, type ContextNote } from '../contextNote';
import { formatCount } from '../format';
import { BusyIcon, CheckIcon, CloseIcon, WarningIcon } from '../icons';
import type { ViewModel } from '../viewModel';

/** What is to be known of the window before, while and after its oldest turns are summarised. */
export function ContextNotes(props: {
  readonly model: ViewModel;
  readonly actions: ChatActions;
  /** What was pressed may be gone, and the focus with it. */
  readonly onActed: () => void;
}): VNode {
  const note = contextNote(props.model);
  return <div role="status">{note && <Note key={note.key} {...props} note={note} />}</div>;
}

interface NoteProps {
  readonly note: ContextNote;
  readonly actions: ChatActions;
  readonly onActed: () => void;
}

function Note({ note, actions, onActed }: NoteProps): VNode {
  const act = (action: () => void) => () => {
    action();
    onActed();
  };
  const dismiss = act(() => actions.dismissContextNote(note.key));
  switch (note.type) {
    case 'running':
      return (
        <Frame kind="info" icon={<BusyIcon />}>
          Summarising {turnWords(note.turns)}…{' '}
          <Link onClick={act(() => actions.cancelCompaction())}>Cancel</Link>
          <progress
            class="note-progress"
            aria-label="Turns read"
            max={note.turns}
            {...(note.done > 0 && { value: note.done })}
          />
        </Frame>
      );
    case 'done':
      return (
        <Frame kind="info" icon={<CheckIcon />} onDismiss={dismiss}>
          {doneWords(note)}{' '}
          <span class="note-links">
            <Link onClick={() => actions.run('throughline.reviewSummaries')}>Review</Link>
            <Dot />
            <Link onClick={act(() => actions.undoSummary(note.summaryId))}>Undo</Link>
          </span>
        </Frame>
      );
    case 'failed':
      return (
        <Frame kind="error" icon={<WarningIcon />} onDismiss={dismiss}>
          No summary was made. {note.message} <Link onClick={act(() => actions.compact())}>Try Again</Link>
        </Frame>
      );
    case 'problem':
      return (
        <Frame kind="warning" icon={<WarningIcon />} onDismiss={dismiss}>
          {note.message}
        </Frame>
      );
    case 'near':
      return (
        <Frame kind="warning" icon={<WarningIcon />} onDismiss={dismiss}>
          {note.message}{' '}
          <span class="note-links">
            <Link onClick={act(() => actions.compact())}>Summarise Now</Link>
            <Dot />
            <Link onClick={() => actions.run('workbench.action.openSettings')}>Settings</Link>
          </span>
        </Frame>
      );
  }
}

function Frame(props: {
  readonly kind: 'info' | 'warning' | 'error';
  readonly icon: VNode;
  readonly onDismiss?: () => void;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class={`note note-${props.kind} context-note`}>
      {props.icon}
      <div class="note-text">{props.children}</div>
      {props.onDismiss && (
        <button
          type="button"
          class="icon-button"
          title="Dismiss"
          aria-label="Dismiss"
          onClick={props.onDismiss}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

function Link(props: { readonly onClick: () => void; readonly children: string }): VNode {
  return (
    <button type="button" class="link-button" onClick={props.onClick}>
      {props.children}
    </button>
  );
}

const Dot = (): VNode => <span aria-hidden="true"> · </span>;

function doneWords({ turns, inForce, note }: Extract<ContextNote, { type: 'done' }>): string {
  const [are, them, they] =
    turns === 1 ? ['is', 'it', 'it no longer fits'] : ['are', 'them', 'they no longer fit'];
  const what = inForce
    ? `${turnWords(turns)} ${are} summarised in requests.`
    : `${turnWords(turns)} ${are} summarised: requests carry the summary once ${they}.`;
  return note === undefined ? what : `${what} Without the model, by quoting ${them}: ${note}.`;
}

const turnWords = (count: number): string => `${formatCount(count)} ${count === 1 ? 'turn' : 'turns'}`;
