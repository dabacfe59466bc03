import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { historyError } from '../../../src/adapters/storage/engine/sqliteErrors';
import { migrations } from '../../../src/adapters/storage/engine/schema';
import { SqliteHistoryLog } from '../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import { recognizeWorkspace } from '../../../src/adapters/storage/workspace/recognizeWorkspace';
import { placeAliasOf } from '../../../src/adapters/storage/workspace/traits';
import { WorkspaceClient } from '../../../src/adapters/storage/workspaceClient';
import { reasonOf } from '../../../src/core/errors';
import type { ChatModel } from '../../../src/core/chatModel';
import { answerText } from '../../../src/core/message';
import type { Session } from '../../../src/core/session';
import { describeError } from '../../../src/core/userMessage';
import { leaseMs, startOfTime, user } from '../../contract/logFixture';
import { damages, KeptHistory, seeded } from '../../support/damagedHistory';
import { says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';
import type { SmallDisk } from '../../support/smallDisk';
import { workerPath } from '../../support/storage';

/** What is promised of a history on a disk that is really full, or really read-only. Each gets a disk of its own. */
export const scenarios: Readonly<Record<string, (disk: SmallDisk) => void | Promise<void>>> = {
  async 'on a full disk the chat goes on, and all of it is written once there is room'(disk) {
    const window = openWindow(disk, new ScriptedModel(says('one'), says('two'), says('three'), says('four')));
    const session = await window.sessions.active();
    assert.equal((await session.send('p1')).saved, true);
    disk.fill();
    for (const [prompt, answer] of [
      ['p2', 'two'],
      ['p3', 'three'],
    ] as const) {
      const turn = await session.send(prompt);
      assert.deepEqual([turn.saved, turn.status, answerText(turn)], [false, 'complete', answer]);
      assert.deepEqual([turn.outage?.reason, turn.outage?.message], ['disk-full', fullWords]);
    }
    assert.deepEqual(await said(session), ['p1 one']);
    disk.free();
    assert.equal((await session.send('p4')).saved, true);
    assert.deepEqual(await said(session), ['p1 one', 'p2 two', 'p3 three', 'p4 four']);
    await window.close();
    const next = openWindow(disk, new ScriptedModel());
    assert.equal((await said(await next.sessions.active())).length, 4);
    await next.close();
  },

  async 'a disk that fills up while the answer comes in: the turn is not saved, and then is'(disk) {
    const model = new ScriptedModel(says('an answer'), says('again'));
    const answer = model.stream.bind(model);
    model.stream = async function* (request) {
      if (request.messages.at(-1)?.content === 'p1') disk.fill();
      yield* answer(request);
    };
    const window = openWindow(disk, model);
    const session = await window.sessions.active();
    const turn = await session.send('p1');
    assert.deepEqual([turn.saved, turn.outage?.reason], [false, 'disk-full']);
    disk.free();
    await session.send('p2');
    assert.deepEqual(await said(session), ['p1 an answer', 'p2 again']);
    await window.close();
  },

  async 'a window opened on a full disk shows the history, and goes on with it'(disk) {
    const first = openWindow(disk, new ScriptedModel(says('one')));
    await (await first.sessions.active()).send('p1');
    await first.close();
    disk.fill();
    const window = openWindow(disk, new ScriptedModel(says('two'), says('three')));
    const session = await window.sessions.active();
    assert.deepEqual(await said(session), ['p1 one']);
    const turn = await session.send('p2');
    assert.deepEqual([turn.saved, turn.outage?.reason], [false, 'disk-full']);
    disk.free();
    await session.send('p3');
    assert.deepEqual(await said(session), ['p1 one', 'p2 two', 'p3 three']);
    await window.close();
  },

  async 'a first window on a full disk chats all the same, and its history begins once there is room'(disk) {
    disk.fill();
    const window = openWindow(disk, new ScriptedModel(says('one'), says('two')));
    const session = await window.sessions.active();
    assert.equal((await session.send('p1')).outage?.reason, 'disk-full');
    assert.deepEqual(window.outages, ['disk-full']);
    disk.free();
    await window.recovered;
    assert.equal((await session.send('p2')).saved, true);
    assert.deepEqual(await said(session), ['p1 one', 'p2 two']);
    await window.close();
  },

  async 'what a crash left running does not keep the chat from opening on a full disk'(disk) {
    const history = new KeptHistory(disk.databasePath);
    history.append('t1');
    history.call('workspace-claim', { place: placeAliasOf(place), own: [], dropped: [] });
    const running = { id: 't2', sessionId: 's1', createdAt: '2026-03-01T10:00:00.000Z' };
    const turn = { ...running, messages: [user('p2')] };
    history.call('turn-begin', { turn, expectedLength: 1, owner: 'dead', leaseMs });
    history.close();
    disk.fill();
    const window = openWindow(disk, new ScriptedModel(says('three')));
    await window.sessions.recover();
    const session = await window.sessions.active();
    assert.equal((await session.page(10)).turns.length, 2);
    await window.close();
  },

  'what was acknowledged before is there after the disk was full, and nothing of what was not'(disk) {
    const history = new KeptHistory(disk.databasePath);
    let acknowledged = 0;
    disk.fill();
    disk.free();
    for (let n = 0; ; n += 1) {
      try {
        history.append(`t${n}`, 's1', 900);
        acknowledged += 1;
      } catch (error) {
        assert.equal(reasonOf(historyError(error)), 'disk-full');
        break;
      }
    }
    assert.ok(acknowledged > 3);
    history.close();
    const next = new KeptHistory(disk.databasePath);
    const turns = next.dump().sessions.flatMap((session) => session.turns);
    assert.equal(turns.filter(({ status }) => status === 'complete').length, acknowledged);
    assert.deepEqual(next.repairs, [], 'a full disk is no damage');
    next.close();
  },

  'a backup that the disk has no room for leaves nothing behind, and the older one stays'(disk) {
    const history = new KeptHistory(disk.databasePath);
    for (let n = 0; n < 20; n += 1) history.append(`t${n}`, 's1', 100);
    history.call('backup-make', {});
    const before = backupsOf(disk);
    assert.equal(before.length, 1);
    history.append('new', 's1', 100);
    disk.fill();
    throwsReason(() => history.call('backup-make', {}, startOfTime + 1), 'disk-full');
    assert.deepEqual(backupsOf(disk), before);
    disk.free();
    assert.equal(history.call('backup-make', {}, startOfTime + 1), true);
    history.close();
  },

  'a damaged history on a full disk is left as it is, and repaired once there is room'(disk) {
    const path = disk.databasePath;
    const history = new KeptHistory(path);
    for (let n = 0; n < 30; n += 1) history.append(`t${n}`, 's1', 100);
    history.call('backup-make', {});
    history.close();
    damages['a header of garbage'](path, seeded(1));
    const damaged = readFileSync(path);
    disk.fill();
    const window = new KeptHistory(path);
    assert.throws(() => window.dump());
    assert.throws(() => window.append('more'));
    window.close();
    assert.ok(readFileSync(path).equals(damaged));
    const quarantine = join(dirname(path), 'quarantine');
    assert.deepEqual(existsSync(quarantine) ? readdirSync(quarantine) : [], []);
    assert.equal(existsSync(`${path}.repairing`), false);
    disk.free();
    const next = new KeptHistory(path);
    assert.equal(next.dump().sessions[0]?.turns.length, 30);
    assert.equal(next.repairs.length, 1);
    next.close();
  },

  'a history that was deleted is not begun anew on a full disk while a backup has it'(disk) {
    const path = disk.databasePath;
    const history = new KeptHistory(path);
    for (let n = 0; n < 20; n += 1) history.append(`t${n}`);
    history.call('backup-make', {});
    history.close();
    for (const name of readdirSync(dirname(path))) {
      if (name.startsWith('history.db')) rmSync(join(dirname(path), name));
    }
    disk.fill();
    const window = new KeptHistory(path);
    throwsReason(() => window.dump(), 'disk-full');
    window.close();
    disk.free();
    const next = new KeptHistory(path);
    assert.equal(next.dump().sessions[0]?.turns.length, 20);
    next.close();
  },

  'a delete that the disk has no room for deletes nothing, and says so'(disk) {
    const history = new KeptHistory(disk.databasePath);
    for (let n = 0; n < 5; n += 1) history.append(`t${n}`);
    disk.fill();
    throwsReason(() => history.call('session-delete', { sessionId: 's1' }), 'disk-full');
    assert.equal(history.dump().sessions[0]?.turns.length, 5);
    disk.free();
    assert.equal(history.call('session-delete', { sessionId: 's1' }).turns, 5);
    history.close();
  },

  'what was deleted leaves the copies once there is room to write them anew'(disk) {
    const history = new KeptHistory(disk.databasePath);
    for (let n = 0; n < 5; n += 1) history.append(`t${n}`, n === 4 ? 'gone' : 's1');
    history.call('backup-make', {});
    history.call('session-delete', { sessionId: 'gone' });
    disk.fill();
    assert.throws(() => history.tidy());
    assert.equal(backupsOf(disk).length, 1);
    assert.match(backupText(disk), /wordt4/);
    disk.free();
    history.tidy();
    assert.equal(backupsOf(disk).length, 1);
    assert.doesNotMatch(backupText(disk), /wordt4/);
    history.close();
  },

  'a migration that the disk has no room for changes nothing'(disk) {
    const path = disk.databasePath;
    const history = new KeptHistory(path);
    history.append('t1', 's1', 2000);
    history.close();
    const steps = [...migrations, 'CREATE TABLE later (a TEXT) STRICT'];
    disk.fill();
    const full = new KeptHistory(path, { database: { steps } });
    throwsReason(() => full.append('t2'), 'disk-full');
    full.close();
    disk.free();
    assert.equal(versionOf(path), migrations.length);
    const next = new KeptHistory(path, { database: { steps } });
    next.append('t2');
    next.close();
    assert.equal(versionOf(path), steps.length);
  },

  'a migration to the newest version waits for a disk that can be written, and what there is is read'(disk) {
    const path = disk.databasePath;
    const older = new KeptHistory(path, { database: { steps: migrations.slice(0, 1) } });
    older.append('t1', 's1', 2000);
    older.close();
    for (const hinder of [
      (on: boolean) => (on ? disk.fill() : disk.free()),
      (on: boolean) => disk.setWritable(!on),
    ]) {
      hinder(true);
      const history = new KeptHistory(path);
      assert.equal(history.dump().sessions[0]?.turns.length, 1);
      assert.deepEqual(history.call('summary-list', { sessionId: 's1' }), { summaries: [] });
      assert.equal(history.call('turn-context', { turnId: 't1' }), undefined);
      assert.equal(history.call('doctor-check', { records: [] }).sound, true);
      assert.throws(() => history.append('t2'));
      history.close();
      hinder(false);
      assert.equal(versionOf(path), 1);
    }
    const history = new KeptHistory(path);
    history.append('t2');
    history.close();
    assert.equal(versionOf(path), migrations.length);
  },

  async 'on a read-only disk the history is read, and the chat goes on unsaved'(disk) {
    const first = openWindow(disk, new ScriptedModel(says('one')));
    await (await first.sessions.active()).send('p1');
    await first.close();
    disk.setWritable(false);
    const window = openWindow(disk, new ScriptedModel(says('two'), says('three')));
    const session = await window.sessions.active();
    assert.deepEqual(await said(session), ['p1 one']);
    const turn = await session.send('p2');
    assert.deepEqual([turn.saved, turn.outage?.reason], [false, 'read-only']);
    disk.setWritable(true);
    assert.equal((await session.send('p3')).saved, true);
    assert.deepEqual(await said(session), ['p1 one', 'p2 two', 'p3 three']);
    await window.close();
  },
};

const fullWords = describeError(historyError(Object.assign(new Error(), { errcode: 13 }))).message;

interface Window {
  readonly sessions: ReturnType<typeof setUpSessions>['sessions'];
  /** Reasons why the history could not be opened, and when it could after all. */
  readonly outages: readonly string[];
  readonly recovered: Promise<void>;
  close(): Promise<void>;
}

const place = { remote: 'local', folders: ['file:///a'] };

/** Sessions on the log in its worker, as the extension has them; only the model is a script. */
function openWindow(disk: SmallDisk, model: ChatModel): Window {
  const client = new WorkerClient({ workerPath, databasePath: disk.databasePath });
  const outages: string[] = [];
  let recover = (): void => undefined;
  const recovered = new Promise<void>((resolve) => (recover = resolve));
  const workspace = new WorkspaceClient({
    client,
    recognize: async () =>
      (await recognizeWorkspace(place, { client, newId: randomUUID, recordsWith: () => [] })).id,
    failed: (error) => void outages.push(reasonOf(error)),
    recovered: recover,
    retryMs: 20,
  });
  const log = new SqliteHistoryLog({ client: workspace, workspaceId: '' });
  const { sessions } = setUpSessions(model, { log, newId: randomUUID, describe: describeError });
  const close = async (): Promise<void> => {
    await sessions.dispose();
    await log.close();
    await client.close();
  };
  return { sessions, outages, recovered, close };
}

/** What is stored of a session: prompt and answer of each turn. */
async function said(session: Session): Promise<readonly string[]> {
  const { turns } = await session.page(100);
  return turns.map(({ messages }) => messages.map(({ content }) => content).join(' '));
}

function throwsReason(work: () => unknown, reason: string): void {
  assert.throws(work, (error) => {
    assert.equal(reasonOf(historyError(error)), reason);
    return true;
  });
}

/** Whatever is in the folder of backups. */
function backupsOf(disk: SmallDisk): readonly string[] {
  return readdirSync(join(dirname(disk.databasePath), 'backups'));
}

function backupText(disk: SmallDisk): string {
  const folder = join(dirname(disk.databasePath), 'backups');
  return backupsOf(disk)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}

function versionOf(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare('PRAGMA user_version').get()?.['user_version'];
  } finally {
    database.close();
  }
}
