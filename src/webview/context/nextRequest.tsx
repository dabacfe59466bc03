import type { VNode } from 'preact';
import type { ContextActions } from './contextActions';
import { isCurrent, type ContextModel } from './contextModel';
import { Difference } from './difference';
import { ItemLists } from './itemLists';
import { PolicyControls } from './policyControls';
import { PromptField } from './promptField';
import { UsageBar } from './usageBar';

/** Exactly what the next request will carry. */
export function NextRequest(props: {
  readonly model: ContextModel;
  readonly actions: ContextActions;
}): VNode {
  const { model, actions } = props;
  const { next, settings, look } = model;
  const waiting = next?.waiting === true;
  const isStale = waiting || !isCurrent(model);
  return (
    <>
      <PromptField model={model} actions={actions} />
      {waiting && (
        <p class="hint" role="status">
          A turn is running. What the next request carries is known once it has ended.
        </p>
      )}
      {next?.error !== undefined && (
        <p class="refusal" role="alert">
          {next.error}
        </p>
      )}
      {next?.context && <UsageBar context={next.context} />}
      {settings && (
        <PolicyControls
          settings={settings}
          tried={look.instead ?? settings}
          strategy={model.strategy}
          actions={actions}
        >
          {look.instead && (
            <Difference
              difference={isCurrent(model) ? next?.difference : undefined}
              fits={next?.error === undefined}
              tried={look.instead}
              actions={actions}
            />
          )}
        </PolicyControls>
      )}
      <p class="actions">
        <button
          type="button"
          class="button secondary"
          title="Choose what requests carry from now on, with a preview; all turns stay stored"
          onClick={() => actions.trim()}
        >
          Trim Memory…
        </button>
        <button
          type="button"
          class="button secondary"
          title="A summary in place of the oldest turns: see what it would stand for"
          onClick={() => actions.chooseTab('summaries')}
        >
          Summarise…
        </button>
      </p>
      {next?.context && (
        <div class="context-items" aria-busy={isStale} data-stale={waiting}>
          <ItemLists
            context={next.context}
            open={look.open}
            isPast={false}
            trimmed={next.trimmed ?? 0}
            recalls={model.strategy === 'longTerm'}
            actions={actions}
          />
          <p class="actions">
            <button type="button" class="button secondary" onClick={() => actions.copyJson()}>
              Copy as JSON
            </button>
          </p>
        </div>
      )}
    </>
  );
}
