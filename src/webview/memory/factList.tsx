import type { VNode } from 'preact';
import type { ShownFact } from '../../protocol/memory';
import { formatDay, formatFullTime } from '../format';

export function FactList(props: {
  readonly title: string;
  readonly facts: readonly ShownFact[];
  /** Lists all of them, to be edited and deleted. */
  readonly onList: () => void;
}): VNode {
  return (
    <section class="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">{props.title}</h2>
      <ul>
        {props.facts.map(({ id, text, createdAt }) => (
          <li key={id} class="fact">
            <span class="fact-text">{text}</span>
            <time class="fact-time" dateTime={createdAt} title={formatFullTime(createdAt)}>
              {formatDay(createdAt)}
            </time>
          </li>
        ))}
      </ul>
      <button type="button" class="link-button facts-all" onClick={() => props.onList()}>
        Edit or Delete Facts
      </button>
    </section>
  );
}
