import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CloseIcon, InfoIcon, WarningIcon } from '../icons';
import { Loading } from '../loading';
import { Tabs } from '../tabs';
import { useModel } from '../useModel';
import { FactsTab } from './factsTab';
import type { MemoryActions } from './memoryActions';
import type { MemoryModel } from './memoryModel';
import type { MemoryStore } from './memoryStore';
import { SearchField } from './searchField';
import { SearchResults } from './searchResults';

const tabLabels = { search: 'Search', facts: 'Facts' } as const;

export function MemoryApp(props: { readonly store: MemoryStore; readonly actions: MemoryActions }): VNode {
  const { store, actions } = props;
  const model = useModel(store);
  const field = useRef<HTMLInputElement>(null);
  const isReady = model.strategy !== undefined;
  useEffect(() => {
    if (model.focusRequests > 0) field.current?.select();
  }, [model.focusRequests, isReady]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!isFind(event)) return;
      event.preventDefault();
      field.current?.select();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  if (!isReady) return <Loading what="memory" onRetry={() => actions.lookAgain()} />;
  const { tab } = model.look;
  return (
    <main class="memory">
      <h1 class="visually-hidden">Memory</h1>
      <Tabs
        labels={tabLabels}
        chosen={tab}
        onChoose={(chosen) => actions.chooseTab(chosen)}
        panel="memory-tab"
      />
      <Notice model={model} actions={actions} />
      <section class="memory-tab" role="tabpanel" id="memory-tab" aria-labelledby={`tab-${tab}`}>
        {tab === 'search' ? (
          <>
            <SearchField model={model} actions={actions} field={field} />
            <SearchResults model={model} actions={actions} onLeave={() => field.current?.focus()} />
          </>
        ) : (
          <FactsTab model={model} actions={actions} field={field} />
        )}
      </section>
    </main>
  );
}

/** Ctrl or Cmd and F; a slash, where nothing is being written. */
function isFind({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (altKey) return false;
  if (ctrlKey !== metaKey) return key.toLowerCase() === 'f';
  const isWriting = target instanceof HTMLElement && target.matches('input, select, textarea');
  return key === '/' && !ctrlKey && !isWriting;
}

function Notice({ model, actions }: { readonly model: MemoryModel; readonly actions: MemoryActions }): VNode {
  const { notice } = model;
  return (
    <div role="status" aria-live="polite">
      {notice && (
        <div class={`note note-${notice.level}`}>
          {notice.level === 'info' ? <InfoIcon /> : <WarningIcon />}
          <div class="note-text">{notice.message}</div>
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
