/**
 * `npm run bench:context`: a generated conversation of 200 turns with tools, held through the real session: whether
 * every request fits its budget and a strict server would take it, how much of it providers have in their cache; what
 * building a request costs with much and with little stored, and beside LangChain's `trimMessages`.
 */
import { rmSync } from 'node:fs';
import { Figures, printLimits, type Limit } from '../figures';
import { folder, makeStore } from '../store';
import { buildingOf, langChainOf, measureBuilding, measureLangChain } from './building';
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

const costs = new Figures();
const sizes = [100, 1_000, 10_000, 100_000];
const stores = [];
for (const size of sizes) stores.push(await makeStore(size));
await measureBuilding(stores, window, costs);
let compared = false;
for (const store of stores) {
  if (store.messages <= 10_000) compared = await measureLangChain(store, window, costs);
}
for (const { client } of stores) await client.close();
rmSync(folder, { recursive: true, force: true });
console.log(`\n${'milliseconds'.padEnd(60)}${'p50'.padStart(10)}${'p95'.padStart(10)}`);
for (const name of costs.names) {
  const [p50, p95] = [costs.p50(name), costs.p95(name)];
  console.log(`${name.padEnd(60)}${p50.toFixed(2).padStart(10)}${p95.toFixed(2).padStart(10)}`);
}
if (!compared) console.log('LangChain is not installed: npm ci --prefix bench');
else {
  const ratio = (size: number): string =>
    (costs.p50(langChainOf(size)) / costs.p50(buildingOf(size))).toFixed(2);
  console.log(`LangChain's time against ours: ${[100, 1_000, 10_000].map(ratio).join(', ')} times`);
}
process.exitCode = printLimits([
  ...limits,
  {
    what: 'building a request: 100,000 messages stored against 100',
    value: costs.p50(buildingOf(100_000)) / costs.p50(buildingOf(100)),
    most: 1.2,
    unit: 'x',
  },
]);
