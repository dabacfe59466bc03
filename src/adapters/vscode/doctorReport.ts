import type {
  CheckReport,
  HistoryProblem,
  LostTurn,
  MissingTurns,
  RepairPlan,
  RepairReport,
  SourceCounts,
} from '../../core/historyDoctor';

/** More lost turns than this are counted, not listed. */
const mostListed = 200;

/** What a check found, and what a repair would do, in Markdown. */
export function checkReportText(report: CheckReport): string {
  const { sound, problems, plan, holds, backups, quarantine, checkedAt, notStored } = report;
  return lines([
    '# History Doctor',
    '',
    `Checked ${dateOf(checkedAt)}: ${sound ? 'the history is sound.' : 'the history is damaged.'} Nothing was changed.`,
    '',
    `Stored and sound: ${countsOf(holds)}.`,
    ...(notStored === undefined ? [] : ['', `**Nothing new is stored now.** ${notStored}`]),
    ...problemLines(problems),
    ...(plan ? ['', '## What a repair would do', '', ...planLines(plan, 'would come')] : []),
    '',
    '## Copies',
    '',
    ...(backups.length === 0 ? ['No backup has been made yet.'] : []),
    ...backups.map(
      ({ path, madeAt, bytes }) => `- Backup of ${dateOf(madeAt)}, ${sizeOf(bytes)}: \`${path}\``,
    ),
    ...quarantine.map((folder) => `- Quarantine, a copy of a damaged history: \`${folder}\``),
  ]);
}

/** Of a sound history, in a sentence or two. */
export function soundWords({ holds, notStored }: CheckReport): string {
  const words = `The history is sound: ${countsOf(holds)}, in all workspaces of this machine.`;
  return notStored === undefined ? words : `${words} But nothing new is stored now. ${notStored}`;
}

/** What a repair did, and what came from where, in Markdown. */
export function repairReportText(report: RepairReport): string {
  const { repaired, automatic, repairedAt, problems, quarantine, quarantineRemoved = [] } = report;
  if (!repaired) {
    return lines([
      '# History Doctor',
      '',
      `${dateOf(repairedAt)}: the history is sound, and was left as it is. It holds ${countsOf(report.fromLog)}.`,
    ]);
  }
  return lines([
    '# History Doctor',
    '',
    `Repaired ${dateOf(repairedAt)}, ${automatic ? 'by itself, when damage was met' : 'as asked for'}.`,
    ...problemLines(problems),
    '',
    '## What came from where',
    '',
    ...planLines(report, 'came'),
    '',
    '## Copies',
    '',
    quarantine === undefined
      ? 'There was nothing to keep a copy of.'
      : `What was there before is kept as it was: \`${quarantine}\``,
    ...quarantineRemoved.map((folder) => `- Removed, as there were too many copies: \`${folder}\``),
  ]);
}

/** In one sentence. */
export function planSentence(plan: RepairPlan): string {
  const parts = sources(plan, 'from the damaged file')
    .filter(([, counts]) => sum(counts) > 0)
    .map(([source, counts]) => `${someOf(counts)} ${source}`);
  const lost = [lostSentence(plan), besidesSentence(plan)].filter((text) => text !== undefined);
  const brought = parts.length === 0 ? 'nothing that can be read' : parts.join(', ');
  return [brought, ...lost].join('; ');
}

/** What a repair cannot bring; undefined where that is nothing for sure. */
function lostSentence(plan: RepairPlan): string | undefined {
  const count = lostTurns(plan);
  if (plan.countKnown) return count === 0 ? undefined : `${turnsOf(count)} cannot be brought back`;
  if (count > 0) return `at least ${turnsOf(count)} cannot be brought back`;
  return 'whether turns are lost beyond that is not known';
}

function besidesSentence(plan: RepairPlan): string | undefined {
  const gone = lostBesides(plan);
  return gone.length === 0 ? undefined : `${gone.join(' and ')} cannot be brought back`;
}

/** How many turns are lost, as far as that is known. */
function lostTurns({ lost, missing }: RepairPlan): number {
  return missing.reduce((sum, { turns }) => sum + turns, lost.length);
}

