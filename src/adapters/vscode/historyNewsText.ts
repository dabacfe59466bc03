import type { ReconcileReport, ScrubReport, SourceCounts } from '../../core/historyDoctor';
import type { ReconciledWorkspace } from '../../core/repairOutcome';
import { countsOf, dateOf, lines, missingLines, someOf, turnsOf } from './doctorReport';

const reasons: Readonly<Record<ReconcileReport['relation'], string>> = {
  'no-record': '',
  agrees: '',
  behind: "The history had lost some of what VS Code's own storage still had.",
  'empty-log': 'This machine had no history of this workspace.',
  'other-log': "This machine and VS Code's own storage had different parts of the history.",
};

/** In a sentence or two; undefined where nothing was brought, taken or missed. */
export function reconcileSentence(report: ReconcileReport): string | undefined {
  const { relation, restored, deleted } = report;
  const missing = report.missing.reduce((sum, { turns }) => sum + turns, 0);
  const parts = [
    ...(sum(restored) > 0 ? [`Brought back: ${someOf(restored)}.`] : []),
    ...(sum(deleted) > 0 ? [`Deleted here too: ${someOf(deleted)}.`] : []),
    ...(missing > 0 ? [`At least ${turnsOf(missing)} could not be found.`] : []),
  ];
  return parts.length === 0 ? undefined : [reasons[relation], ...parts].join(' ').trim();
}

/** Of comparisons that changed or missed something, in Markdown. */
export function reconcileReportText(reconciled: readonly ReconciledWorkspace[], at: Date): string {
  return lines([
    '# History Doctor',
    '',
    `Compared ${dateOf(at.toISOString())} with what VS Code's own storage keeps of the history.`,
    ...reconciled.flatMap(({ report }) => ['', ...reconcileLines(report)]),
  ]);
}

function reconcileLines({ relation, restored, deleted, missing }: ReconcileReport): readonly string[] {
  return [
    reasons[relation],
    '',
    `- ${countsOf(restored)} came from VS Code's own storage`,
    ...(sum(deleted) > 0
      ? [`- ${countsOf(deleted)} were deleted here, as VS Code's own storage knows them deleted for good`]
      : []),
    ...missingLines({ missing, countKnown: missing.length === 0 }),
  ];
}

/** In one sentence. Always the same for the same outcome, so that VS Code shows one notification in place of several. */
export function scrubSentence({ cleaned, removed, unreachable }: ScrubReport): string {
  if (unreachable.length > 0) {
    return 'What was deleted for good may still be in copies of the history that could not be reached. They are tried again.';
  }
  if (removed.length > 0) {
    return 'What was deleted for good is gone from the copies of the history, too. Copies that could not be read were removed.';
  }
  return cleaned.length > 0 ? 'What was deleted for good is gone from the copies of the history, too.' : '';
}

/** What became of the copies, in Markdown. */
export function scrubReportText(reports: readonly ScrubReport[]): string {
  return lines([
    '# History Doctor',
    '',
    'What is deleted for good leaves the copies of the history, too: backups, and copies of damaged histories.',
    ...reports.flatMap(({ scrubbedAt, cleaned, removed, unreachable }) => [
      '',
      `## ${dateOf(scrubbedAt)}`,
      '',
      ...cleaned.map((path) => `- It was in this copy, and is no more: \`${path}\``),
      ...removed.map(
        (path) => `- This copy could not be read and so not be cleaned. It was removed: \`${path}\``,
      ),
      ...unreachable.map(
        (path) =>
          `- This copy could not be reached and may hold it still. It is tried again later: \`${path}\``,
      ),
    ]),
  ]);
}

function sum({ sessions, turns, facts }: SourceCounts): number {
  return sessions + turns + facts;
}
