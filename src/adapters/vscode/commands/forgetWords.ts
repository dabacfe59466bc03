import type { ForgetItem, ForgetPreview, ForgetReason } from '../../../core/forgetting/forgetting';
import type {
  ForgetCounts,
  ForgetPlace,
  ForgetPlaceName,
  ForgetReceipt,
} from '../../../core/forgetting/receipt';
import { countOf } from './countWords';

const reasons: Readonly<Record<ForgetReason, string>> = {
  target: '',
  copy: 'the same again',
  same: 'holds a message with the same text',
  quotes: 'holds the text within another',
  recalled: 'recall quoted it here',
  from: 'was remembered in it',
};

const kinds: Readonly<Record<ForgetItem['kind'], string>> = {
  turn: 'Turn',
  session: 'Session',
  fact: 'Fact',
  summary: 'Summary',
  title: 'Session title',
};

const places: Readonly<Record<ForgetPlaceName, string>> = {
  history: 'History (turns, facts, titles)',
  searchIndex: 'Search index',
  vectors: 'Embeddings',
  summaries: 'Summaries',
  sentContexts: 'Texts of sent contexts',
  writeAheadLog: 'Write-ahead log',
  copies: 'Backups and quarantine',
  record: 'Record in VS Code’s storage',
  unfinished: 'Prompts that waited, turns that were not stored yet',
  chatLog: 'VS Code’s own chat log',
  exports: 'Exported files',
  documents: 'Open documents and their undo, drafts, what waits in other windows',
  models: 'What models were sent',
};

const waits: Readonly<Record<NonNullable<ForgetPlace['waitsFor']>, string>> = {
  'other-window': 'it is read just now, by this window or another',
  tidying: 'it is tidied in a quiet moment',
  copy: 'a copy cannot be opened yet',
  storage: 'VS Code has not written its storage yet',
};

/** Where no delete reaches, and what to do about it. */
const remedies: Partial<Record<ForgetPlaceName, string>> = {
  chatLog: 'delete the chat in VS Code’s Chat view',
  exports: 'delete the files that you exported',
  documents: 'close documents that show it, and clear drafts',
  models: 'ask whoever runs the model',
};

export function kindWord(item: ForgetItem): string {
  if (item.kind === 'turn' && item.unfinished)
    return item.unfinished === 'waiting' ? 'Prompt that waits' : 'Turn that is not stored yet';
  return kinds[item.kind];
}

export function reasonWords(item: ForgetItem): string {
  return isRunning(item) ? 'runs, and can be forgotten once it has ended' : reasons[item.why];
}

export function isRunning(item: ForgetItem): boolean {
  return item.kind === 'turn' && item.running === true;
}

/** Such as "2 turns and 1 fact". */
export function itemsWords(items: readonly ForgetItem[]): string {
  const count = (kind: ForgetItem['kind']): number => items.filter((item) => item.kind === kind).length;
  return listed([
    counted(count('session'), 'session'),
    counted(count('turn'), 'turn'),
    counted(count('fact'), 'fact'),
    counted(count('summary'), 'summary', 'summaries'),
    counted(count('title'), 'session title'),
  ]);
}

/** Of a receipt, such as "2 turns and 1 fact". */
export function forgottenWords(counts: ForgetCounts): string {
  const { sessions, turns, facts, summaries, titles, unfinished } = counts;
  return listed([
    counted(sessions, 'session'),
    counted(turns, 'turn'),
    counted(facts, 'fact'),
    counted(summaries, 'summary', 'summaries'),
    counted(titles, 'session title'),
    counted(unfinished, 'turn that was not stored yet', 'turns that were not stored yet'),
  ]);
}

export function previewWords({ summaries, complete, alike }: ForgetPreview): string {
  return [
    'Checked items are forgotten for good',
    ...(alike.length > 0 ? [`${alike.length.toLocaleString()} more hold the same text`] : []),
    ...(summaries.length > 0 ? [`${countOf(summaries.length, 'summary', 'summaries')} of them go too`] : []),
    ...(complete ? [] : ['so much matches that the same text was not looked for everywhere']),
  ].join('; ');
}

export function toldWords(receipt: ForgetReceipt): string {
  const pending = receipt.places.filter(({ state }) => state === 'pending').length;
  const begun = receipt.state === 'stopped' ? 'Stopped. Forgotten so far:' : 'Forgotten:';
  const still = `${countOf(pending, 'place is', 'places are')} still being cleaned; the receipt says when that is done.`;
  return `${begun} ${forgottenWords(receipt.counts)}.${pending === 0 ? '' : ` ${still}`}`;
}

/** A receipt in Markdown: nothing of what was forgotten is told again. */
export function receiptText(receipt: ForgetReceipt): string {
  const { id, forgottenAt, state, counts } = receipt;
  const states: Readonly<Record<ForgetReceipt['state'], string>> = {
    done: 'All that can be reached is done.',
    pending: 'Some places are pending: Throughline goes on by itself, also after a restart.',
    stopped:
      'It was stopped: not all that was chosen is forgotten. Run Throughline: Forget… again for the rest.',
  };
  return [
    '# Forget Receipt',
    '',
    `Forgotten ${whenOf(forgottenAt)}. ${states[state]}`,
    '',
    `- Receipt: \`${id}\``,
    `- Forgotten: ${forgottenWords(counts)}`,
    `- Messages: ${counts.messages.toLocaleString()}`,
    '',
    '| place | state | count | why |',
    '| --- | --- | --- | --- |',
    ...receipt.places.map(placeRow),
    '',
  ].join('\n');
}

function placeRow({ name, state, count, waitsFor }: ForgetPlace): string {
  const why =
    state === 'unreachable'
      ? `Throughline cannot reach it: ${remedies[name] ?? ''}`
      : waitsFor && waits[waitsFor];
  return `| ${places[name]} | ${state} | ${count?.toLocaleString() ?? ''} | ${why ?? ''} |`;
}

export function whenOf(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function counted(count: number, thing: string, things?: string): readonly string[] {
  return count === 0 ? [] : [countOf(count, thing, things)];
}

function listed(parts: readonly (string | readonly string[])[]): string {
  const words = parts.flat();
  return words.length < 2
    ? (words[0] ?? 'nothing')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
