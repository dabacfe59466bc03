import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { filtersIn, type MemoryShown } from '../../protocol/memory';
import type { MemoryActions } from './memoryActions';
import { roleFilters, scopeFilters, timeFilters, timeOf } from './filterWords';

/** Controls that write filters into what is typed. */
export function SearchFilters(props: {
  readonly text: string;
  readonly strategy: MemoryShown['strategy'] | undefined;
  readonly actions: MemoryActions;
}): VNode {
  const { text, strategy, actions } = props;
  const filters = filtersIn(text);
  const [isCustom, setIsCustom] = useState(false);
  const written = timeOf(filters);
  const time = isCustom ? 'custom' : written;
  // What is kept in memory alone is of this window.
  const isStored = strategy === 'workspace' || strategy === 'longTerm';
  const chooseTime = (value: string): void => {
    setIsCustom(value === 'custom');
    if (value === 'custom') return;
    for (const name of ['on', 'before'] as const) if (filters[name] !== undefined) actions.setFilter(name);
    actions.setFilter('after', value);
  };
  return (
    <div class="filters" role="group" aria-label="Filters">
      <Choice
        label="Said by"
        value={filters.role ?? ''}
        choices={roleFilters}
        onChoose={(value) => actions.setFilter('role', value)}
      />
      <Choice
        label="Where"
        value={filters.in ?? ''}
        choices={scopeFilters.filter(({ value }) => isStored || value !== 'everywhere')}
        onChoose={(value) => actions.setFilter('in', value)}
      />
      <Choice label="When" value={time} choices={timeFilters} onChoose={chooseTime} />
      {time === 'custom' && (
        <>
          <DateField
            label="From"
            value={filters.after}
            onChoose={(value) => actions.setFilter('after', value)}
          />
          <DateField
            label="Before"
            value={filters.before}
            onChoose={(value) => actions.setFilter('before', value)}
          />
        </>
      )}
      <label class="filter">
        <span>Path</span>
        <input
          type="text"
          placeholder="src/a.ts"
          spellcheck={false}
          value={filters.path ?? ''}
          onChange={({ currentTarget }) => actions.setFilter('path', currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filters.has !== undefined}
          onChange={({ currentTarget }) =>
            actions.setFilter('has', currentTarget.checked ? 'tools' : undefined)
          }
        />
        With tool calls
      </label>
    </div>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (value: string) => void;
}): VNode {
  const { label, choices, onChoose } = props;
  const value = choices.some((choice) => choice.value === props.value) ? props.value : '';
  return (
    <label class="filter">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function DateField(props: {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChoose: (value: string) => void;
}): VNode {
  return (
    <label class="filter">
      <span>{props.label}</span>
      <input
        type="date"
        value={props.value ?? ''}
        onChange={({ currentTarget }) => props.onChoose(currentTarget.value)}
      />
    </label>
  );
}
