import type { RefObject, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { filtersIn, maxSearchLength } from '../../protocol/memory';
import { BusyIcon, CloseIcon, FilterIcon, SearchIcon } from '../icons';
import type { MemoryActions } from './memoryActions';
import { isCurrent, type MemoryModel } from './memoryModel';
import { SearchFilters } from './searchFilters';

/** Where words and filters are typed; the controls below it write filters into it. */
export function SearchField(props: {
  readonly model: MemoryModel;
  readonly actions: MemoryActions;
  readonly field: RefObject<HTMLInputElement | null>;
}): VNode {
  const { model, actions, field } = props;
  const { text } = model.look;
  const [isOpen, setIsOpen] = useState(false);
  const filtered = Object.keys(filtersIn(text)).length;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault();
      event.stopPropagation();
      actions.type('');
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      const first = document.querySelector<HTMLElement>('.hit-open');
      if (!first || event.isComposing) return;
      event.preventDefault();
      first.focus();
    }
  };
  return (
    <search class="search">
      <div class="search-box">
        <span class="search-mark" data-busy={!isCurrent(model)}>
          <SearchIcon />
          <BusyIcon />
        </span>
        <input
          ref={field}
          type="text"
          role="searchbox"
          aria-label="Search memory"
          aria-describedby="search-status"
          placeholder="Search everything said"
          autocomplete="off"
          spellcheck={false}
          maxLength={maxSearchLength}
          value={text}
          onInput={({ currentTarget }) => actions.type(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {text !== '' && (
          <button
            type="button"
            class="icon-button"
            aria-label="Clear the search"
            title="Clear the search (Escape)"
            onClick={() => {
              actions.type('');
              field.current?.focus();
            }}
          >
            <CloseIcon />
          </button>
        )}
        <button
          type="button"
          class="icon-button search-filter"
          aria-label={filtered === 0 ? 'Filters' : `Filters, ${filtered} set`}
          title="Filters"
          aria-expanded={isOpen}
          aria-controls="search-filters"
          data-set={filtered > 0}
          onClick={() => setIsOpen(!isOpen)}
        >
          <FilterIcon />
        </button>
      </div>
      <div id="search-filters" hidden={!isOpen}>
        {isOpen && <SearchFilters text={text} strategy={model.strategy} actions={actions} />}
      </div>
    </search>
  );
}
