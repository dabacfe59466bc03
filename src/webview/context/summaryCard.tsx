import type { VNode } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { maxSummaryLength, type ShownSummary } from '../../protocol/context';
import { formatCount, formatFullTime, formatTime } from '../format';
import { ChevronIcon } from '../icons';
import type { ContextActions } from './contextActions';
import { ReplacedTurns } from './replacedTurns';

const stateWords = {
  active: 'Active',
  undone: 'Undone',
  replaced: 'Replaced',
  'left-out': 'Does not fit',
  'part-undone': 'A part is undone',
} as const;

/** A summary to review: its text, which can be changed, beside the turns that it stands for. */
export function SummaryCard(props: {
  readonly summary: ShownSummary;
  readonly isOpen: boolean;
  readonly actions: ContextActions;
}): VNode {
  const { summary, isOpen, actions } = props;
  const { id, state } = summary;
  const contentId = useId();
  return (
    <li class="summary-card" data-state={summary.out ?? state}>
      <button
        type="button"
        class="item-title"
        aria-expanded={isOpen}
        aria-controls={isOpen ? contentId : undefined}
        onClick={() => actions.review(isOpen ? undefined : id)}
      >
        <span class="disclosure-chevron" data-open={isOpen}>
          <ChevronIcon />
        </span>
        <span class="item-name">{standsFor(summary)}</span>
        <span class="badge">{stateWords[summary.out ?? state]}</span>
      </button>
      <SummaryFacts summary={summary} />
      {isOpen && (
        <div id={contentId}>
          {summary.opened ? (
            <Review summary={summary} opened={summary.opened} actions={actions} />
          ) : (
            <p class="hint">Loading…</p>
          )}
        </div>
      )}
    </li>
  );
}

/** Such as "Stands for 3 turns: “The tides?” to “The wind?”". */
export function standsFor({
  length,
  first,
  last,
  replaces,
}: Pick<ShownSummary, 'length' | 'first' | 'last' | 'replaces'>): string {
  const count = length === 1 ? '1 turn' : `${formatCount(length)} turns`;
  const place = replaces === undefined ? '' : `, in place of ${formatCount(replaces)} summaries`;
  const prompts = [first, last].flatMap((turn) => (turn ? [`“${brief(turn.prompt)}”`] : []));
  return `Stands for ${count}${place}${prompts.length === 0 ? '' : `: ${prompts.join(' to ')}`}`;
}

/** The beginning of a prompt, in one line. */
function brief(prompt: string): string {
  const line = prompt.slice(0, 400).replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line;
}

/** When the turns were that it stands for. */
function Dates({ first, last = first }: Pick<ShownSummary, 'first' | 'last'>): VNode | null {
  if (!first || !last) return null;
  const [from, to] = [formatTime(first.createdAt), formatTime(last.createdAt)];
  return (
    <>
      Of <time dateTime={first.createdAt}>{from}</time>
      {to !== from && (
        <>
          {' '}
          to <time dateTime={last.createdAt}>{to}</time>
        </>
      )}
      {' · '}
    </>
  );
}

function SummaryFacts({ summary }: { readonly summary: ShownSummary }): VNode {
  const { by, createdAt, edited, tokens, first, last, opened } = summary;
  return (
    <p class="item-reason">
      <Dates {...(first && { first })} {...(last && { last })} />
      {by === undefined ? 'Made without a model' : `Written by ${by}`}
      {edited && ', changed by you'},{' '}
      <time dateTime={createdAt} title={formatFullTime(createdAt)}>
        {formatTime(createdAt)}
      </time>
      {' · '}
      {formatCount(tokens)} tokens{opened?.replaced !== undefined && savedWords(opened.replaced, tokens)}
    </p>
  );
}

function savedWords(replaced: number, tokens: number): string {
  const saved = replaced - tokens;
  return ` in place of ${formatCount(replaced)}, ${saved > 0 ? `saves ${formatCount(saved)}` : 'saves none'}`;
}

function Review(props: {
  readonly summary: ShownSummary;
  readonly opened: NonNullable<ShownSummary['opened']>;
  readonly actions: ContextActions;
}): VNode {
  const { summary, opened, actions } = props;
  const { id, state } = summary;
  const { text } = opened;
  const [draft, setDraft] = useState(text);
  const textId = useId();
  useEffect(() => setDraft(text), [text]);
  const isChanged = draft !== text;
  const isEmpty = draft.trim() === '';
  const change = isChanged ? { text: draft } : {};
  const accept = (): void => {
    actions.changeSummary(id, { ...change, state: 'active' });
    if (state === 'active') actions.review(undefined);
  };
  return (
    <>
      <div class="review">
        <div class="review-side">
          <label for={textId}>Summary</label>
          <textarea
            id={textId}
            value={draft}
            maxLength={maxSummaryLength}
            aria-invalid={isEmpty}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
        </div>
        <ReplacedTurns length={summary.length} opened={opened} actions={actions} />
      </div>
      <div class="actions">
        <button type="button" class="button" disabled={isEmpty} onClick={accept}>
          {state === 'undone' ? 'Redo' : 'Accept'}
        </button>
        {state === 'active' && (
          <button
            type="button"
            class="button secondary"
            onClick={() => actions.changeSummary(id, { state: 'undone' })}
          >
            Undo
          </button>
        )}
        {isChanged && (
          <button type="button" class="button secondary" onClick={() => setDraft(text)}>
            Discard Changes
          </button>
        )}
        <span class="hint">{isEmpty ? 'A summary needs a text.' : hintOf(summary)}</span>
      </div>
    </>
  );
}

function hintOf({ state, replaces, out }: ShownSummary): string {
  if (replaces === undefined) {
    return state === 'active'
      ? 'Undo sends the turns themselves again, as far as they fit.'
      : 'Undone: the turns themselves are sent, as far as they fit.';
  }
  if (state === 'undone') return 'Undone: the summaries that it replaced stand for the turns.';
  return out === 'part-undone'
    ? 'A summary that it replaces was undone, so this one is not sent. Redo that one to send this again.'
    : 'Made from the turns, for when those summaries no longer fit together. Undo brings them back.';
}
