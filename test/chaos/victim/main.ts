/** A window without VS Code: sessions, the log in its worker and the records' writer, made to be killed. */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { SqliteHistoryLog } from '../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import { recognizeWorkspace } from '../../../src/adapters/storage/workspace/recognizeWorkspace';
import { WorkspaceRecords } from '../../../src/adapters/storage/workspaceRecords';
import { reasonOf } from '../../../src/core/errors';
import type { Session } from '../../../src/core/session';
import { setUpSessions } from '../../support/sessionSetup';
import { ScriptedModel } from '../../support/scriptedModel';
import { watched } from './blocks';
import { Phases, say } from './output';
import { PlannedModel, workTool } from './plannedModel';
import type { HistoryReply, VictimLine, VictimOptions } from './protocol';
import { mutantLog, toldLog } from './toldLog';
import { terminateWorkers, watchWorkers } from './watchedWorker';
import { WindowMemento } from './windowMemento';

const options = JSON.parse(process.argv[2] ?? '') as VictimOptions;
let clockOffsetMs = options.clockOffsetMs;
const now = (): number => Date.now() + clockOffsetMs;
const phases = new Phases(options.kill);

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    say({
      type: 'unhandled',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  );
}
watchWorkers();

const { databasePath, workerPath } = options;
const client = new WorkerClient({ workerPath, databasePath, now });
const memento = new WindowMemento(options.records, (all, serial) => say({ type: 'memento', all, serial }));
const records = new WorkspaceRecords({
  store: {
    keys: () => memento.keys(),
    get: (key) => watched('reading globalState', () => memento.get(key)),
    update: (key, value) => memento.update(key, value),
  },
  recordOf: (workspaceId, maxBytes) => phases.during('mirror', () => client.recordOf(workspaceId, maxBytes)),
  report: (message) => say({ type: 'report', message }),
  delayMs: 20,
});
const place = { remote: 'local', folders: [options.alias] };
const { id: workspaceId } = await recognizeWorkspace(place, {
  client,
  recordsWith: (aliases) => records.withAlias(aliases),
  newId: randomUUID,
});
const known = records.read(workspaceId);
const record = known.state === 'sound' ? { record: known.record } : {};
const { relation } = await phases.during('recovery', () =>
  client.call('workspace-reconcile', { workspaceId, ...record }),
);
if (relation === 'behind' || relation === 'other-log')
  say({ type: 'report', message: `reconciled: ${relation}` });
const real = new SqliteHistoryLog({ client, workspaceId });
real.onChange(({ own }) => {
  if (own) records.save(workspaceId);
});
const log = toldLog(options.mutant ? mutantLog(real) : real, phases);
const recovered = await log.recover();
const { sessions } = setUpSessions(new ScriptedModel(), {
  log,
  tools: [workTool(phases)],
  newId: randomUUID,
  owner: options.owner,
});
const followed = new Set<Session>();

/** Tells what a face would show. */
function follow(session: Session): Session {
  if (followed.has(session)) return session;
  followed.add(session);
  session.onEvent((event) => {
    if (event.type !== 'turn-change' || event.turn.status === 'queued' || event.turn.status === 'running')
      return;
    say({ type: 'turn-end', turn: event.turn });
    phases.at('acknowledged');
  });
  return session;
}

async function history(): Promise<HistoryReply> {
  const list = await log.sessions();
  const pages = await Promise.all(list.map(({ id }) => log.turns(id, { limit: 100_000 })));
  return {
    workspaceId,
    sessions: list,
    turns: pages.flatMap(({ turns }) => turns),
    corrupt: pages.flatMap((page) => page.corrupt ?? []).map(({ id }) => id),
  };
}

async function obey(command: Extract<VictimLine, { id: number }>['command']): Promise<unknown> {
  switch (command.type) {
    case 'prompt': {
      const { turnId, sessionId, text = '', plan = { steps: [] }, wait = false } = command;
      const session = follow(await (sessionId === undefined ? sessions.active() : sessions.open(sessionId)));
      const ended = await session.send(text, { turnId, wait, model: new PlannedModel(turnId, plan, phases) });
      return { status: ended.status, saved: ended.saved };
    }
    case 'history':
      return history();
    case 'new-session':
      return (await sessions.create()).id;
    case 'delete-session':
      return sessions.delete(command.sessionId);
    case 'recover':
      clockOffsetMs += command.advanceMs;
      return log.recover();
    case 'terminate-worker':
      return terminateWorkers();
    case 'flush-records':
      return records.flush();
    case 'close':
      await sessions.dispose();
      await records.flush();
      return client.close();
  }
}

createInterface({ input: process.stdin }).on('line', (text) => {
  const line = JSON.parse(text) as VictimLine;
  if ('memento' in line) {
    watched('globalState arriving', () => memento.echo(line.memento, line.serial));
    return;
  }
  const { id, command } = line;
  void obey(command).then(
    (value) => say({ type: 'reply', id, value }),
    (error: unknown) => say({ type: 'failure', id, reason: reasonOf(error), message: String(error) }),
  );
});
process.stdin.on('end', () => process.exit(0));
say({ type: 'ready', workspaceId, recovered });
