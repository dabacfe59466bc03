import { reduceNotice } from './reduceHostMessage';
import type { Notice, ViewModel } from './viewModel';

/** More than this is not kept once the user is back at the newest; the rest can be loaded again. */
const turnsKept = 60;

/** What the user does that changes the view before the host answers. */
export type ViewAction =
  | { readonly type: 'prompt-sent'; readonly turnId: string; readonly text: string }
  | { readonly type: 'prompt-edit'; readonly text: string }
  | { readonly type: 'prompt-edited' }
  | { readonly type: 'sent-elsewhere-seen' }
  | { readonly type: 'rejection-dismissed' }
  | { readonly type: 'prompts-returned'; readonly count: number }
  | { readonly type: 'returned-dropped'; readonly turnIds: readonly string[] }
  | { readonly type: 'notice-dismissed'; readonly id: number }
  | { readonly type: 'context-note-dismissed'; readonly key: string }
  | { readonly type: 'page-asked'; readonly before: string }
  | { readonly type: 'receipt-closed'; readonly turnId: string }
  | { readonly type: 'turn-revealed' };

export function reduceViewAction(model: ViewModel, action: ViewAction): ViewModel {
  switch (action.type) {
    case 'prompt-sent': {
      const { turnId, text } = action;
      const pending = [...model.pending, { turnId, text }];
      return { ...withNewestTurns(model), pending, rejection: undefined };
    }
    case 'prompt-edit':
      return { ...model, edit: { text: action.text } };
    case 'prompt-edited':
      return { ...model, edit: undefined };
    case 'sent-elsewhere-seen':
      return { ...model, sentElsewhere: undefined };
    case 'rejection-dismissed':
      return { ...model, rejection: undefined };
    case 'prompts-returned':
      return reduceNotice(model, returnedNotice(action.count));
    case 'returned-dropped':
      return { ...model, returned: model.returned.filter(({ turnId }) => !action.turnIds.includes(turnId)) };
    case 'notice-dismissed':
      return { ...model, notices: model.notices.filter(({ id }) => id !== action.id) };
    case 'context-note-dismissed':
      return { ...model, dismissed: action.key };
    case 'receipt-closed': {
      const { [action.turnId]: _closed, ...receipts } = model.receipts;
      return { ...model, receipts };
    }
    case 'turn-revealed':
      return { ...model, reveal: undefined };
    case 'page-asked':
      return { ...model, loadingBefore: action.before };
  }
}

function withNewestTurns(model: ViewModel): ViewModel {
  if (!model.state || model.state.turns.length <= turnsKept) return model;
  const turns = model.state.turns.slice(-turnsKept);
  return {
    ...model,
    state: { ...model.state, turns, more: true },
    loadingBefore: undefined,
    staleBefore: undefined,
  };
}

function returnedNotice(count: number): Omit<Notice, 'id'> {
  const what =
    count === 1
      ? 'A prompt was still waiting when the window closed. It is'
      : `${count} prompts were still waiting when the window closed. They are`;
  return { level: 'info', message: `${what} in the composer again.` };
}
