import { Fragment, type VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { ViewState } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { keepScroll, keptState } from '../host';
import { DownIcon } from '../icons';
import { LinkTarget } from '../linkTarget';
import { leftOutOf } from '../turnMark';
import type { ViewModel } from '../viewModel';
import { Prompt } from './prompt';
import { Waiting } from './reasoning';
import { TrimMark } from './trimMark';
import { TurnView } from './turnView';
import { useReveal } from './useReveal';
import { useTranscriptScroll } from './useTranscriptScroll';

/** All turns. Not a live region: a stream would chatter, so `Announcer` says what has ended. */
export function Transcript(props: {
  readonly model: ViewModel;
  readonly state: ViewState;
  readonly actions: ChatActions;
}): VNode {
  const { model, state, actions } = props;
  const first = state.turns[0]?.id;
  const sent = useRef({ last: '', count: 0 });
  const newest = model.pending.at(-1)?.turnId ?? '';
  if (newest !== '' && newest !== sent.current.last) {
    sent.current = { last: newest, count: sent.current.count + 1 };
  }
  const asked = model.loadingBefore !== undefined;
  const scroll = useTranscriptScroll({
    sessionId: state.session.id,
    firstTurnId: first,
    sent: sent.current.count,
    revision: model,
    kept: useRef(keptState().scroll).current,
    keep: keepScroll,
    reachedTop: () => {
      if (state.more && !asked && first !== undefined) actions.loadOlder(first);
    },
  });
  useReveal({
    turnId: model.reveal,
    content: scroll.content,
    revision: model,
    loadOlder: state.more && !asked && first !== undefined ? () => actions.loadOlder(first, true) : undefined,
    loading: asked,
    scrolled: scroll.scrolled,
    done: () => actions.revealed(),
  });
  const last = model.pending.length > 0 ? undefined : state.turns.at(-1)?.id;
  const leftOut = leftOutOf(state.turns, model.marks);
  const trimmed = state.turns.findLastIndex((turn) => turn.trimmed);
  return (
    <div class="transcript-frame">
      <div
        class="transcript"
        ref={scroll.scroller}
        onScroll={scroll.onScroll}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        tabIndex={0}
      >
        <div class="transcript-content" ref={scroll.content}>
          {state.more && first !== undefined && (
            <div class="older">
              <button type="button" class="link-button" onClick={() => actions.loadOlder(first)}>
                {asked ? 'Loading older turns…' : 'Load older turns'}
              </button>
            </div>
          )}
          {state.turns.map((turn, index) => (
            <Fragment key={turn.id}>
              <TurnView
                turn={turn}
                reasoning={model.reasoning[turn.id]}
                mark={model.marks.byId[turn.id]}
                leftOut={leftOut[index]}
                last={turn.id === last}
                receipt={model.receipts[turn.id]}
                actions={actions}
              />
              {index === trimmed && <TrimMark actions={actions} />}
            </Fragment>
          ))}
          {model.pending.map(({ turnId, text }) => (
            <article key={turnId} class="turn" data-turn={turnId} data-status="pending" aria-label="Prompt">
              <Prompt text={text} />
              <Waiting />
            </article>
          ))}
        </div>
      </div>
      <LinkTarget />
      {!scroll.atBottom && (
        <button
          type="button"
          class="jump"
          title="Jump to latest"
          aria-label="Jump to latest"
          onClick={scroll.toBottom}
        >
          <DownIcon />
        </button>
      )}
    </div>
  );
}
