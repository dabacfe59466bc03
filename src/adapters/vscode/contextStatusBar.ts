import * as vscode from 'vscode';
import {
  meterLines,
  meterNotes,
  meterShares,
  meterText,
  nearWords,
  totalWords,
} from '../../protocol/meterReading';
import type { MeterReading } from '../../protocol/chat';
import type { ContextMeter } from './contextMeter';

export interface ContextStatusBarOptions {
  readonly meter: ContextMeter;
  /** As the setting has it. */
  readonly isWanted: () => boolean;
}

/** The meter in the status bar, while the active session has turns. */
export class ContextStatusBar implements vscode.Disposable {
  readonly #options: ContextStatusBarOptions;
  readonly #unsubscribe: () => void;
  /** Made when there is something to show. */
  #item: vscode.StatusBarItem | undefined;

  constructor(options: ContextStatusBarOptions) {
    this.#options = options;
    this.#unsubscribe = options.meter.onChange(() => this.refresh());
  }

  refresh(): void {
    const { meter, isWanted } = this.#options;
    const { measured } = meter;
    if (!measured || measured.parts.session.length === 0 || !isWanted()) {
      this.#item?.hide();
      return;
    }
    this.#item ??= newItem();
    show(this.#item, measured.reading);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#item?.dispose();
  }
}

function newItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('throughline.context', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Throughline Context';
  item.command = 'throughline.inspectContext';
  return item;
}

function show(item: vscode.StatusBarItem, reading: MeterReading): void {
  const { near, problem } = reading;
  const isWarning = near || problem !== undefined;
  item.text = `$(${isWarning ? 'warning' : 'comment-discussion'}) ${meterText(reading)}`;
  item.backgroundColor = isWarning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  const why = problem ?? (near ? nearWords(reading) : undefined);
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(`Throughline. ${totalWords(reading)}\n`);
  tooltip.appendMarkdown(
    ['\n| | |', '|---|--:|', ...meterShares(reading).map(([label, of]) => `| ${label} | ${of} |`)].join('\n'),
  );
  tooltip.appendMarkdown('\n\n');
  for (const note of meterNotes(reading)) tooltip.appendText(`${note}\n\n`);
  if (why !== undefined) tooltip.appendText(`${why}\n\n`);
  tooltip.appendText('Click to see all of it.');
  item.tooltip = tooltip;
  const label = ['Throughline', ...meterLines(reading), ...(why === undefined ? [] : [why])].join('. ');
  item.accessibilityInformation = { label, role: 'button' };
  item.show();
}
