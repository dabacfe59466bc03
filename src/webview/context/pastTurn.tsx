import type { VNode } from 'preact';
import type { ShownPast } from '../../protocol/context';
import { formatCount, formatTime } from '../format';
import type { ContextActions } from './contextActions';
import type { ContextModel } from './contextModel';
import { ItemLists } from './itemLists';
import { UsageBar } from './usageBar';

const missing: Readonly<Record<NonNullable<ShownPast['missing']>, string>> = {
  'no-turns': 'This session has no turns yet.',
  deleted: 'That turn is deleted, and what it carried with it.',
  unknown:
    'What this turn carried is not known: it was imported, or made before contexts were stored, or ended before its first request.',
};

/** What the model saw in a turn that has ended, from what was stored then. */
export function PastTurn(props: { readonly model: ContextModel; readonly actions: ContextActions }): VNode {
  const { model, actions } = props;
  const { past, look } = model;
  if (!past) return <p class="hint">Loading…</p>;
  const { turn, context, usage } = past;
  return (
    <>
      {past.turns.length > 0 && <TurnPicker past={past} actions={actions} />}
      {past.requests && <RequestPicker requests={past.requests} actions={actions} />}
      {past.missing && <p class="hint">{missing[past.missing]}</p>}
      {context && (
        <>
          <UsageBar context={context} />
          <p class="hint">
            As it was estimated before it was sent
            {past.model !== undefined && ` to ${past.model}`}.
            {usage && ` The model reported ${formatCount(usage.prompt_tokens)} tokens sent in the whole turn`}
            {usage?.cached_tokens !== undefined && `, ${formatCount(usage.cached_tokens)} of them cached`}
            {usage && '.'}
          </p>
          <ItemLists
            context={context}
            open={look.open}
            isPast
            trimmed={0}
            recalls={false}
            actions={actions}
          />
        </>
      )}
      {turn && (
        <p class="actions">
          <button type="button" class="button secondary" onClick={() => actions.reveal(turn.id)}>
            Show Turn in Chat
          </button>
          {context && (
            <button type="button" class="button secondary" onClick={() => actions.copyJson()}>
              Copy as JSON
            </button>
          )}
        </p>
      )}
    </>
  );
}

/** Where the turn called tools: which of its requests is shown. */
function RequestPicker({
  requests: { told, untold, shown },
  actions,
}: {
  readonly requests: NonNullable<ShownPast['requests']>;
  readonly actions: ContextActions;
}): VNode | null {
  if (told === 1 && untold === 0) return null;
  return (
    <div class="turn-picker">
      <label for="context-request">Request</label>
      <select
        id="context-request"
        value={String(shown)}
        onChange={(event) => actions.chooseRequest(Number(event.currentTarget.value))}
      >
        {Array.from({ length: told }, (_, index) => (
          <option key={index} value={String(index + 1)}>
            {requestWords(index + 1, told + untold)}
          </option>
        ))}
      </select>
      {untold > 0 && (
        <span class="hint">
          {formatCount(untold)} more {untold === 1 ? 'is' : 'are'} not shown: there was too much to store.
        </span>
      )}
    </div>
  );
}

function requestWords(request: number, all: number): string {
  const when = request === 1 ? 'with the prompt' : `after ${request === 2 ? 'the first' : 'more'} tool calls`;
  return `${formatCount(request)} of ${formatCount(all)}, ${when}`;
}

function TurnPicker({
  past,
  actions,
}: {
  readonly past: ShownPast;
  readonly actions: ContextActions;
}): VNode {
  const { turns, turn, more } = past;
  const listed = turn && !turns.some(({ id }) => id === turn.id) ? [...turns, turn] : turns;
  return (
    <div class="turn-picker">
      <label for="context-turn">Turn</label>
      <select
        id="context-turn"
        value={turn?.id ?? ''}
        onChange={(event) => actions.chooseTurn(event.currentTarget.value)}
      >
        {!turn && <option value="">Choose a turn…</option>}
        {listed.map(({ id, title, createdAt }) => (
          <option key={id} value={id}>
            {title} · {formatTime(createdAt)}
          </option>
        ))}
      </select>
      {more && (
        <button type="button" class="link-button" onClick={() => actions.listMore()}>
          List Earlier Turns
        </button>
      )}
    </div>
  );
}
