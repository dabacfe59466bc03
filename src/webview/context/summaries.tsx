import type { VNode } from 'preact';
import type { ContextActions } from './contextActions';
import type { ContextModel } from './contextModel';
import { SummariseNow } from './summariseNow';
import { SummaryCard } from './summaryCard';

/** The session's summaries, the newest first, each beside the turns that it stands for. */
export function Summaries(props: { readonly model: ContextModel; readonly actions: ContextActions }): VNode {
  const { model, actions } = props;
  const { summaries, compaction, look } = model;
  if (!summaries) return <p class="hint">Loading…</p>;
  return (
    <>
      <p class="hint">
        A summary takes the place of turns once they no longer fit a request. The turns stay stored and
        searchable, and each summary can be undone at any time.
      </p>
      <SummariseNow
        plan={summaries.plan}
        hasSummaries={summaries.summaries.length > 0}
        compaction={compaction}
        actions={actions}
      />
      {summaries.summaries.length === 0 && <p class="hint">This session has no summaries yet.</p>}
      <ul class="summaries">
        {summaries.summaries.map((summary) => (
          <SummaryCard
            key={summary.id}
            summary={summary}
            isOpen={summary.id === look.review}
            actions={actions}
          />
        ))}
      </ul>
      {summaries.more && (
        <p>
          <button type="button" class="link-button" onClick={() => actions.listMore()}>
            List Earlier Summaries
          </button>
        </p>
      )}
    </>
  );
}