/** Whether a repair lost nothing, and knows so. */
export function isComplete(plan: RepairPlan): boolean {
  return plan.countKnown && lostTurns(plan) === 0 && lostBesides(plan).length === 0;
}

export function countsOf({ sessions, turns, facts }: SourceCounts): string {
  return `${plural(sessions, 'session')}, ${turnsOf(turns)}, ${plural(facts, 'fact')}`;
}

/** Without what there is none of. */
export function someOf({ sessions, turns, facts }: SourceCounts): string {
  const parts = [
    ...(sessions > 0 ? [plural(sessions, 'session')] : []),
    ...(turns > 0 ? [turnsOf(turns)] : []),
    ...(facts > 0 ? [plural(facts, 'fact')] : []),
  ];
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}` : parts.join('');
}

function problemLines(problems: readonly HistoryProblem[]): readonly string[] {
  if (problems.length === 0) return [];
  return ['', '## What was found', '', ...problems.map(({ kind, message }) => `- ${message} (${kind})`)];
}

function planLines(plan: RepairPlan, verb: string): readonly string[] {
  return [
    ...sources(plan, 'from the damaged file').map(
      ([source, counts]) => `- ${countsOf(counts)} ${verb} ${source}`,
    ),
    ...lostLines(plan.lost),
    ...missingLines(plan),
    ...lostBesides(plan).map((what) => `- ${what} cannot be brought back.`),
    ...(isComplete(plan) ? ['- Nothing is lost.'] : []),
  ];
}

function sources(
  { fromLog, fromBackup, fromRecord }: RepairPlan,
  log: string,
): readonly (readonly [string, SourceCounts])[] {
  return [
    [log, fromLog],
    ['from backups', fromBackup],
    ["from VS Code's own storage", fromRecord],
  ];
}

function lostBesides({ lostSummaries = 0, lostTexts = 0 }: RepairPlan): readonly string[] {
  return [
    ...(lostSummaries > 0
      ? [lostSummaries === 1 ? '1 summary of turns' : `${lostSummaries} summaries of turns`]
      : []),
    ...(lostTexts > 0 ? [`${plural(lostTexts, 'text')} that requests carried`] : []),
  ];
}

function lostLines(lost: readonly LostTurn[]): readonly string[] {
  if (lost.length === 0) return [];
  const listed = lost.slice(0, mostListed).map(({ id, sessionId, sessionTitle }) => {
    const session = sessionTitle ?? sessionId;
    return `  - turn \`${id}\`${session === undefined ? '' : ` of “${session}”`}`;
  });
  const more = lost.length > mostListed ? [`  - and ${lost.length - mostListed} more`] : [];
  return [`- ${turnsOf(lost.length)} cannot be brought back:`, ...listed, ...more];
}

/** What is told by counts alone. */
export function missingLines({
  missing,
  countKnown,
}: Pick<RepairPlan, 'missing' | 'countKnown'>): readonly string[] {
  const counted = missing.slice(0, mostListed).map(({ sessionId, sessionTitle, turns }: MissingTurns) => {
    const count = countKnown ? turnsOf(turns) : `at least ${turnsOf(turns)}`;
    return `- ${capitalized(count)} of “${sessionTitle ?? sessionId}” could not be found: the session counts them, and they left no other trace.`;
  });
  const more = missing.slice(mostListed);
  const rest = more.reduce((all, { turns }) => all + turns, 0);
  return [
    ...counted,
    ...(more.length > 0 ? [`- ${turnsOf(rest)} of ${more.length} more sessions could not be found.`] : []),
    ...(countKnown
      ? []
      : [
          '- Whether more is lost is not known: the list of sessions, which counts their turns, was damaged, gone or not the newest.',
        ]),
  ];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sum({ sessions, turns, facts }: SourceCounts): number {
  return sessions + turns + facts;
}

export function turnsOf(count: number): string {
  return plural(count, 'turn');
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export function dateOf(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function lines(text: readonly string[]): string {
  return `${text.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
