import type { VNode } from 'preact';
import type { LeftOut, TurnMark, ViewTurn } from '../../protocol/chat';
import { shortTokens } from '../../protocol/meterReading';
import { formatCount } from '../format';
import { pinWords } from '../turnMark';

/** Which part the turn has in requests, where that is another than being one of the newest. */
export function TurnTags(props: {
  readonly turn: ViewTurn;
  readonly mark: TurnMark | undefined;
  readonly leftOut: LeftOut | undefined;
}): VNode {
  const { turn, mark, leftOut } = props;
  return (
    <>
      {turn.pinned && (
        <span class="tag" title={pinWords(true, mark, formatCount)}>
          Pinned{mark && ` · ${shortTokens(mark.tokens)} tokens`}
        </span>
      )}
      {leftOut && (
        <span class="tag" title={`Not part of the next request: ${leftOut.reason}`}>
          {leftOut.label}
        </span>
      )}
    </>
  );
}
