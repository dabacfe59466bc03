import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { BusyIcon } from './icons';

/** In milliseconds. */
const patience = 5000;

/** Until the first snapshot. A host that is late is asked again by hand. */
export function Loading(props: {
  readonly onRetry: () => void;
  /** What is waited for. */
  readonly what?: string;
}): VNode {
  const { onRetry, what = 'conversation' } = props;
  const [attempt, setAttempt] = useState(1);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, [attempt]);
  if (!late) {
    return (
      <div class="loading" role="status" aria-label={`Loading the ${what}`}>
        <BusyIcon />
      </div>
    );
  }
  const retry = (): void => {
    setLate(false);
    setAttempt(attempt + 1);
    onRetry();
  };
  return (
    <div class="loading" role="alert">
      <p>The {what} did not load.</p>
      <button type="button" class="button" onClick={retry}>
        Try Again
      </button>
    </div>
  );
}
