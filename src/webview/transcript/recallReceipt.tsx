import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ViewReceipt } from '../../protocol/chat';
import type { ChatActions } from '../chatActions';
import { formatCount } from '../format';
import { RecallIcon } from '../icons';
import { ReceiptEntries } from '../recall/receiptEntries';
import { Disclosure } from './disclosure';

/** Under an answer: what was recalled for it. Asked for when it is opened, as what was deleted since is not to be shown. */
export function RecallReceipt(props: {
  readonly turnId: string;
  readonly count: number;
  readonly receipt: ViewReceipt | 'missing' | undefined;
  readonly actions: ChatActions;
}): VNode {
  const { turnId, count, receipt, actions } = props;
  return (
    <Disclosure
      kind="receipt"
      summary={
        <>
          <span class="receipt-icon">
            <RecallIcon />
          </span>
          <span class="receipt-title">{`Recalled ${count === 1 ? '1 passage' : `${formatCount(count)} passages`}`}</span>
        </>
      }
    >
      {() => <OpenReceipt turnId={turnId} receipt={receipt} actions={actions} />}
    </Disclosure>
  );
}

function OpenReceipt(props: {
  readonly turnId: string;
  readonly receipt: ViewReceipt | 'missing' | undefined;
  readonly actions: ChatActions;
}): VNode {
  const { turnId, receipt, actions } = props;
  useEffect(() => {
    actions.openReceipt(turnId);
    return () => actions.closeReceipt(turnId);
  }, [turnId, actions]);
  const content = useRef<HTMLDivElement>(null);
  const isRead = receipt !== undefined;
  useEffect(() => {
    content.current?.closest('.disclosure')?.scrollIntoView({ block: 'nearest' });
  }, [isRead]);
  return (
    <div ref={content}>
      <ReceiptContent receipt={receipt} actions={actions} />
    </div>
  );
}

function ReceiptContent(props: {
  readonly receipt: ViewReceipt | 'missing' | undefined;
  readonly actions: ChatActions;
}): VNode {
  const { receipt, actions } = props;
  if (receipt === undefined) return <p class="receipt-note">Reading…</p>;
  if (receipt === 'missing') return <p class="receipt-note">What was recalled cannot be read.</p>;
  return (
    <ReceiptEntries
      receipt={receipt}
      mark={(change) => actions.markRecall(change)}
      reveal={(source) => actions.revealSource(source)}
    />
  );
}
