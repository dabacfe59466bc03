import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';

/** Tabs as the ARIA pattern has them: one stop of the Tab key, arrows choose. */
export function Tabs<Tab extends string>(props: {
  readonly labels: Readonly<Record<Tab, string>>;
  readonly chosen: Tab;
  readonly onChoose: (tab: Tab) => void;
  /** The id of the element that shows the chosen one. */
  readonly panel: string;
}): VNode {
  const list = useRef<HTMLDivElement>(null);
  const tabs = Object.keys(props.labels) as Tab[];
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(props.chosen);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = step === undefined ? undefined : tabs.at(step % tabs.length);
    if (tab === undefined) return;
    event.preventDefault();
    props.onChoose(tab);
    list.current?.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="What to look at" ref={list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`tab-${tab}`}
          class="tab"
          aria-selected={tab === props.chosen}
          aria-controls={props.panel}
          tabIndex={tab === props.chosen ? 0 : -1}
          onClick={() => props.onChoose(tab)}
        >
          {props.labels[tab]}
        </button>
      ))}
    </div>
  );
}
