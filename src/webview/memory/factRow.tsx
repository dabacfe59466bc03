import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { maxWrittenFact, type FactChange, type ShownListedFact } from '../../protocol/memory';
import { formatDay, formatFullTime } from '../format';
import type { MemoryActions } from './memoryActions';

type Mode = 'shown' | 'edited' | 'confirming';

/** A fact, to be edited and deleted where it stands. */
export function FactRow(props: { readonly fact: ShownListedFact; readonly actions: MemoryActions }): VNode {
  const { fact, actions } = props;
  const { id: factId, text, createdAt, source, history } = fact;
  const [mode, setMode] = useState<Mode>('shown');
  const [draft, setDraft] = useState('');
  const [failure, setFailure] = useState<string>();
  const row = useRef<HTMLLIElement>(null);
  const before = useRef<Mode>('shown');
  const busy = useRef(false);
  useLayoutEffect(() => {
    if (before.current === mode) return;
    const was = before.current;
    before.current = mode;
    const name = { edited: 'draft', confirming: 'keep', shown: was === 'edited' ? 'edit' : 'delete' }[mode];
    row.current?.querySelector<HTMLElement>(`[data-name=${name}]`)?.focus();
  }, [mode]);
  const run = async (change: FactChange): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    const why = await actions.change(change);
    busy.current = false;
    setFailure(why);
    if (why === undefined) setMode('shown');
  };
  const leave = (): void => {
    setFailure(undefined);
    setMode('shown');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || mode === 'shown') return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  };
  return (
    <li class="fact" ref={row} onKeyDown={onKeyDown}>
      {mode === 'edited' ? (
        <form
          class="fact-form"
          onSubmit={(event) => {
            event.preventDefault();
            void run({ kind: 'edit', factId, text: draft });
          }}
        >
          <textarea
            rows={2}
            class="fact-field"
            data-name="draft"
            aria-label="The fact"
            maxLength={maxWrittenFact}
            value={draft}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              void run({ kind: 'edit', factId, text: draft });
            }}
            onInput={({ currentTarget }) => setDraft(currentTarget.value)}
          />
          <span class="actions">
            <button type="submit" class="button">
              Save
            </button>
            <button type="button" class="button secondary" onClick={leave}>
              Cancel
            </button>
          </span>
        </form>
      ) : (
        <span class="fact-text">{text}</span>
      )}
      <div class="fact-line">
        <span class="fact-time">
          <time dateTime={createdAt} title={formatFullTime(createdAt)}>
            {formatDay(createdAt)}
          </time>
          {source?.deleted && ' · its turn was deleted since'}
        </span>
        {mode === 'shown' && (
          <span class="actions">
            <button
              type="button"
              class="link-button"
              data-name="edit"
              aria-label={`Edit: ${text}`}
              onClick={() => {
                setDraft(text);
                setMode('edited');
              }}
            >
              Edit
            </button>
            <button
              type="button"
              class="link-button"
              data-name="delete"
              aria-label={`Delete: ${text}`}
              onClick={() => setMode('confirming')}
            >
              Delete
            </button>
            {source && !source.deleted && (
              <button
                type="button"
                class="link-button"
                onClick={() => actions.open({ turnId: source.turnId })}
              >
                Show Source
              </button>
            )}
          </span>
        )}
      </div>
      {mode === 'confirming' && (
        <div class="fact-confirm" role="group" aria-label="Delete this fact?">
          <p>
            {history.length > 0
              ? 'The fact and all its earlier texts will be deleted for good. '
              : 'The fact will be deleted for good. '}
            What was said in conversations stays.
          </p>
          <span class="actions">
            <button type="button" class="button" onClick={() => void run({ kind: 'delete', factId })}>
              Delete
            </button>
            <button type="button" class="button secondary" data-name="keep" onClick={leave}>
              Cancel
            </button>
          </span>
        </div>
      )}
      {failure !== undefined && (
        <p class="fact-failure" role="alert">
          {failure}
        </p>
      )}
      {history.length > 0 && (
        <details class="fact-history">
          <summary>Earlier: {history.length}</summary>
          <ul>
            {history.map((version) => (
              <li key={version.createdAt}>
                <span class="fact-text">{version.text}</span>
                <span class="fact-time">
                  <time dateTime={version.createdAt} title={formatFullTime(version.createdAt)}>
                    {formatDay(version.createdAt)}
                  </time>{' '}
                  <button
                    type="button"
                    class="link-button"
                    aria-label={`Restore: ${version.text}`}
                    onClick={() => void run({ kind: 'restore', factId, createdAt: version.createdAt })}
                  >
                    Restore
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
