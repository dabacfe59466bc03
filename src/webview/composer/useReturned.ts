import { useEffect, useRef } from 'preact/hooks';
import type { ChatActions } from '../chatActions';
import type { ViewModel } from '../viewModel';

/**
 * What waited when the window closed goes before what is in the composer. The host keeps it until it was sent or taken
 * out, as the draft itself may not outlive the next reload.
 */
export function useReturned(
  returned: ViewModel['returned'],
  draft: string,
  setDraft: (text: string) => void,
  actions: ChatActions,
): void {
  const taken = useRef(new Set<string>());
  useEffect(() => {
    const missing = returned.filter(({ text }) => !draft.includes(text));
    const fresh = missing.filter(({ turnId }) => !taken.current.has(turnId));
    for (const { turnId } of returned) taken.current.add(turnId);
    if (fresh.length > 0) {
      setDraft([...fresh.map(({ text }) => text), ...(draft.trim() === '' ? [] : [draft])].join('\n\n'));
      actions.tellReturned(fresh.length);
    } else if (missing.length > 0) actions.dropReturned(missing.map(({ turnId }) => turnId));
  }, [returned, draft, setDraft, actions]);
}
