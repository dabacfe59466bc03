import type {
  ContextChoice,
  ContextHostMessage,
  ContextLook,
  ContextShown,
  ContextTab,
  ShownCompaction,
  ShownNext,
  ShownPast,
  ShownSummaries,
} from '../../protocol/context';

/** What the panel looks at: see the protocol. */
export type Look = Omit<ContextLook, 'type' | 'n'>;

export interface PanelNotice {
  readonly level: 'info' | 'error';
  readonly message: string;
  /** A turn that can be shown in the chat. */
  readonly turnId?: string;
}

/** All that the panel shows. */
export interface ContextModel {
  readonly look: Look;
  /** Counts the looks; the answer to the newest has its number. */
  readonly n: number;
  readonly answered: number;
  readonly session: ContextShown['session'] | undefined;
  readonly strategy: ContextShown['strategy'];
  readonly settings: ContextChoice | undefined;
  /** What each tab was last answered. */
  readonly next: ShownNext | undefined;
  readonly past: ShownPast | undefined;
  readonly summaries: ShownSummaries | undefined;
  readonly compaction: ShownCompaction;
  readonly notice: PanelNotice | undefined;
  /** The turn that is being sent. */
  readonly sending: string | undefined;
  /** The prompt as it was taken over from the chat: what is typed here is not replaced by another draft. */
  readonly draft: string;
}

export const firstLook: Look = { tab: 'next', prompt: '', listed: 50, open: [] };

export function contextModel(look: Look = firstLook): ContextModel {
  return {
    look,
    n: 0,
    answered: -1,
    session: undefined,
    strategy: 'workspace',
    settings: undefined,
    next: undefined,
    past: undefined,
    summaries: undefined,
    compaction: { status: 'idle' },
    notice: undefined,
    sending: undefined,
    draft: '',
  };
}

export type PanelAction =
  | { readonly type: 'tab-chosen'; readonly tab: ContextTab }
  | { readonly type: 'prompt-typed'; readonly prompt: string }
  /** Undefined: back to the settings in force. */
  | { readonly type: 'choice-tried'; readonly choice: ContextChoice | undefined }
  | { readonly type: 'turn-chosen'; readonly turnId: string }
  | { readonly type: 'request-chosen'; readonly request: number }
  | { readonly type: 'more-turns' }
  | { readonly type: 'item-toggled'; readonly key: string }
  | { readonly type: 'prompt-sent'; readonly turnId: string }
  | { readonly type: 'review-opened'; readonly summaryId: string | undefined }
  | { readonly type: 'covered-turned'; readonly from: number }
  | { readonly type: 'notice-dismissed' }
  | { readonly type: 'looked-again' };

/** So many turns more are listed at a time. */
const moreTurns = 100;

export function reduceContext(model: ContextModel, event: ContextHostMessage | PanelAction): ContextModel {
  switch (event.type) {
    case 'shown':
      return reduceShown(model, event);
    case 'compaction':
      return reduceCompaction(model, event.compaction);
    case 'show': {
      const { tab, turnId, summaryId } = event;
      const shown = looking(withDraft(model, event.prompt), {
        tab,
        ...(turnId !== undefined && { turnId, request: 1 }),
      });
      return summaryId === undefined ? shown : reviewing(shown, summaryId);
    }
    case 'sent':
      return reduceSent(model, event.turnId, event.refused);
    case 'notice':
      return { ...model, notice: { level: event.level, message: event.message } };
    case 'tab-chosen':
      return looking({ ...model, notice: undefined }, { tab: event.tab });
    case 'prompt-typed':
      return looking(model, { prompt: event.prompt });
    case 'choice-tried': {
      const { instead: _, ...look } = model.look;
      const same = event.choice === undefined || isSame(event.choice, model.settings);
      return looking({ ...model, look }, same ? {} : { instead: event.choice });
    }
    case 'turn-chosen':
      return looking(model, { turnId: event.turnId, request: 1 });
    case 'request-chosen':
      return looking(model, { request: event.request });
    case 'more-turns':
      return looking(model, { listed: model.look.listed + moreTurns });
    case 'item-toggled': {
      const { open } = model.look;
      const rest = open.filter((key) => key !== event.key);
      return looking(model, { open: rest.length < open.length ? rest : [...open, event.key] });
    }
    case 'prompt-sent':
      return { ...model, sending: event.turnId, notice: undefined };
    case 'review-opened':
      return reviewing(model, event.summaryId);
    case 'covered-turned':
      return looking(model, { coveredFrom: event.from });
    case 'notice-dismissed':
      return { ...model, notice: undefined };
    case 'looked-again':
      return looking(model, {});
  }
}

/** Whether what is shown answers what is looked at. */
export const isCurrent = ({ n, answered }: ContextModel): boolean => n === answered;

function withDraft(model: ContextModel, draft: string | undefined): ContextModel {
  const { look } = model;
  if (draft === undefined || (look.prompt !== '' && look.prompt !== model.draft)) return model;
  return { ...model, draft, look: { ...look, prompt: draft } };
}

function reviewing(model: ContextModel, summaryId: string | undefined): ContextModel {
  const { review: _review, coveredFrom: _from, ...look } = model.look;
  return looking({ ...model, look }, summaryId === undefined ? {} : { review: summaryId });
}

function looking(model: ContextModel, change: Partial<Look>): ContextModel {
  return { ...model, look: { ...model.look, ...change }, n: model.n + 1 };
}

function reduceShown(
  model: ContextModel,
  { n, session, strategy, settings, view }: ContextShown,
): ContextModel {
  const isOther = model.session !== undefined && model.session.id !== session.id;
  const before = isOther ? forgotten(model) : model;
  const { instead, ...look } = before.look;
  // Once they are in force they are not tried any more.
  const tried = instead && !isSame(instead, settings) ? { instead } : {};
  const shown = { ...before, look: { ...look, ...tried }, answered: n, session, strategy, settings };
  switch (view.tab) {
    case 'next':
      // What the last request was stays in sight while a turn runs.
      return {
        ...shown,
        next: view.waiting && before.next?.context ? { ...before.next, waiting: true } : view,
      };
    case 'past':
      return { ...shown, past: view };
    case 'summaries':
      return { ...shown, summaries: view };
  }
}

/** Nothing of another session stays in sight. */
function forgotten(model: ContextModel): ContextModel {
  const { turnId: _turn, request: _request, review: _review, coveredFrom: _from, ...look } = model.look;
  return { ...model, look, next: undefined, past: undefined, summaries: undefined };
}

function reduceCompaction(model: ContextModel, compaction: ShownCompaction): ContextModel {
  const isNew = compaction.status === 'done' && model.compaction.status === 'running';
  const told = { ...model, compaction };
  return isNew ? reviewing(told, compaction.summaryId) : told;
}

function reduceSent(model: ContextModel, turnId: string, refused: string | undefined): ContextModel {
  if (model.sending !== turnId) return model;
  const done = { ...model, sending: undefined };
  if (refused !== undefined) return looking({ ...done, notice: { level: 'error', message: refused } }, {});
  const notice = { level: 'info', message: 'Sent as it was shown.', turnId } as const;
  return looking({ ...done, notice }, { prompt: '' });
}

function isSame(a: ContextChoice, b: ContextChoice | undefined): boolean {
  return (
    b !== undefined &&
    a.maxTokens === b.maxTokens &&
    a.windowTurns === b.windowTurns &&
    a.windowMessages === b.windowMessages &&
    a.recentTurns === b.recentTurns &&
    a.policies.join() === b.policies.join()
  );
}
