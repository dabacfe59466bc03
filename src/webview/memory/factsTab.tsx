import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { maxHits, maxWrittenFact } from '../../protocol/memory';
import { SearchIcon } from '../icons';
import { FactRow } from './factRow';
import { Failed } from './failed';
import type { MemoryActions } from './memoryActions';
import type { MemoryModel } from './memoryModel';

/** As long as the list of facts takes a filter. In characters. */
const maxFilter = 1000;

/** All that is remembered, to be added to, changed and deleted. */
export function FactsTab(props: {
  readonly model: MemoryModel;
  readonly actions: MemoryActions;
  readonly field: RefObject<HTMLInputElement | null>;
}): VNode {
  const { model, actions, field } = props;
  if (model.strategy === 'none') {
    return <p class="hint">The memory strategy is “none”: no facts are kept.</p>;
  }
  return (
    <>
      <AddFact actions={actions} />
      <search class="search-box">
        <SearchIcon />
        <input
          ref={field}
          type="text"
          role="searchbox"
          aria-label="Filter facts"
          placeholder="Filter facts"
          autocomplete="off"
          spellcheck={false}
          maxLength={maxFilter}
          value={model.look.text}
          onInput={({ currentTarget }) => actions.type(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || model.look.text === '') return;
            event.preventDefault();
            event.stopPropagation();
            actions.type('');
          }}
        />
      </search>
      <Listed model={model} actions={actions} />
    </>
  );
}

function AddFact({ actions }: { readonly actions: MemoryActions }): VNode {
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string>();
  const busy = useRef(false);
  const add = async (): Promise<void> => {
    if (busy.current || text.trim() === '') return;
    busy.current = true;
    const why = await actions.change({ kind: 'add', text });
    busy.current = false;
    setFailure(why);
    // What was typed meanwhile is kept.
    if (why === undefined) setText((now) => (now === text ? '' : now));
  };
  return (
    <form
      class="fact-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        type="text"
        class="fact-field"
        aria-label="Remember a fact"
        placeholder="Remember a fact"
        autocomplete="off"
        maxLength={maxWrittenFact}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {failure !== undefined && (
        <p class="fact-failure" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}

function Listed({ model, actions }: { readonly model: MemoryModel; readonly actions: MemoryActions }): VNode {
  const outcome = model.facts?.outcome;
  const facts = outcome?.status === 'found' ? outcome.facts : [];
  const list = useRef<HTMLUListElement>(null);
  const focused = useRef<{ element: HTMLElement; at: number } | undefined>(undefined);
  // An edited row moves to the top, a deleted one goes: the focus stays where it was, or goes to the next row.
  useLayoutEffect(() => {
    // Whoever has gone on to the chat is not brought back.
    if (!focused.current || document.activeElement !== document.body || !document.hasFocus()) return;
    const { element, at } = focused.current;
    if (element.isConnected) {
      element.focus();
      return;
    }
    const rows = [...(list.current?.children ?? [])];
    const next = rows[Math.min(at, rows.length - 1)]?.querySelector<HTMLElement>('button');
    (next ?? document.querySelector<HTMLElement>('.fact-field'))?.focus();
  }, [model.facts]);
  if (outcome?.status === 'failed') return <Failed message={outcome.message} actions={actions} />;
  return (
    <section class="results" aria-label="Remembered facts">
      {outcome && facts.length === 0 && <NoFacts filter={model.facts.text.trim()} />}
      <ul
        ref={list}
        class="facts"
        onFocusCapture={({ target, currentTarget }) => {
          if (!(target instanceof HTMLElement)) return;
          const row = target.closest('.fact');
          focused.current = {
            element: target,
            at: [...currentTarget.children].findIndex((one) => one === row),
          };
        }}
        onFocusOut={({ relatedTarget }) => {
          if (relatedTarget instanceof Node) focused.current = undefined;
        }}
      >
        {facts.map((fact) => (
          <FactRow key={fact.id} fact={fact} actions={actions} />
        ))}
      </ul>
      {outcome?.more && (
        <p class="results-more">
          {model.look.limit < maxHits ? (
            <button type="button" class="button secondary" onClick={() => actions.showMore()}>
              Show More
            </button>
          ) : (
            'There are more: filter them.'
          )}
        </p>
      )}
    </section>
  );
}

function NoFacts({ filter }: { readonly filter: string }): VNode {
  return (
    <p class="hint" role="status">
      {filter === ''
        ? 'Nothing is remembered yet. Write a fact above, or say “remember that …” in the chat.'
        : `No fact says “${filter}”, now or earlier.`}
    </p>
  );
}
