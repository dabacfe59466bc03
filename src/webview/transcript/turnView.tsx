import type { VNode } from 'preact';
import type { LeftOut, TurnMark, ViewReceipt, ViewTurn } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { Markdown } from '../markdown/markdown';
import { memo } from '../memo';
import { isActive } from '../viewModel';
import { MaskedNote } from './maskedNote';
import { Prompt } from './prompt';
import { RecallReceipt } from './recallReceipt';
import { Reasoning, Waiting } from './reasoning';
import { ToolRow } from './toolRow';
import { TurnFooter } from './turnFooter';
import { turnParts, type TurnPart } from './turnParts';
import { TurnStatus } from './turnStatus';

export const TurnView = memo(function TurnView(props: {
  readonly turn: ViewTurn;
  readonly reasoning: Readonly<Record<number, string>> | undefined;
  readonly mark: TurnMark | undefined;
  /** Why the next request does not carry it. */
  readonly leftOut: LeftOut | undefined;
  readonly last: boolean;
  readonly receipt: ViewReceipt | 'missing' | undefined;
  readonly actions: ChatActions;
}): VNode {
  const { turn, actions } = props;
  return (
    <article
      class="turn"
      data-turn={turn.id}
      data-status={turn.status}
      data-last={props.last}
      data-left-out={props.leftOut !== undefined}
      data-pinned={turn.pinned === true}
      aria-busy={turn.status === 'running'}
      aria-label="Prompt and answer"
      data-vscode-context={contextOf(turn)}
    >
      {turnParts(turn, props.reasoning).map((part) => (
        <Part key={part.key} part={part} actions={actions} />
      ))}
      {turn.recalled !== undefined && turn.recalled > 0 && (
        <RecallReceipt turnId={turn.id} count={turn.recalled} receipt={props.receipt} actions={actions} />
      )}
      {turn.connect && props.last && (
        <div>
          <button
            type="button"
            class="button secondary"
            onClick={() => actions.run('throughline.connectModel')}
          >
            Connect a Model…
          </button>
        </div>
      )}
      <MaskedNote turn={turn} actions={actions} />
      <TurnStatus turn={turn} last={props.last} actions={actions} />
      {!isActive(turn) && (
        <TurnFooter turn={turn} mark={props.mark} leftOut={props.leftOut} actions={actions} />
      )}
    </article>
  );
});

/** What VS Code's context menu knows of where it was opened. */
function contextOf(turn: ViewTurn): string {
  const deletable = turn.saved && !isActive(turn);
  if (!deletable) return JSON.stringify({ webviewSection: 'chat' });
  return JSON.stringify({ webviewSection: 'turn', turnId: turn.id, turnPinned: turn.pinned === true });
}

function Part(props: { readonly part: TurnPart; readonly actions: ChatActions }): VNode {
  const { part } = props;
  switch (part.type) {
    case 'prompt':
      return <Prompt text={part.text} actions={props.actions} />;
    case 'reasoning':
      return <Reasoning text={part.text} running={part.running} />;
    case 'text':
      return <Answer text={part.text} streaming={part.streaming} />;
    case 'tool': {
      const { name, arguments: args, result, status } = part;
      return <ToolRow name={name} arguments={args} result={result} status={status} />;
    }
    case 'waiting':
      return <Waiting />;
  }
}

const Answer = memo(function Answer(props: { readonly text: string; readonly streaming: boolean }): VNode {
  return (
    <div class="answer">
      <Markdown text={props.text} streaming={props.streaming} />
    </div>
  );
});
