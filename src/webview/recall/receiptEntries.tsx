import type { VNode } from 'preact';
import type { RecallMarkChange, RecallSource, ViewReceipt, ViewReceiptEntry } from '../../protocol/receipt';
import { formatCount, formatDayAndTime, formatFullTime } from '../format';
import { MarkButtons } from './markButtons';

export interface ReceiptActions {
  /** Mutes or keeps, or takes that back. */
  readonly mark: (change: RecallMarkChange) => void;
  /** Shows the turn that it was said in. */
  readonly reveal: (source: RecallSource) => void;
}

/** What was recalled for a turn, then what could have been, and why it was not. */
export function ReceiptEntries({
  receipt,
  ...actions
}: { readonly receipt: ViewReceipt } & ReceiptActions): VNode {
  const sent = receipt.entries.filter(({ included }) => included);
  const left = receipt.entries.filter(({ included }) => !included);
  return (
    <div class="receipt-content">
      <List entries={sent} label="Recalled passages" {...actions} />
      {left.length > 0 && (
        <>
          <p class="receipt-heading">Found, but not sent</p>
          <List entries={left} label="Found, but not sent" {...actions} />
        </>
      )}
      {receipt.notes.map((note) => (
        <p key={note} class="receipt-note">
          {note}.
        </p>
      ))}
    </div>
  );
}

function List(
  props: { readonly entries: readonly ViewReceiptEntry[]; readonly label: string } & ReceiptActions,
) {
  const { entries, label, ...actions } = props;
  return (
    <ul class="receipt-list" aria-label={label}>
      {entries.map((entry) => (
        <Entry key={keyOf(entry)} entry={entry} {...actions} />
      ))}
    </ul>
  );
}

function keyOf({ factId, messageId, passage }: ViewReceiptEntry): string {
  return `${factId ?? ''} ${messageId ?? ''} ${passage?.start ?? 0}`;
}

const speakers = { user: 'You', assistant: 'Answer', tool: 'Tool', system: 'Instructions' } as const;

function Entry(props: { readonly entry: ViewReceiptEntry } & ReceiptActions): VNode {
  const { entry, mark, reveal } = props;
  const { text, role, reason, words, tokens, included, createdAt } = entry;
  const kind = role ? speakers[role] : 'Fact';
  const time = formatDayAndTime(createdAt);
  const gone = text === undefined;
  return (
    <li class="receipt-entry" data-mark={entry.mark} data-included={included}>
      {gone ? (
        <p class="receipt-gone">Deleted since.</p>
      ) : (
        <blockquote class="receipt-quote" tabIndex={0} aria-label={`${kind}: quoted passage`}>
          {text}
        </blockquote>
      )}
      <div class="receipt-about">
        <span class="receipt-kind">{kind}</span>
        {time && (
          <time dateTime={createdAt} title={formatFullTime(createdAt)}>
            {time}
          </time>
        )}
        <Source entry={entry} gone={gone} reveal={reveal} />
        {included && <span>{`${formatCount(tokens)} ${tokens === 1 ? 'token' : 'tokens'}`}</span>}
      </div>
      <div class="receipt-why">
        {reason}.{entry.edited && ' It says something else by now.'}
        {entry.silenced && ' Not recalled any more, as it says what you muted elsewhere.'}
        {words.length > 0 && ` Matching words: ${words.join(', ')}.`}
      </div>
      {!gone && <MarkButtons entry={entry} mark={mark} />}
    </li>
  );
}

/** Where it was said: leads there, unless it is gone. */
function Source(props: {
  readonly entry: ViewReceiptEntry;
  readonly gone: boolean;
  readonly reveal: ReceiptActions['reveal'];
}): VNode | null {
  const { entry, gone, reveal } = props;
  const { sessionId, turnId, sessionTitle } = entry;
  if (sessionId === undefined || turnId === undefined) return null;
  if (sessionTitle === undefined) return <span>in a session that is deleted</span>;
  if (gone) return <span>{`in “${sessionTitle}”`}</span>;
  return (
    <span class="receipt-source">
      {'in '}
      <button
        type="button"
        class="link-button"
        title={`Go to the turn in “${sessionTitle}”`}
        onClick={() => reveal({ sessionId, turnId })}
      >
        <span class="visually-hidden">Go to the turn in </span>“{sessionTitle}”
      </button>
    </span>
  );
}
