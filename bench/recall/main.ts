/**
 * `npm run bench:recall [-- --data FILE] [--pooled] [--json] [--quality]`: whether recall finds the labelled messages
 * of real conversations, through the product's own database, index and rescoring, beside plain BM25 and MiniSearch; and
 * how long it takes with 100,000 messages stored. Without --data: the development sets beside the repository, if they
 * are there. `--quality` leaves the latency out; `--evidence` all but the evidence in the prompt.
 */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Figures, printLimits, type Limit } from '../figures';
import { folder } from '../store';
import { miniSearch, plainBm25 } from './baselines';
import { readConversations, type LabelledConversation } from './data';
import { measureEvidence, promptTokens, type EvidenceShares } from './evidence';
import { measureLatency, ours, theirs } from './latency';
import type { Quality } from './metrics';
import { baseline, score, throughline, type Scores } from './quality';

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    pooled: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    quality: { type: 'boolean', default: false },
    evidence: { type: 'boolean', default: false },
  },
});

interface DevelopmentSet {
  readonly path: string;
  /** What it must reach with words alone. */
  readonly least: Partial<Quality>;
  /** As measured for the recipe: R@10 on the development data, for comparison. */
  readonly recipe: string;
}

const shared = join(process.cwd(), '..', 'shared');
const developmentSets: readonly DevelopmentSet[] = [
  {
    path: join(shared, 'locomo', 'dev.jsonl'),
    least: { recall10: 0.78, share2000: 0.89 },
    recipe: 'recall@10 .787, plain BM25 on passages .584',
  },
  {
    path: join(shared, 'longmemeval', 'dev.jsonl.gz'),
    least: { recall5: 0.8, recall10: 0.9, share2000: 0.93 },
    recipe: 'recall@10 .926, plain BM25 on passages .818',
  },
];

const measures: readonly (readonly [keyof Quality, string])[] = [
  ['recall5', 'R@5'],
  ['recall10', 'R@10'],
  ['ndcg10', 'nDCG@10'],
  ['share2000', 'in 2,000 tokens'],
  ['share1000', 'in 1,000 tokens'],
];

function print(name: string, quality: Quality): void {
  const shown = measures.map(([measure]) => quality[measure].toFixed(3).padStart(17));
  console.log(`${name.padEnd(44)}${shown.join('')}`);
}

const makeMiniSearch = miniSearch();
const searches = {
  Throughline: throughline,
  'plain BM25': baseline(plainBm25),
  ...(makeMiniSearch && { MiniSearch: baseline(makeMiniSearch) }),
};

async function measure(
  path: string,
  conversations: readonly LabelledConversation[],
): Promise<Record<string, Scores>> {
  const results: Record<string, Scores> = {};
  for (const [name, searching] of Object.entries(searches)) {
    results[name] = await score(conversations, searching, values.pooled);
  }
  if (values.json) return results;
  const questions = results.Throughline?.questions ?? 0;
  console.log(
    `\n${basename(path)}: ${conversations.length} conversations, ${questions} questions, ${values.pooled ? 'pooled' : 'each in its own conversation'}`,
  );
  console.log(''.padEnd(44) + measures.map(([, title]) => title.padStart(17)).join(''));
  for (const [name, { all }] of Object.entries(results)) print(name, all);
  for (const [name, { assistant }] of Object.entries(results)) {
    if (assistant) print(`${name}, evidence the assistant's`, assistant);
  }
  return results;
}

function printEvidence(path: string, evidence: EvidenceShares): void {
  const { questions, slidingWindow, longTerm, passages, tokens, added, smallTalk } = evidence;
  console.log(
    `\n${basename(path)}: evidence in the prompt, of ${questions} questions asked in the newest session, context.maxTokens ${promptTokens}`,
  );
  console.log(`${'sliding window'.padEnd(44)}${slidingWindow.toFixed(3).padStart(17)}`);
  console.log(`${'longTerm'.padEnd(44)}${longTerm.toFixed(3).padStart(17)}`);
  console.log(
    `recalled: ${passages.toFixed(1)} passages of ${tokens.toFixed(0)} tokens a question; asking takes ${added.p50.toFixed(0)} ms more (p95 ${added.p95.toFixed(0)}); small talk: ${smallTalk.recalled} of ${smallTalk.asked} prompts recall something`,
  );
}

function limitsOf(path: string, least: Partial<Quality>, results: Record<string, Scores>): readonly Limit[] {
  const name = basename(join(path, '..'));
  const [mine, plain] = [results.Throughline, results['plain BM25']];
  const reached = measures.flatMap(([measure, title]): Limit[] => {
    const bound = least[measure];
    return mine && bound !== undefined
      ? [{ what: `${name}: ${title}`, value: mine.all[measure], least: bound, unit: '' }]
      : [];
  });
  const ofAssistant = (['recall10', 'ndcg10'] as const).flatMap((measure): Limit[] => {
    if (!mine?.assistant || !plain?.assistant) return [];
    const what = `${name}: ${measure} where the evidence is the assistant's, against plain BM25`;
    return [
      { what, value: mine.assistant[measure], least: Number(plain.assistant[measure].toFixed(3)), unit: '' },
    ];
  });
  return [...reached, ...ofAssistant];
}

const sets = values.data?.map((path) => ({ path, least: {}, recipe: '' })) ?? developmentSets;
const limits: Limit[] = [];
const json: Record<string, unknown> = {};
let largest: readonly LabelledConversation[] = [];
for (const { path, least, recipe } of sets) {
  const conversations = readConversations(path);
  if (!conversations) {
    console.log(`Skipped: there is no ${path}.`);
    continue;
  }
  const results = values.evidence ? {} : await measure(path, conversations);
  if (recipe !== '' && !values.json) console.log(`The recipe's own figures on this set: ${recipe}`);
  const evidence = await measureEvidence(conversations);
  if (!values.json) printEvidence(path, evidence);
  json[path] = { ...results, evidence };
  if (!values.pooled && !values.data && !values.evidence) limits.push(...limitsOf(path, least, results));
  const size = (some: readonly LabelledConversation[]): number =>
    some.reduce((sum, { turns }) => sum + turns.length, 0);
  if (size(conversations) > size(largest)) largest = conversations;
}

if (largest.length > 0 && !values.quality && !values.evidence) {
  const figures = new Figures();
  await measureLatency(largest, makeMiniSearch, figures);
  const times = Object.fromEntries(
    figures.names.map((name) => [name, { p50: figures.p50(name), p95: figures.p95(name) }]),
  );
  json.milliseconds = times;
  if (!values.json) {
    console.log(`\n${'milliseconds'.padEnd(44)}${'p50'.padStart(10)}${'p95'.padStart(10)}`);
    for (const [name, { p50, p95 }] of Object.entries(times)) {
      console.log(`${name.padEnd(44)}${p50.toFixed(1).padStart(10)}${p95.toFixed(1).padStart(10)}`);
    }
    if (!makeMiniSearch) console.log('MiniSearch is not installed: npm ci --prefix bench');
    console.log("The recipe's own: recall 37 and 60 ms, MiniSearch 43 and 82 ms");
  }
  if (makeMiniSearch) {
    for (const at of ['p50', 'p95'] as const) {
      limits.push({
        what: `${ours}, ${at}: against MiniSearch`,
        value: figures[at](ours),
        most: Math.round(figures[at](theirs) * 10) / 10,
        unit: 'ms',
      });
    }
  }
}
rmSync(folder, { recursive: true, force: true });
if (values.json) console.log(JSON.stringify(json, undefined, 2));
else if (limits.length > 0) process.exitCode = printLimits(limits) > 0 ? 1 : 0;
