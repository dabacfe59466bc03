import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { contextTabs, type ContextTab } from '../../protocol/context';

const labels: Readonly<Record<ContextTab, string>> = {
  next: 'Next Request',
  past: 'Past Turns',
  summaries: 'Summaries',
};

/** Tabs as the ARIA pattern has them: one stop of the Tab key, arrows choose. */
export function Tabs(props: {
  readonly chosen: ContextTab;
  readonly onChoose: (tab: ContextTab) => void;
}): VNode {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = contextTabs.indexOf(props.chosen);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: contextTabs.length - 1 }[event.key];
    const tab = step === undefined ? undefined : contextTabs.at(step % contextTabs.length);
    if (tab === undefined) return;
    event.preventDefault();
    props.onChoose(tab);
    list.current?.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="What to look at" ref={list} onKeyDown={onKeyDown}>
      {contextTabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`tab-${tab}`}
          class="tab"
          aria-selected={tab === props.chosen}
          aria-controls="context-tab"
          tabIndex={tab === props.chosen ? 0 : -1}
          onClick={() => props.onChoose(tab)}
        >
          {labels[tab]}
        </button>
      ))}
    </div>
  );
}
