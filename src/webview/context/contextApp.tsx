import type { VNode } from 'preact';
import { CloseIcon, InfoIcon, WarningIcon } from '../icons';
import { Loading } from '../loading';
import type { ContextActions } from './contextActions';
import type { ContextModel } from './contextModel';
import type { ContextStore } from './contextStore';
import { NextRequest } from './nextRequest';
import { PastTurn } from './pastTurn';
import { Summaries } from './summaries';
import { Tabs } from '../tabs';
import { useModel } from '../useModel';

const tabLabels = { next: 'Next Request', past: 'Past Turns', summaries: 'Summaries' } as const;

export function ContextApp(props: {
  readonly store: ContextStore;
  readonly actions: ContextActions;
  readonly onRetry: () => void;
}): VNode {
  const { store, actions } = props;
  const model = useModel(store);
  const { session, look } = model;
  if (!session) return <Loading onRetry={props.onRetry} />;
  return (
    <main class="context">
      <header class="context-header">
        <h1>Context</h1>
        <p class="context-session">{session.title}</p>
      </header>
      <Tabs
        labels={tabLabels}
        chosen={look.tab}
        onChoose={(tab) => actions.chooseTab(tab)}
        panel="context-tab"
      />
      <Notice model={model} actions={actions} />
      <section class="context-tab" role="tabpanel" id="context-tab" aria-labelledby={`tab-${look.tab}`}>
        {look.tab === 'next' && <NextRequest model={model} actions={actions} />}
        {look.tab === 'past' && <PastTurn model={model} actions={actions} />}
        {look.tab === 'summaries' && <Summaries model={model} actions={actions} />}
      </section>
    </main>
  );
}

function Notice({
  model,
  actions,
}: {
  readonly model: ContextModel;
  readonly actions: ContextActions;
}): VNode {
  const { notice } = model;
  return (
    <div role="status" aria-live="polite">
      {notice && (
        <div class={`note note-${notice.level}`}>
          {notice.level === 'info' ? <InfoIcon /> : <WarningIcon />}
          <div class="note-text">
            {notice.message}{' '}
            {notice.turnId !== undefined && (
              <button
                type="button"
                class="link-button"
                onClick={() => notice.turnId !== undefined && actions.reveal(notice.turnId)}
              >
                Show in Chat
              </button>
            )}
          </div>
          <button
            type="button"
            class="icon-button"
            aria-label="Dismiss"
            onClick={() => actions.dismissNotice()}
          >
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
