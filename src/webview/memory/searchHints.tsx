import type { VNode } from 'preact';
import { filtersIn, withoutFilters, type MemoryShown, type ShownSearch } from '../../protocol/memory';
import { searchedWords } from './filterWords';
import type { MemoryActions } from './memoryActions';

type Strategy = MemoryShown['strategy'] | undefined;

const examples = [
  ['role:user', 'what you said'],
  ['in:session', 'this session alone'],
  ['after:2026-01', 'from then on'],
  ['path:src/a.ts', 'what names a file'],
  ['has:tools', 'tool calls'],
] as const;

/** Nothing is typed: what can be looked for. */
export function NothingTyped(props: { readonly strategy: Strategy; readonly actions: MemoryActions }): VNode {
  const { strategy, actions } = props;
  return (
    <div class="search-hints">
      <p>{kept(strategy)}</p>
      {strategy === 'none' ? (
        <p>
          <button
            type="button"
            class="button secondary"
            onClick={() => actions.run('workbench.action.openSettings')}
          >
            Open Settings
          </button>
        </p>
      ) : (
        <>
          <p>
            Words, names, paths, error codes, and dates such as “last Tuesday”. Filters can be typed, too;
            alone they list all that fits, newest first:
          </p>
          <dl class="search-examples">
            {examples.map(([filter, meaning]) => (
              <div key={filter}>
                <dt>
                  <code>{filter}</code>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

function kept(strategy: Strategy): string {
  if (strategy === 'none') {
    return 'The memory strategy is “none”: each prompt stands alone, and nothing is kept that could be found.';
  }
  if (strategy === 'session') {
    return 'Search what was said in this window. It is kept in memory only, and gone on reload.';
  }
  return 'Search everything said in this workspace, in all its sessions, trimmed turns too.';
}

/** Nothing was found: what was searched, and how to widen it. */
export function NothingFound(props: {
  readonly search: ShownSearch;
  readonly strategy: Strategy;
  readonly actions: MemoryActions;
}): VNode {
  const { search, strategy, actions } = props;
  const filters = filtersIn(search.text);
  const words = withoutFilters(search.text);
  const isFiltered = Object.keys(filters).some((name) => name !== 'in') && words !== '';
  const isStored = strategy === 'workspace' || strategy === 'longTerm';
  return (
    <div class="search-hints">
      <p>
        Searched {searchedWords(filters)}.{' '}
        {words === '' ? 'Other filters may find more.' : 'Other words may find it.'}
      </p>
      <p class="actions">
        {isFiltered && (
          <button type="button" class="button secondary" onClick={() => actions.type(words)}>
            Search Without Filters
          </button>
        )}
        {filters.in === 'session' && (
          <button type="button" class="button secondary" onClick={() => actions.setFilter('in')}>
            Search the Workspace
          </button>
        )}
        {filters.in === undefined && isStored && (
          <button
            type="button"
            class="button secondary"
            onClick={() => actions.setFilter('in', 'everywhere')}
          >
            Search All Workspaces
          </button>
        )}
      </p>
    </div>
  );
}
