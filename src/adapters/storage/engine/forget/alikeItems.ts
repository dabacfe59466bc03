import { isFrom, Likeness, type TextFact } from '../../../../core/forgetting/alike';
import type { ForgetItem } from '../../../../core/forgetting/forgetting';
import { indexStem, indexWords, wordsOf } from '../../../../core/recall/words';
import { integerOf } from '../database';
import { messagesPerTurn } from '../messageRows';
import type { Scope } from '../scope';
import { placeWord } from '../searchPlace';
import { summariesCovering } from '../summaries';
import { findTurn, turnRowOf } from '../turnRows';
import { quotingCalls } from './echoes';
import { factItem, factsIn, messagesOf, summariesIn, turnItem } from './items';

/** Of a long text so many words are looked up, the longest, and of these the rarest are asked for. */
const wordsCounted = 48;
const wordsAsked = 5;
/** So many messages that hold these words are compared. */
const mostCandidates = 300;

/** What else holds the text of these turns and facts. */
export function alikeItems(
  scope: Scope,
  turnIds: readonly string[],
  factIds: readonly string[],
): readonly ForgetItem[] {
  const rows = turnIds.flatMap((id) => findTurn(scope, id) ?? []);
  const turns = rows.map((row) => ({ id: row.id, messages: messagesOf(scope, row) }));
  const facts = factsIn(scope);
  const given = facts.filter(({ id }) => factIds.includes(id));
  const likeness = new Likeness(turns, given);
  const falling = new Set(summariesCovering(scope, rows).map(({ id }) => id));
  return [
    ...candidateTurns(scope, likeness, [...turnIds, ...given.flatMap(sourcesOf)]).flatMap((row) => {
      const why =
        likeness.turn({ id: row.id, messages: messagesOf(scope, row) }) ??
        (given.some((fact) => isFrom(fact, row.id)) && !turnIds.includes(row.id) ? 'from' : undefined);
      return why ? [turnItem(scope, row, why)] : [];
    }),
    ...facts.flatMap((fact) => {
      const why = likeness.fact(fact);
      return why ? [factItem(fact, why)] : [];
    }),
    ...summariesIn(scope).flatMap(({ text, item }) => {
      const why = falling.has(item.id) ? undefined : likeness.text(text);
      return why ? [{ ...item, why }] : [];
    }),
  ];
}

/** @param turnIds to be looked at besides */
function candidateTurns(scope: Scope, likeness: Likeness, turnIds: readonly string[]) {
  const { database, workspace } = scope;
  const expressions = [
    ...likeness.texts.map(({ text }) => inText(rareWords(scope, text))),
    quotingCalls(scope.search.knowsPlaces),
  ];
  const keys = new Set<number>();
  for (const words of new Set(expressions)) {
    if (words === undefined || !scope.search.available) continue;
    const place = scope.search.knowsPlaces ? ` AND place : "${placeWord.workspace(workspace)}"` : '';
    const rows = database.all(
      'SELECT rowid AS key FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT ?',
      `(${words})${place}`,
      mostCandidates,
    );
    for (const row of rows) keys.add(Math.floor(integerOf(row, 'key') / messagesPerTurn));
  }
  const found = [...keys].flatMap((key) => {
    const row = database.get('SELECT * FROM turns WHERE key = ? AND workspace = ?', key, workspace);
    return row ? [turnRowOf(row)] : [];
  });
  const known = new Set(found.map(({ id }) => id));
  return [...found, ...turnIds.filter((id) => !known.has(id)).flatMap((id) => findTurn(scope, id) ?? [])];
}

/** What a message that holds the text holds; undefined where no message holds its rarest word. */
function rareWords({ search }: Scope, text: string): string | undefined {
  if (!search.available) return undefined;
  const words = [...new Set(wordsOf(text).flatMap(indexWords))]
    .sort((a, b) => b.length - a.length)
    .slice(0, wordsCounted)
    .map((word) => ({ word, holding: search.holding(indexStem(word)) }))
    .sort((a, b) => a.holding - b.holding);
  const [rarest] = words;
  if (!rarest || rarest.holding === 0) return undefined;
  return words
    .slice(0, wordsAsked)
    .map(({ word }) => `"${word}"`)
    .join(' AND ');
}

function inText(words: string | undefined): string | undefined {
  return words === undefined ? undefined : `{content extra} : (${words})`;
}

function sourcesOf({ source, history = [] }: TextFact): readonly string[] {
  return [source, ...history.map((version) => version.source)].flatMap((one) => (one ? [one.turnId] : []));
}
