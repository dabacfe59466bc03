/** Aborts `controller` once `signal` is. @returns unlinks them */
export function linkAbort(signal: AbortSignal | undefined, controller: AbortController): () => void {
  const stop = (): void => controller.abort(new DOMException('Stopped', 'AbortError'));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return () => signal?.removeEventListener('abort', stop);
}
