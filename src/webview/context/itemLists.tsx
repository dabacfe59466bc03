import type { ComponentChildren, VNode } from 'preact';
import type { ShownContext, ShownItem } from '../../protocol/context';
import { formatCount } from '../format';
import type { ContextActions } from './contextActions';
import { ItemRow } from './itemRow';

interface Props {
  readonly open: readonly string[];
  readonly isPast: boolean;
  readonly actions: ContextActions;
}

/** What a request carries, in its order, and what it leaves out. */
export function ItemLists({
  context,
  trimmed,
  recalls,
  ...props
}: Props & {
  readonly context: ShownContext;
  /** Turns among those left out that a trim leaves out, where it can be undone. */
  readonly trimmed: number;
  /** Whether a prompt that is typed recalls. */
  readonly recalls: boolean;
}): VNode {
  const { items, tokens } = context;
  const hasPrompt = items.some(({ source }) => source === 'prompt');
  const left = items.filter(({ included }) => !included);
  const turns = left.reduce((total, item) => total + turnsIn(item), 0);
  return (
    <>
      <List
        {...props}
        title={props.isPast ? 'What was sent, in this order' : 'What is sent, in this order'}
        note={`${formatCount(tokens)} tokens`}
        items={items.filter(({ included }) => included)}
        last={hasPrompt || props.isPast ? undefined : comesHere(recalls)}
      />
      {left.length > 0 && (
        <List
          {...props}
          title="Left out"
          note={turns === 0 ? '' : turns === 1 ? '1 turn' : `${formatCount(turns)} turns`}
          items={left}
        >
          {trimmed > 0 && <UndoTrim trimmed={trimmed} actions={props.actions} />}
        </List>
      )}
    </>
  );
}

function comesHere(recalls: boolean): string {
  return `What you type comes here${recalls ? ', and before it what it recalls' : ''}. It is not counted yet.`;
}

function List(
  props: Props & {
    readonly title: string;
    readonly note: string;
    readonly items: readonly ShownItem[];
    /** Stands in place of an item after the others. */
    readonly last?: string | undefined;
    readonly children?: ComponentChildren;
  },
): VNode {
  const { title, note, items, open, isPast, actions, last, children } = props;
  return (
    <section class="items">
      <h2>
        {title}
        {note !== '' && <span class="items-note"> {note}</span>}
      </h2>
      {children}
      <ul>
        {items.map((item) => (
          <ItemRow
            key={item.key}
            item={item}
            isOpen={open.includes(item.key)}
            isPast={isPast}
            actions={actions}
          />
        ))}
        {last !== undefined && <li class="item item-to-come hint">{last}</li>}
      </ul>
    </section>
  );
}

function UndoTrim({
  trimmed,
  actions,
}: {
  readonly trimmed: number;
  readonly actions: ContextActions;
}): VNode {
  return (
    <p class="undo-trim hint">
      {trimmed === 1 ? '1 turn is' : `${formatCount(trimmed)} turns are`} trimmed.{' '}
      <button type="button" class="link-button" onClick={() => actions.undoTrim()}>
        Undo Trim
      </button>
    </p>
  );
}

function turnsIn({ turnId, summaryId, turns = 0 }: ShownItem): number {
  if (turnId !== undefined) return 1;
  return summaryId === undefined ? turns : 0;
}
