import type { ViewModel } from './viewModel';

/** What the user does that changes the view before the host answers. */
export type ViewAction =
  | { readonly type: 'prompt-sent'; readonly turnId: string; readonly text: string }
  | { readonly type: 'rejection-dismissed' }
  | { readonly type: 'notice-dismissed'; readonly id: number }
  | { readonly type: 'page-asked'; readonly before: string };

export function reduceViewAction(model: ViewModel, action: ViewAction): ViewModel {
  switch (action.type) {
    case 'prompt-sent': {
      const { turnId, text } = action;
      return { ...model, pending: [...model.pending, { turnId, text }], rejection: undefined };
    }
    case 'rejection-dismissed':
      return { ...model, rejection: undefined };
    case 'notice-dismissed':
      return { ...model, notices: model.notices.filter(({ id }) => id !== action.id) };
    case 'page-asked':
      return { ...model, loadingBefore: action.before };
  }
}
