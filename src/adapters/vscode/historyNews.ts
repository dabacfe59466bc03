import type { ReconcileReport, RepairReport, ScrubReport } from '../../core/historyDoctor';
import { repairOutcome, type ReconciledWorkspace } from '../../core/repairOutcome';
import { isComplete, planSentence, repairReportText } from './doctorReport';
import { reconcileReportText, reconcileSentence, scrubReportText, scrubSentence } from './historyNewsText';

export interface HistoryNewsDependencies {
  /** Shows a notification. @returns the action that was chosen */
  readonly notify: (
    level: 'information' | 'warning',
    message: string,
    action: string,
  ) => PromiseLike<string | undefined>;
  readonly openReport: (title: string, text: string) => Promise<void>;
  /** What is shown of the history is read again. */
  readonly refresh: () => Promise<void>;
  /** Keeps every report, for the log. */
  readonly note: (text: string) => void;
  readonly failed: (error: unknown) => void;
  readonly clock: () => Date;
}

const showReport = 'Show Report';
const title = 'History Doctor';
/** Of cleaned copies, the last so many are in the report. */
const mostScrubs = 20;

/**
 * Tells the user what happened to the history by itself: once for all that belongs together, and not at all where nothing
 * was changed.
 */
export class HistoryNews {
  readonly #deps: HistoryNewsDependencies;
  readonly #repairs: RepairReport[] = [];
  readonly #reconciled: ReconciledWorkspace[] = [];
  readonly #scrubs: ScrubReport[] = [];
  #gathering = 0;
  #quiet = false;

  constructor(deps: HistoryNewsDependencies) {
    this.#deps = deps;
  }

  /** The same work, and what comes in until it has ended is told together. */
  gathering<T>(work: () => Promise<T>): () => Promise<T> {
    return async () => {
      this.#gathering += 1;
      try {
        return await work();
      } finally {
        this.#gathering -= 1;
        this.#tell();
      }
    };
  }

  /** What was asked for is told by who asked. */
  repaired(report: RepairReport): void {
    if (!report.automatic || !report.repaired) return;
    this.#repairs.push(report);
    this.#tell();
  }

  readonly reconciled = (workspaceId: string, report: ReconcileReport): void => {
    this.#reconciled.push({ workspaceId, report });
    this.#tell();
  };

  /** The next deletes are not the user's doing just now: that copies were cleaned of them is only noted. */
  quietly(): void {
    this.#quiet = true;
  }

  readonly scrubbed = (report: ScrubReport): void => {
    const isRoutine = this.#quiet && report.removed.length + report.unreachable.length === 0;
    this.#quiet = false;
    this.#scrubs.splice(0, this.#scrubs.length - mostScrubs + 1);
    this.#scrubs.push(report);
    if (isRoutine) {
      this.#deps.note(scrubReportText([report]));
      return;
    }
    const level = report.removed.length + report.unreachable.length > 0 ? 'warning' : 'information';
    this.#show(level, scrubSentence(report), scrubReportText([...this.#scrubs].reverse()));
  };

  #tell(): void {
    if (this.#gathering > 0) return;
    const repairs = this.#repairs.splice(0);
    const reconciled = this.#reconciled.splice(0);
    const repair = repairOutcome(repairs, reconciled);
    if (repair) {
      this.#refresh();
      const message = `The history was damaged and has been repaired: ${planSentence(repair)}.`;
      this.#show(isComplete(repair) ? 'information' : 'warning', message, repairReportText(repair));
      return;
    }
    const changed = reconciled.filter(({ report }) => reconcileSentence(report) !== undefined);
    if (changed.length === 0) return;
    this.#refresh();
    const isWhole = changed.every(({ report }) => report.missing.length === 0);
    this.#show(
      isWhole ? 'information' : 'warning',
      changed.flatMap(({ report }) => reconcileSentence(report) ?? []).join(' '),
      reconcileReportText(changed, this.#deps.clock()),
    );
  }

  #refresh(): void {
    void this.#deps.refresh().catch(this.#deps.failed);
  }

  #show(level: 'information' | 'warning', message: string, text: string): void {
    const { notify, openReport, note, failed } = this.#deps;
    note(text);
    const shown = async (): Promise<void> => {
      if ((await notify(level, message, showReport)) !== undefined) await openReport(title, text);
    };
    void shown().catch(failed);
  }
}
