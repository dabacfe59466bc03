import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ViewTurn } from '../protocol/chat';
import { Announcer } from './announcer';
import type { ChatActions } from './chatActions';
import type { ChatStore } from './chatStore';
import { Composer } from './composer/composer';
import { isComposing } from './composer/composerKey';
import { EmptyState } from './emptyState';
import { Loading } from './loading';
import { Transcript } from './transcript/transcript';
import { useFocusAfterRemoval } from './transcript/useFocusAfterRemoval';
import { useModel } from './useModel';
import { runningTurn } from './viewModel';

const noTurns: readonly ViewTurn[] = [];

export function App(props: {
  readonly store: ChatStore;
  readonly actions: ChatActions;
  readonly onRetry: () => void;
}): VNode {
  const { store, actions } = props;
  const model = useModel(store);

  const { staleBefore } = model;
  useEffect(() => {
    if (staleBefore !== undefined) actions.refreshOlder(staleBefore);
  }, [staleBefore, actions]);

  const running = runningTurn(model)?.id;
  useEffect(() => {
    if (running === undefined) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !isComposing(event)) actions.stop(running);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [running, actions]);

  const { state } = model;
  useFocusAfterRemoval(state?.turns ?? noTurns);
  if (!state) return <Loading onRetry={props.onRetry} />;
  const empty = state.turns.length === 0 && model.pending.length === 0;
  return (
    <main class="chat" data-vscode-context='{"webviewSection":"chat"}'>
      <h1 class="visually-hidden">Throughline</h1>
      {empty ? (
        <EmptyState state={state} actions={actions} />
      ) : (
        <Transcript model={model} state={state} actions={actions} />
      )}
      <Composer model={model} state={state} actions={actions} />
      <Announcer turns={state.turns} />
    </main>
  );
}
