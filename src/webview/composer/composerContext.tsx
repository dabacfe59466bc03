import type { VNode } from 'preact';
import type { ViewState } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';

interface StrategyWords {
  readonly label: string;
  /** Where there is little room. */
  readonly short?: string;
  readonly title: string;
}

const strategies: Record<ViewState['strategy'], StrategyWords> = {
  none: { label: 'No memory', title: 'Each prompt is answered alone, and nothing is stored.' },
  session: { label: 'Session memory', short: 'Session', title: 'Kept in memory only, and gone on reload.' },
  workspace: { label: 'Workspace memory', short: 'Workspace', title: 'Stored per workspace.' },
  longTerm: {
    label: 'Long-term memory',
    short: 'Long-term',
    title: 'Stored, and the relevant past is recalled into each request.',
  },
};

/** Who answers, and what is remembered. */
export function ComposerContext(props: { readonly state: ViewState; readonly actions: ChatActions }): VNode {
  const { state, actions } = props;
  const strategy = strategies[state.strategy];
  return (
    <div class="composer-context">
      <button
        type="button"
        class="quiet-button"
        title={`Model: ${state.model.label}. Connect a model…`}
        aria-label={`Model: ${state.model.label}. Connect a model`}
        onClick={() => actions.run('throughline.connectModel')}
      >
        {state.model.label}
      </button>
      <button
        type="button"
        class="quiet-button"
        title={`${strategy.title} Open settings…`}
        aria-label={`${strategy.label}. Open settings`}
        onClick={() => actions.run('workbench.action.openSettings')}
      >
        {strategy.short ?? strategy.label}
        {strategy.short !== undefined && <span class="where-wide"> memory</span>}
      </button>
    </div>
  );
}
