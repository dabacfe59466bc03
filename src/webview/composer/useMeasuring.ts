import { useEffect } from 'preact/hooks';
import { maxPromptLength } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';

const pause = 300;

/** Has the draft measured when typing pauses, and when another session is shown. */
export function useMeasuring(draft: string, sessionId: string, actions: ChatActions): void {
  useEffect(() => {
    if (draft.length > maxPromptLength) return undefined;
    const timer = setTimeout(() => actions.measure(draft), pause);
    return () => clearTimeout(timer);
  }, [draft, sessionId, actions]);
}
