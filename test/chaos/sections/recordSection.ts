import path from 'node:path';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import { WorkspaceRecords } from '../../../src/adapters/storage/workspaceRecords';
import type { MochaResult } from '../../host/mochaRun.ts';
import { makeBase, openLog, turnsOf, workspaceId, writeFiles } from '../damage/base';
import { damagedRecord } from '../damage/recordDamages';
import { Place, type RunOptions } from '../driver/place';
import { Tally } from '../tally';

/** The record in globalState is damaged, older, or another's: the log wins, and the record is right again. */
export async function recordSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const place = new Place(seed + 30);
  const { random, workerPath } = place;
  const base = await makeBase(place);
  const folder = path.join(place.folder, 'record');
  writeFiles(folder, base.files);
  const client = new WorkerClient({ workerPath, databasePath: path.join(folder, 'history.db') });
  const log = await openLog(client);
  const cases = short ? 20 : 200;
  for (let n = 0; n < cases; n += 1) {
    const { what, value } = damagedRecord(base, random);
    const where = `case ${n} (${what})`;
    const key = `history:${workspaceId}`;
    const values = new Map<string, unknown>([[key, value]]);
    const records = new WorkspaceRecords({
      store: {
        keys: () => [...values.keys()],
        get: (name) => structuredClone(values.get(name)),
        update: (name, updated) => Promise.resolve(void values.set(name, updated)),
      },
      recordOf: (id, maxBytes) => client.recordOf(id, maxBytes),
      report: () => undefined,
    });
    const read = records.read(workspaceId);
    const record = read.state === 'sound' ? { record: read.record } : {};
    const error = await client
      .call('workspace-reconcile', { workspaceId, ...record })
      .then(() => undefined, String);
    tally.check('no record breaks the opening', error === undefined, () => `${where}: ${error}`);
    const turns = await turnsOf(log);
    const same = [...base.turns].every(
      ([id, turn]) => JSON.stringify(turns.get(id)) === JSON.stringify(turn),
    );
    tally.check(
      'the log wins, nothing is lost or changed',
      same && turns.size === base.turns.size,
      () => where,
    );
    const back = base.deleted.filter((id) => turns.has(id));
    tally.check('nothing deleted comes back', back.length === 0, () => `${where}: ${back.join()}`);
    records.save(workspaceId);
    await records.flush();
    const now = records.read(workspaceId);
    const right = now.state === 'sound' && now.record.logId === base.record.logId;
    tally.check(
      'the record is right again, unless a newer version wrote it',
      right || read.state === 'newer',
      () => `${where}: ${now.state}`,
    );
  }
  await client.close();
  return tally.finish();
}
