/**
 * Opens a history without the rights to write it, as one who has none: `node rights.js <folder> <file | folder>`. Prints
 * the turns that were read, and the reason why no turn was written.
 */
import { chmodSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { historyError } from '../../../src/adapters/storage/engine/sqliteErrors';
import { reasonOf } from '../../../src/core/errors';
import { KeptHistory } from '../../support/damagedHistory';

export interface WithoutRights {
  readonly turns: number;
  readonly reason: string;
  /** After the rights were given back, where that was possible. */
  readonly turnsAfter?: number;
}

const [path = '', what] = process.argv.slice(2);
const folder = dirname(path);
const before = new KeptHistory(path);
before.append('t1');
before.close();
for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
chmodSync(folder, what === 'folder' ? 0o555 : 0o777);
chmodSync(dirname(folder), 0o755);
// The administrator may write everywhere.
const isAdministrator = process.getuid?.() === 0;
if (isAdministrator) process.setuid?.(65_534);

const history = new KeptHistory(path);
const turns = history.dump().sessions[0]?.turns.length ?? 0;
let reason = 'none';
try {
  history.append('t2');
} catch (error) {
  reason = reasonOf(historyError(error));
}
const result: WithoutRights = { turns, reason };
if (isAdministrator) console.log(JSON.stringify(result));
else {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  history.append('t2');
  console.log(JSON.stringify({ ...result, turnsAfter: history.dump().sessions[0]?.turns.length ?? 0 }));
}
