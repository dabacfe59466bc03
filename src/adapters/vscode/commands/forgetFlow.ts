import {
  isNothingSelected,
  selectionOf,
  type ForgetItem,
  type ForgetPreview,
  type ForgetRun,
  type Forgetting,
  type ForgetTarget,
} from '../../../core/forgetting/forgetting';
import type { ForgetReceipt } from '../../../core/forgetting/receipt';
import { shownTitle } from '../../../core/shownTitle';
import type { Sessions } from '../../../core/sessions';
import { countOf } from './countWords';
import {
  forgottenWords,
  isRunning,
  itemsWords,
  kindWord,
  previewWords,
  reasonWords,
  receiptText,
  toldWords,
  whenOf,
} from './forgetWords';

export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value: T;
}

/** A line of a preview, with a checkbox. */
export interface ReviewRow extends Choice<readonly ForgetItem[]> {
  readonly checked: boolean;
  readonly group: 'asked' | 'alike';
}

/** How the flow asks and tells; undefined where the person gave up. */
export interface ForgetUi {
  choose<T>(title: string, placeHolder: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  askWords(): Promise<string | undefined>;
  review(placeHolder: string, rows: readonly ReviewRow[]): Promise<readonly ForgetItem[] | undefined>;
  confirm(message: string, detail: string): Promise<boolean>;
  working<T>(title: string, work: (run: ForgetRun) => Promise<T>): Promise<T>;
  /** @returns whether the action was chosen */
  tell(message: string, action?: string): Promise<boolean>;
  report(text: string): Promise<void>;
}

export interface ForgetFlowOptions {
  readonly ui: ForgetUi;
  readonly parts: () => Promise<{
    readonly forgetting: Forgetting;
    readonly sessions: Pick<Sessions, 'list' | 'refresh'>;
  }>;
}

/** A list of more is not read; the rest is one line. */
const mostRows = 500;
const unreachable =
  'VS Code’s own chat log, exported files, open documents and what models were sent cannot be reached. This cannot be undone.';

/** Shows what would be forgotten and what else holds the same text, asks once more, and tells what was done. */
export class ForgetFlow {
  readonly #options: ForgetFlowOptions;

  constructor(options: ForgetFlowOptions) {
    this.#options = options;
  }

  preview(target: ForgetTarget): Promise<ForgetPreview> {
    return this.#options.ui.working('Looking for what holds it…', async (run) =>
      (await this.#options.parts()).forgetting.preview(target, run),
    );
  }

  async forget(target: ForgetTarget): Promise<void> {
    await this.review(await this.preview(target));
  }

  async review(preview: ForgetPreview): Promise<void> {
    const { ui, parts } = this.#options;
    const { sessions, forgetting } = await parts();
    if (preview.items.length + preview.alike.length === 0) {
      await ui.tell('Nothing holds that. Whole words are looked for, without regard to case and accents.');
      return;
    }
    const titles = new Map((await sessions.list()).map(({ id, title }) => [id, shownTitle(title)]));
    const chosen = await ui.review(previewWords(preview), reviewRows(preview, titles));
    if (!chosen) return;
    const selection = selectionOf(chosen);
    if (isNothingSelected(selection)) {
      await ui.tell('Nothing is checked, so nothing was forgotten.');
      return;
    }
    if (!(await ui.confirm(`Forget ${itemsWords(chosen)} for good?`, confirmDetail(preview, chosen)))) return;
    try {
      const receipt = await ui.working('Forgetting…', (run) => forgetting.forget(selection, run));
      void this.#tell(receipt);
    } finally {
      await sessions.refresh();
    }
  }

  async receipts(): Promise<void> {
    const { ui, parts } = this.#options;
    const receipts = await (await parts()).forgetting.receipts();
    if (receipts.length === 0) {
      await ui.tell('Nothing has been forgotten in this workspace yet.');
      return;
    }
    const choices = receipts.map((receipt) => ({
      label: forgottenWords(receipt.counts),
      description: `${whenOf(receipt.forgottenAt)} · ${receipt.state}`,
      value: receipt,
    }));
    const picked = await ui.choose('Forget receipts', 'Pick a receipt to read it', choices);
    if (picked) await ui.report(receiptText(picked));
  }

  async #tell(receipt: ForgetReceipt): Promise<void> {
    const { ui, parts } = this.#options;
    if (!(await ui.tell(toldWords(receipt), 'Show Receipt'))) return;
    // What was pending may be done by now.
    const receipts = await (await parts()).forgetting.receipts();
    await ui.report(receiptText(receipts.find(({ id }) => id === receipt.id) ?? receipt));
  }
}

export function reviewRows(
  { items, alike }: Pick<ForgetPreview, 'items' | 'alike'>,
  titles: ReadonlyMap<string, string>,
): readonly ReviewRow[] {
  return [...rowsOf(items, 'asked', titles), ...rowsOf(alike, 'alike', titles)];
}

function rowsOf(
  items: readonly ForgetItem[],
  group: ReviewRow['group'],
  titles: ReadonlyMap<string, string>,
): readonly ReviewRow[] {
  const isChecked = (item: ForgetItem): boolean =>
    !isRunning(item) && (group === 'asked' || item.why === 'copy');
  const rows = items.slice(0, mostRows).map((item) => rowOf(item, group, isChecked(item), titles));
  const rest = items.slice(mostRows);
  const grouped = [rest.filter(isChecked), rest.filter((item) => !isChecked(item))];
  const more = grouped.flatMap((some, index) =>
    some.length === 0
      ? []
      : [
          {
            label: `${some.length.toLocaleString()} more: ${itemsWords(some)}`,
            value: some,
            checked: index === 0,
            group,
          },
        ],
  );
  return [...rows, ...more];
}

function rowOf(
  item: ForgetItem,
  group: ReviewRow['group'],
  checked: boolean,
  titles: ReadonlyMap<string, string>,
): ReviewRow {
  const session = 'sessionId' in item ? titles.get(item.sessionId) : undefined;
  const size = item.kind === 'session' ? [`${item.turns.toLocaleString()} turns`] : [];
  const reason = reasonWords(item);
  // Beside the label, a first row has no room but for the separator's words.
  const about = [
    reason === '' ? '' : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`,
    kindWord(item),
    'createdAt' in item ? whenOf(item.createdAt) : '',
    session ?? '',
    ...size,
  ];
  return {
    label: item.beginning === '' ? '(empty)' : item.beginning,
    detail: about.filter((part) => part !== '').join(' · '),
    value: [item],
    checked,
    group,
  };
}

function confirmDetail({ items, summaries }: ForgetPreview, chosen: readonly ForgetItem[]): string {
  const kept = items.filter((item) => !chosen.includes(item)).length;
  const ids = new Set(chosen.map(({ id }) => id));
  const along = summaries.filter(({ id }) => !ids.has(id)).length;
  const told = countOf(along, 'more summary tells of it and goes', 'more summaries tell of it and go');
  // What tells of a turn that holds the same text is not looked for.
  const most = chosen.some((item) => !items.includes(item)) ? 'At least ' : kept > 0 ? 'Up to ' : '';
  return [
    'It goes from the history, the search index, embeddings, backups and VS Code’s record of it.',
    along > 0 ? `${most}${told} too.` : 'Summaries that tell of a turn of it go too.',
    ...(kept > 0 ? [`${kept.toLocaleString()} of what was asked for stay, as you chose.`] : []),
    unreachable,
  ].join(' ');
}
