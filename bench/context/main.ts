/**
 * `npm run bench:context`: a generated conversation of 200 turns with tools, held through the real session: whether
 * every request fits its budget and a strict server would take it, how much of it providers have in their cache; what
 * building a request costs with much and with little stored, and beside LangChain's `trimMessages`.
 */
import { printLimits, type Limit } from '../figures';
import { holdConversation, kinds, type ConversationFigures } from './conversations';

const seed = 20_261_122;
const turns = 200;
const window = 16_000;
const threshold = 0.85;

function print(figures: readonly ConversationFigures[]): void {
  console.log(`Seed ${seed}, ${turns} turns, window ${window} tokens\n`);
  const columns = [
    'median turn',
    'requests',
    'over budget',
    'refused',
    'prompt tokens',
    'shared prefix',
    'summaries',
  ];
  console.log(`${''.padEnd(34)}${columns.map((column) => column.padStart(15)).join('')}`);
  for (const one of figures) {
    const values = [
      one.medianTurnTokens,
      one.requests,
      one.overBudget,
      one.refusedByChecker,
      one.promptTokens,
      `${(one.sharedPrefix * 100).toFixed(1)} %`,
      one.summaries,
    ];
    console.log(`${one.name.padEnd(34)}${values.map((value) => String(value).padStart(15)).join('')}`);
  }
}

const figures: ConversationFigures[] = [];
for (const kind of kinds(window, threshold)) {
  figures.push(await holdConversation(kind, { turns, seed, window }));
}
print(figures);
const [ours] = figures;
const limits: Limit[] = ours
  ? [
      { what: 'requests over budget', value: ours.overBudget, most: 0, unit: '' },
      { what: 'requests that a strict server refuses', value: ours.refusedByChecker, most: 0, unit: '' },
      {
        what: 'median turn: tokens short of 300',
        value: Math.max(0, 300 - ours.medianTurnTokens),
        most: 0,
        unit: '',
      },
      {
        what: 'prompt tokens outside a shared prefix',
        value: (1 - ours.sharedPrefix) * 100,
        most: 15,
        unit: '%',
      },
    ]
  : [];
process.exitCode = printLimits(limits);
