import {
  hitsPerPage,
  maxHits,
  maxReach,
  withFilter,
  type FilterName,
  type MemoryHostMessage,
  type MemoryLook,
  type MemoryShown,
  type MemoryTab,
  type ShownFacts,
  type ShownSearch,
} from '../../protocol/memory';

/** What the view looks at: see the protocol. */
export type Look = Omit<MemoryLook, 'type' | 'n'>;

export interface MemoryNotice {
  readonly level: 'info' | 'error';
  readonly message: string;
}

/** All that the view shows. */
export interface MemoryModel {
  readonly look: Look;
  /** What the other tab looks at. */
  readonly aside: Look;
  /** Counts the looks; the answer to the newest has its number. */
  readonly n: number;
  readonly answered: number;
  /** Undefined until the host has answered. */
  readonly strategy: MemoryShown['strategy'] | undefined;
  readonly search: ShownSearch | undefined;
  readonly facts: ShownFacts | undefined;
  readonly notice: MemoryNotice | undefined;
  /** Counts the times that the field is to take the focus. */
  readonly focusRequests: number;
}

export type MemoryAction =
  | { readonly type: 'tab-chosen'; readonly tab: MemoryTab }
  | { readonly type: 'typed'; readonly text: string }
  /** Put into what is typed; taken out, where the value is left out. */
  | { readonly type: 'filter-set'; readonly name: FilterName; readonly value?: string }
  | { readonly type: 'more-hits' }
  /** Further back, where few fit the filters. */
  | { readonly type: 'looked-on' }
  | { readonly type: 'notice-dismissed' }
  | { readonly type: 'looked-again' };

export const firstLook: Look = { tab: 'search', text: '', limit: hitsPerPage };

const firstLookOf = (tab: MemoryTab): Look => ({ ...firstLook, tab });

export function memoryModel(look: Look = firstLook): MemoryModel {
  return {
    look,
    aside: firstLookOf(look.tab === 'search' ? 'facts' : 'search'),
    n: 0,
    answered: -1,
    strategy: undefined,
    search: undefined,
    facts: undefined,
    notice: undefined,
    focusRequests: 0,
  };
}

export function reduceMemory(model: MemoryModel, event: MemoryHostMessage | MemoryAction): MemoryModel {
  switch (event.type) {
    case 'shown':
      return reduceShown(model, event);
    case 'show': {
      const { tab, text } = event;
      const asked = { ...choosing(model, tab), focusRequests: model.focusRequests + 1 };
      return text === undefined ? asked : looking(asked, typed(asked, text));
    }
    case 'fact-changed': {
      const { told } = event;
      return told === undefined ? model : { ...model, notice: { level: 'info', message: told } };
    }
    case 'tab-chosen':
      return choosing(model, event.tab);
    case 'notice':
      return { ...model, notice: { level: event.level, message: event.message } };
    case 'typed':
      return looking({ ...model, notice: undefined }, typed(model, event.text));
    case 'filter-set':
      return looking(model, typed(model, withFilter(model.look.text, event.name, event.value)));
    case 'more-hits':
      return looking(model, { ...model.look, limit: Math.min(maxHits, model.look.limit + hitsPerPage) });
    case 'looked-on':
      return looking(model, { ...model.look, reach: Math.min(maxReach, (model.look.reach ?? 1) + 1) });
    case 'notice-dismissed':
      return { ...model, notice: undefined };
    case 'looked-again':
      return looking(model, model.look);
  }
}

/** Whether what is shown answers what is looked at. */
export const isCurrent = ({ n, answered }: MemoryModel): boolean => n === answered;

/** Begins anew with the first page. */
const typed = ({ look: { tab } }: MemoryModel, text: string): Look => ({ ...firstLookOf(tab), text });

function looking(model: MemoryModel, look: Look): MemoryModel {
  return { ...model, look, n: model.n + 1 };
}

/** Each tab keeps what was typed in it. */
function choosing(model: MemoryModel, tab: MemoryTab): MemoryModel {
  const { look, aside } = model;
  if (tab === look.tab) return model;
  return { ...model, look: aside, aside: look, n: model.n + 1, notice: undefined };
}

/**
 * An answer to an earlier look is what was asked for then, and comes too late; one to a look that was not made yet is to
 * what the view looked at before it was hidden.
 */
function reduceShown(model: MemoryModel, { n, strategy, view }: MemoryShown): MemoryModel {
  if (n < model.answered || n > model.n) return model;
  const answered = { ...model, answered: n, strategy };
  return view.tab === 'facts' ? { ...answered, facts: view } : { ...answered, search: view };
}
