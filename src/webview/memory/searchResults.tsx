import type { VNode } from 'preact';
import { maxHits, maxReach, type ShownSearch } from '../../protocol/memory';
import { formatCount, formatDay } from '../format';
import { FactList } from './factList';
import { Failed } from './failed';
import { HitList } from './hitList';
import type { MemoryActions } from './memoryActions';
import { isCurrent, type MemoryModel } from './memoryModel';
import { NothingFound, NothingTyped } from './searchHints';

/** What the search found, or what can be looked for. */
export function SearchResults(props: {
  readonly model: MemoryModel;
  readonly actions: MemoryActions;
  /** The user goes back to the field. */
  readonly onLeave: () => void;
}): VNode {
  const { model, actions, onLeave } = props;
  const { search } = model;
  return (
    <section class="results" aria-label="Results" aria-busy={!isCurrent(model)}>
      <p id="search-status" class="search-status" role="status">
        {search && statusWords(search)}
      </p>
      {search?.problems.map((problem) => (
        <p key={problem} class="hint">
          {problem}
        </p>
      ))}
      {search && <Outcome search={search} model={model} actions={actions} onLeave={onLeave} />}
    </section>
  );
}

function Outcome(props: {
  readonly search: ShownSearch;
  readonly model: MemoryModel;
  readonly actions: MemoryActions;
  readonly onLeave: () => void;
}): VNode {
  const { search, model, actions, onLeave } = props;
  const { outcome, facts } = search;
  switch (outcome.status) {
    case 'failed':
      return <Failed message={outcome.message} actions={actions} />;
    case 'idle':
      return (
        <>
          <NothingTyped strategy={model.strategy} actions={actions} />
          {facts.length > 0 && (
            <FactList title="Newest facts" facts={facts} onList={() => actions.chooseTab('facts')} />
          )}
        </>
      );
    case 'found':
      return (
        <>
          {facts.length > 0 && (
            <FactList title="Facts" facts={facts} onList={() => actions.chooseTab('facts')} />
          )}
          {outcome.hits.length > 0 && <HitList hits={outcome.hits} actions={actions} onLeave={onLeave} />}
          {outcome.hits.length === 0 && outcome.lookedBackTo === undefined && (
            <NothingFound search={search} strategy={model.strategy} actions={actions} />
          )}
          <More outcome={outcome} model={model} actions={actions} />
        </>
      );
  }
}

type Found = Extract<ShownSearch['outcome'], { status: 'found' }>;

function More(props: {
  readonly outcome: Found;
  readonly model: MemoryModel;
  readonly actions: MemoryActions;
}): VNode | null {
  const { outcome, model, actions } = props;
  const { more, listed, lookedBackTo } = outcome;
  if (lookedBackTo !== undefined) {
    return (
      <p class="results-more">
        <span>Looked back to {formatDay(lookedBackTo)}.</span>{' '}
        {(model.look.reach ?? 1) < maxReach ? (
          <button type="button" class="button secondary" onClick={() => actions.lookOn()}>
            Look Further Back
          </button>
        ) : (
          'Name an earlier time to look further, as in before:2026-01.'
        )}
      </p>
    );
  }
  if (!more) return null;
  return (
    <p class="results-more">
      {model.look.limit < maxHits ? (
        <button type="button" class="button secondary" onClick={() => actions.showMore()}>
          Show More
        </button>
      ) : listed ? (
        `There is more than these ${formatCount(maxHits)}: add a word, or name an earlier time, as in before:2026-01.`
      ) : (
        `There is more than these ${formatCount(maxHits)}: say more of what you look for, or filter it.`
      )}
    </p>
  );
}

function statusWords({ outcome }: ShownSearch): string {
  if (outcome.status !== 'found') return '';
  const { hits, more, listed, lookedBackTo } = outcome;
  const count = hits.length;
  if (count === 0) return lookedBackTo === undefined ? 'Nothing found' : 'Nothing found so far';
  const found = `${formatCount(count)} ${count === 1 ? 'result' : 'results'}`;
  if (listed) return more ? `The newest ${found}` : `${found}, newest first`;
  return more ? `The best ${found}` : found;
}
