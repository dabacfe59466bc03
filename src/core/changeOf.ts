import type { HistoryLog } from './historyLog';

/** A dead turn makes no change: after so long it is worth looking whether its lease has run out, in milliseconds. */
const lookAgainMs = 2_000;

/** Resolves when another log has changed the session, or when it is time to look again. Rejects once aborted. */
export async function changeOf(log: HistoryLog, sessionId: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let done = (): void => undefined;
  const changed = new Promise<void>((resolve) => (done = resolve));
  const timer = setTimeout(done, lookAgainMs);
  const unsubscribe = log.onChange((change) => {
    if (!change.own && (change.sessionId ?? sessionId) === sessionId) done();
  });
  signal.addEventListener('abort', done, { once: true });
  try {
    await changed;
    signal.throwIfAborted();
    await log.recover();
  } finally {
    clearTimeout(timer);
    unsubscribe();
    signal.removeEventListener('abort', done);
  }
}
