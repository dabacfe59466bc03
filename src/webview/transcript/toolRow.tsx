import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../format';
import { BusyIcon, CheckIcon, ErrorIcon, StoppedIcon } from '../icons';
import { memo } from '../memo';
import { withSecretMarks } from '../secretMarks';
import { Disclosure } from './disclosure';
import { prettify, summarizeArguments, summarizeResult } from './toolText';
import type { ToolPart, ToolStatus } from './turnParts';

const words: Record<ToolStatus, string> = {
  running: 'running',
  done: 'done',
  failed: 'failed',
  stopped: 'stopped before it answered',
};

const icons: Record<ToolStatus, () => VNode> = {
  running: BusyIcon,
  done: CheckIcon,
  failed: ErrorIcon,
  stopped: StoppedIcon,
};

/** One tool call: its name, arguments and result in a line, all of them below when opened. */
export const ToolRow = memo(function ToolRow(part: Omit<ToolPart, 'key' | 'type'>): VNode {
  const { name, status, result } = part;
  const summary = summarizeArguments(part.arguments);
  const shortResult = status === 'done' ? summarizeResult(result) : '';
  const StatusIcon = icons[status];
  return (
    <Disclosure
      kind={`tool tool-${status}`}
      summary={
        <>
          <span class="tool-status" title={words[status]}>
            <StatusIcon />
          </span>
          <span class="visually-hidden">Tool </span>
          <span class="tool-name">{name}</span> {summary && <span class="tool-summary">{summary}</span>}
          <span class="visually-hidden"> {words[status]} </span>
          {shortResult && <span class="tool-result">→ {shortResult}</span>}
        </>
      }
    >
      {() => (
        <>
          {part.arguments !== undefined && <Detail title="Arguments" text={part.arguments || '{}'} />}
          {result === undefined ? (
            <p class="tool-note">{status === 'running' ? 'Running…' : 'Stopped before it answered.'}</p>
          ) : (
            <Detail title={status === 'failed' ? 'Error' : 'Result'} text={result || '(empty)'} />
          )}
        </>
      )}
    </Disclosure>
  );
});

const shownLength = 2000;

function Detail({ title, text }: { readonly title: string; readonly text: string }): VNode {
  const [all, setAll] = useState(false);
  const pretty = prettify(text);
  const bounded = all || pretty.length <= shownLength ? pretty : `${pretty.slice(0, shownLength)}…`;
  return (
    <div class="tool-detail">
      <div class="tool-detail-title">{title}</div>
      <pre tabIndex={0}>
        <code>{withSecretMarks(bounded)}</code>
      </pre>
      {pretty.length > shownLength && (
        <button type="button" class="link-button" onClick={() => setAll(!all)}>
          {all ? 'Show less' : `Show all ${formatCount(pretty.length)} characters`}
        </button>
      )}
    </div>
  );
}
