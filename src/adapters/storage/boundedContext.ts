import type { SentContext, SentItem } from '../../core/context/sentContext';
import { mapItems } from '../../core/context/sentItems';

/** Of a context's JSON without texts. */
export const mostContextBytes = 65_536;

/**
 * What a log keeps of a context that is too large: turns that were left out by their number; then what else was left out,
 * and the oldest of what was carried, told together and counted; then the last of very many requests that carried
 * another window each. Tokens and numbers stay what they were.
 */
export function boundedContext(context: SentContext): SentContext {
  if (isWithin(context)) return context;
  const counted = mapItems(context, (item) => (item.included ? item : withoutPositions(item)));
  return isWithin(counted) ? counted : withoutLast(withFewer(counted));
}

function isWithin(context: SentContext): boolean {
  return sizeOf(context) <= mostContextBytes;
}

/** Of its JSON without texts, in bytes. */
function sizeOf(context: SentContext): number {
  return Buffer.byteLength(JSON.stringify(mapItems(context, ({ text: _text, ...item }) => item)));
}

/** How many they were stays. */
function withoutPositions({ positions, each: _each, turns, cut, ...item }: SentItem): SentItem {
  const count = (turns ?? 0) + (positions?.length ?? 0);
  return { ...item, ...(count > 0 && { turns: count }), ...(cut !== undefined && { cut }) };
}

/** So many turns, and an eighth of it of all else, are told one by one of a request that is too large, or half of it, … */
const mostTold = 1024;

/** Each request by itself within the bound. */
function withFewer({ later, ...first }: SentContext): SentContext {
  const bounded = (items: readonly SentItem[]): readonly SentItem[] => {
    if (isWithin({ ...first, items })) return items;
    for (let most = mostTold; ; most = Math.floor(most / 2)) {
      const fewer = fewerItems(items, most);
      if (most === 0 || isWithin({ ...first, items: fewer })) return fewer;
    }
  };
  return {
    ...first,
    items: bounded(first.items),
    ...(later && {
      later: later.map(({ items, ...step }) => ({ ...step, ...(items && { items: bounded(items) }) })),
    }),
  };
}

/** The newest, which stand last; those before them are told together, by what they were and why. */
function fewerItems(items: readonly SentItem[], most: number): readonly SentItem[] {
  let [turns, others] = [most, Math.floor(most / 8)];
  const fewer: SentItem[] = [];
  for (const item of items.toReversed()) {
    if (item.text !== undefined || item.source === 'prompt') fewer.unshift(item);
    else if (item.positions) {
      const told = Math.min(turns, item.positions.length);
      turns -= told;
      fewer.unshift(...splitTurns(item, told));
    } else if (others > 0 && item.included) {
      others -= 1;
      fewer.unshift(item);
    } else addTogether(fewer, item);
  }
  return fewer;
}

/** Those before the last `told` by their number and tokens alone. */
function splitTurns({ positions = [], each = [], ...item }: SentItem, told: number): readonly SentItem[] {
  const at = positions.length - told;
  if (at === 0) return [{ ...item, positions, each }];
  const { cut, ...plain } = item;
  const before = { ...plain, tokens: sum(each.slice(0, at)), turns: at };
  const after = {
    ...item,
    tokens: sum(each.slice(at)),
    positions: positions.slice(at),
    each: each.slice(at),
  };
  return told === 0 ? [{ ...before, ...(cut !== undefined && { cut }) }] : [before, after];
}

function addTogether(fewer: SentItem[], item: SentItem): void {
  const { source, included, reason, tokens, turns = 0, count = 1 } = item;
  const index = fewer.findIndex(
    (other) =>
      other.count !== undefined &&
      other.source === source &&
      other.included === included &&
      (other.reason === reason || source === 'summary' || source === 'recalled'),
  );
  const same = fewer[index];
  const all = turns + (same?.turns ?? 0);
  const together: SentItem = {
    source,
    included,
    reason: same && same.reason !== reason ? 'Too many to be stored one by one' : reason,
    tokens: tokens + (same?.tokens ?? 0),
    ...(all > 0 && { turns: all }),
    count: count + (same?.count ?? 0),
  };
  if (same) fewer[index] = together;
  else fewer.unshift(together);
}

/** Without the last requests of very many that carried another window each. */
function withoutLast({ later = [], untold = 0, ...first }: SentContext): SentContext {
  let room = mostContextBytes - sizeOf(first);
  const over = later.findIndex((step) => (room -= sizeOf({ ...first, items: [], later: [step] })) < 0);
  const told = over === -1 ? later : later.slice(0, over);
  const more = untold + later.length - told.length;
  return { ...first, ...(told.length > 0 && { later: told }), ...(more > 0 && { untold: more }) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
