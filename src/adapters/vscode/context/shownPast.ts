import { resultLimit } from '../../../core/context/budget';
import { carriedTurn, cutMark } from '../../../core/context/carried';
import { summaryText } from '../../../core/context/summaryItems';
import type { OwnMessages, SentItem } from '../../../core/context/sentContext';
import type { SentRequest } from '../../../core/context/sentItems';
import type { Message } from '../../../core/message';
import type { ToolDefinition } from '../../../core/chatModel';
import type { StoredTurn } from '../../../core/historyLog';
import type { Summary } from '../../../core/memory/summary';
import type { ShownContext, ShownItem, ShownText } from '../../../protocol/context';
import { countOf } from '../commands/countWords';
import { promptLine } from '../promptLine';
import type { RecalledSource } from '../../../core/memory/recalled';
import type { RecalledNow } from './recalledPast';
import { firstLine, nothingRecalled } from './shownContext';
import { summaryTitle, type SummaryLabel } from './summaryLabels';
import { definitionTexts, shownTexts } from './shownTexts';

export interface PastParts {
  /** The turn whose request it was. */
  readonly turn: StoredTurn;
  /** Those of the turns it carried that are still there, by position. */
  readonly turns: ReadonlyMap<number, StoredTurn>;
  readonly summaries: readonly Summary[];
  readonly labels: ReadonlyMap<string, SummaryLabel>;
  /** What it recalled, of what is still there. */
  readonly recalled: ReadonlyMap<RecalledSource, RecalledNow>;
  readonly open: ReadonlySet<string>;
}

/** What a past request carried, by what was stored of it then; what is gone since says so. */
export function shownPast(
  { items, tokens, maxTokens, reserve, margin = 0, own }: SentRequest,
  parts: PastParts,
): ShownContext {
  const shown = items.flatMap((item, index) =>
    item.positions ? turnItems(item, maxTokens, parts) : [otherItem(item, index, parts)],
  );
  const all = own ? [...shown, ownItem(own, parts)] : shown;
  return { tokens, maxTokens, reserve, margin, items: all };
}

/** What a later request carried of its own turn. */
function ownItem({ messages, tokens, cuts = [] }: OwnMessages, { turn, open }: PastParts): ShownItem {
  const key = 'past:own';
  const lengths = new Map(cuts);
  const sent = turn.messages.slice(0, messages).map((message, index): Message => {
    const length = lengths.get(index);
    return length === undefined
      ? message
      : { ...message, content: message.content.slice(0, length) + cutMark };
  });
  return {
    key,
    source: 'prompt',
    title: promptLine(turn),
    reason: ownWords(messages),
    included: true,
    tokens,
    opens: true,
    ...(cuts.length > 0 && { cut: cuts.length }),
    ...(open.has(key) && { texts: shownTexts(sent) }),
  };
}

function ownWords(messages: number): string {
  return messages === 1
    ? 'This turn'
    : `This turn so far: the prompt and ${countOf(messages - 1, 'message')} after it`;
}

function turnItems(item: SentItem, maxTokens: number, { turns, open }: PastParts): readonly ShownItem[] {
  const { source, reason, included, positions = [], each = [] } = item;
  return positions.map((position, index): ShownItem => {
    const turn = turns.get(position);
    const key = `past:${position}`;
    const base = { key, source, reason, included, tokens: each[index] ?? 0 };
    if (!turn) return { ...base, title: 'A turn that is deleted since', since: 'deleted', opens: false };
    const { messages, cut } = carriedTurn(turn, resultLimit(maxTokens));
    return {
      ...base,
      title: promptLine(turn),
      turnId: turn.id,
      createdAt: turn.createdAt,
      opens: true,
      ...(cut > 0 && included && item.cut !== undefined && { cut }),
      ...(open.has(key) && { texts: shownTexts(item.cut === undefined ? turn.messages : messages) }),
    };
  });
}

function otherItem(item: SentItem, index: number, parts: PastParts): ShownItem {
  const { source, reason, included, tokens, summaryId, cut, turns, count } = item;
  const key = `past:${source}:${index}`;
  const { title, texts, since } =
    count === undefined ? contentOf(item, parts) : { title: countedTitle(source, count), texts: [] };
  const label = parts.labels.get(summaryId ?? '');
  const createdAt = item.recalled?.createdAt ?? (since === undefined ? label?.createdAt : undefined);
  return {
    key,
    source,
    reason,
    included,
    tokens,
    title,
    opens: texts.length > 0,
    ...(summaryId !== undefined && { summaryId }),
    ...(createdAt !== undefined && { createdAt }),
    ...(turns !== undefined && { turns }),
    ...(cut !== undefined && { cut }),
    ...(since && { since }),
    ...(parts.open.has(key) && { texts }),
  };
}

/** Of what was too much to be stored one by one. */
function countedTitle(source: SentItem['source'], count: number): string {
  if (source === 'summary') return count === 1 ? '1 summary' : `${count.toLocaleString()} summaries`;
  return countOf(count, source === 'recalled' ? 'recalled passage' : 'item');
}

interface Content {
  readonly title: string;
  readonly texts: ShownText[];
  readonly since?: 'deleted' | 'edited';
}

function contentOf(
  { source, summaryId, recalled, text, turns = 0 }: SentItem,
  { turn, summaries, labels, ...parts }: PastParts,
): Content {
  switch (source) {
    case 'prompt':
      return { title: promptLine(turn), texts: shownTexts(turn.messages.slice(0, 1)) };
    case 'tools': {
      const tools = definitionsOf(text);
      if (!tools) return { title: 'Tools', texts: [{ role: 'definition', content: text ?? '' }] };
      return { title: countOf(tools.length, 'tool'), texts: definitionTexts(tools) };
    }
    case 'summary': {
      const summary = summaries.find(({ id }) => id === summaryId);
      if (!summary) return { title: 'A summary that is deleted since', texts: [], since: 'deleted' };
      return {
        title: summaryTitle(summary.turnIds.length, labels.get(summary.id)),
        texts: [{ role: 'system', content: summaryText(summary) }],
        ...(summary.edited && { since: 'edited' }),
      };
    }
    case 'window':
    case 'pin':
      return { title: countOf(turns, 'earlier turn'), texts: [] };
    case 'instructions':
    case 'environment':
      return { title: firstLine(text ?? ''), texts: text ? [{ role: 'system', content: text }] : [] };
    case 'recalled':
      return recalledContent(recalled, recalled && parts.recalled.get(recalled));
  }
}

function recalledContent(source: RecalledSource | undefined, now: RecalledNow | undefined): Content {
  if (!source) return { title: nothingRecalled, texts: [] };
  const isFact = 'factId' in source;
  if (!now) {
    return { title: `A ${isFact ? 'fact' : 'message'} that is deleted since`, texts: [], since: 'deleted' };
  }
  const role = isFact ? 'user' : source.role;
  return {
    title: firstLine(now.text),
    texts: [{ role, content: now.text }],
    ...(now.isEdited && { since: 'edited' }),
  };
}

function definitionsOf(text: string | undefined): readonly ToolDefinition[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return Array.isArray(parsed) ? (parsed as readonly ToolDefinition[]) : undefined;
  } catch {
    return undefined;
  }
}
