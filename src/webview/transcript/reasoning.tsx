import type { VNode } from 'preact';
import { memo } from '../memo';
import { Disclosure } from './disclosure';

/** What the model thinks aloud: folded away, plain text, never stored. */
export const Reasoning = memo(function Reasoning(props: {
  readonly text: string;
  readonly running: boolean;
}): VNode {
  const title = props.running ? 'Thinking…' : 'Thought';
  return (
    <Disclosure kind="reasoning" summary={<span class={props.running ? 'shimmer' : undefined}>{title}</span>}>
      {() => <div class="reasoning-text">{props.text.trim()}</div>}
    </Disclosure>
  );
});

export function Waiting(): VNode {
  return (
    <div class="waiting">
      <span class="shimmer">Thinking…</span>
    </div>
  );
}
