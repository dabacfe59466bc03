import type { RecallReceipt } from '../../core/memory/recallReceipt';
import { shownTitle } from '../../core/shownTitle';

/** The command that a source leads to. */
export const showTurnCommand = 'throughline.showTurn';

const mostSources = 5;

/**
 * Where what was recalled for an answer comes from, each turn once, as Markdown with links that show the turn; undefined
 * where there is nothing to lead to. Titles are shown as the text that they are.
 */
export function recalledFrom({ entries }: RecallReceipt): string | undefined {
  const sources = new Map<string, string>();
  for (const { included, text, turnId, sessionTitle, createdAt } of entries) {
    if (!included || text === undefined || turnId === undefined || sessionTitle === undefined) continue;
    if (sources.has(turnId)) continue;
    const label = `“${escaped(shownTitle(sessionTitle))}”${dayOf(createdAt)}`;
    const argument = encodeURIComponent(JSON.stringify([{ turnId }]));
    sources.set(turnId, `[${label}](command:${showTurnCommand}?${argument})`);
  }
  if (sources.size === 0) return undefined;
  const links = [...sources.values()];
  const more = links.length > mostSources ? `, and ${links.length - mostSources} more` : '';
  return `\n\n---\n\nRecalled from ${links.slice(0, mostSources).join(', ')}${more}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$&:]/g, '\\$&');
}

function dayOf(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return `, ${new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(date)}`;
}
