import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { exportChecksum, readExport, writeExport } from '../../../../src/adapters/files/exportCodec';
import { MemoryHistoryFile } from '../../../../src/adapters/files/memoryHistoryFile';
import { WorkerHistoryFile } from '../../../../src/adapters/files/workerHistoryFile';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { InputError, type InputErrorReason } from '../../../../src/core/errors';
import type { HistoryFile } from '../../../../src/core/historyFile';
import type { HistoryLog } from '../../../../src/core/historyLog';
import {
  append,
  createdAt,
  openSession,
  session,
  startOfTime,
  turn,
  user,
} from '../../../contract/logFixture';
import { anyDump } from '../../../support/arbitraries';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';
import { noMasking } from '../../../support/sessionSetup';

const options = { exportedAt: createdAt, generator: 'throughline 0.0.0', workspaceName: 'Ünïverse' };

function refusedAs(reason: InputErrorReason, words?: RegExp) {
  return (error: unknown) =>
    error instanceof InputError && error.reason === reason && (words?.test(error.message) ?? true);
}

function bytesOf(content: unknown): Uint8Array {
  return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
}

const base = {
  format: 'throughline-history',
  version: 1,
  exportedAt: createdAt,
  generator: 'a script',
  workspace: { id: 'w', name: 'W' },
  sessions: [session('s1', [turn('t1')])],
  memories: [{ id: 'f1', text: 'tea', createdAt }],
};

suite('Reading an export', () => {
  test('a file without checksum is accepted', () => {
    const { dump, unknownFields } = readExport(bytesOf(base));
    assert.deepEqual(dump, { sessions: base.sessions, facts: base.memories });
    assert.deepEqual(unknownFields, []);
  });

  test('a byte order mark does no harm', () => {
    assert.equal(readExport(bytesOf(`\ufeff${JSON.stringify(base)}`)).dump.facts.length, 1);
  });

  test('a checksum is of the content, not of its layout', () => {
    const { workspace, ...rest } = base;
    const checksum = exportChecksum(base);
    const shuffled = JSON.stringify({ checksum, workspace: { name: 'W', id: 'w' }, ...rest }, null, 7);
    assert.equal(workspace.id, 'w');
    assert.equal(readExport(bytesOf(shuffled)).dump.sessions.length, 1);
  });

  test('the checksum is that of RFC 8785', () => {
    // The canonical form of {"b":1,"a":"é"} is {"a":"é","b":1}.
    const sha256 = 'sha256:aa58fba8483623bed37c1b02edfccbdd9a53123837c20bfa4cb4049993a2872e';
    assert.equal(exportChecksum({ b: 1, a: 'é' }), sha256);
  });

  test('changed content is refused unless insisted on', () => {
    const changed = { ...base, memories: [], checksum: exportChecksum(base) };
    assert.throws(() => readExport(bytesOf(changed)), refusedAs('wrong-checksum'));
    assert.equal(readExport(bytesOf(changed), true).dump.facts.length, 0);
    for (const checksum of ['', 'sha256:', 'md5:x', 7, null]) {
      assert.throws(() => readExport(bytesOf({ ...base, checksum })), refusedAs('wrong-checksum'));
      assert.equal(readExport(bytesOf({ ...base, checksum }), true).dump.facts.length, 1);
    }
  });

  test('a newer version is refused by name', () => {
    assert.throws(() => readExport(bytesOf({ ...base, version: 2 })), refusedAs('newer-export', /version 2/));
  });

  const notExports: Readonly<Record<string, unknown>> = {
    'an empty file': '',
    'no JSON': '{"format":',
    'an array': [],
    'null': 'null',
    'text': '"throughline-history"',
    'another format': { ...base, format: 'other' },
    'no version': { ...base, version: undefined },
    'version 0': { ...base, version: 0 },
    'sessions that are no list': { ...base, sessions: {} },
    'a turn without messages': { ...base, sessions: [session('s1', [{ ...turn('t1'), messages: undefined as never }])] },
    'an unknown role': { ...base, sessions: [session('s1', [turn('t1', { messages: [{ ...user('x'), role: 'boss' as never }] })])] },
    'content that is no text': { ...base, sessions: [session('s1', [turn('t1', { messages: [user(null as never)] })])] },
    'an empty id': { ...base, sessions: [session('', [])] },
    'an id with NUL': { ...base, sessions: [session('a\0b', [])] },
    'a time that is none': { ...base, exportedAt: 'yesterday' },
  }; // prettier-ignore
  for (const [what, content] of Object.entries(notExports)) {
    test(`is refused with a reason: ${what}`, () => {
      assert.throws(() => readExport(bytesOf(content)), refusedAs('not-an-export', /\w/));
    });
  }

  test('bytes that are no UTF-8 are refused', () => {
    assert.throws(() => readExport(new Uint8Array([0x7b, 0xff, 0xfe])), refusedAs('not-an-export'));
  });

  test('the reason says where', () => {
    const bad = { ...base, memories: [{ id: 'f1', text: 7, createdAt }] };
    assert.throws(() => readExport(bytesOf(bad)), refusedAs('not-an-export', /memories\.0\.text/));
  });

  test('fields of a newer writer are left out, and told', () => {
    const turns = [{ ...turn('t1'), mood: 'good', messages: [{ ...user('x'), audio: { id: 1 } }] }];
    const { dump, unknownFields } = readExport(
      bytesOf({ ...base, extra: 1, sessions: [session('s1', turns)] }),
    );
    assert.deepEqual([...unknownFields].sort(), [
      'extra',
      'sessions.0.turns.0.messages.0.audio',
      'sessions.0.turns.0.mood',
    ]);
    assert.deepEqual(dump.sessions[0]?.turns, [turn('t1', { messages: [user('x')] })]);
  });

  test('very deep or very odd JSON is no more than refused', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    assert.equal(
      readExport(bytesOf(`{"deep":${deep},${JSON.stringify(base).slice(1)}`)).unknownFields[0],
      'deep',
    );
    assert.throws(() => readExport(bytesOf(deep)), refusedAs('not-an-export'));
    const proto = `{"__proto__":{"format":"x"},${JSON.stringify(base).slice(1)}`;
    assert.equal(readExport(bytesOf(proto)).dump.facts.length, 1);
  });

  test('no input makes it throw anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((json) => `{"format":"throughline-history","version":1,"sessions":${json}}`),
        ),
        (text) => {
          assert.throws(() => readExport(bytesOf(text)), InputError);
        },
      ),
    );
  });
});

suite('Export and import', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());

  const inWorker = (): { log: HistoryLog; file: HistoryFile } => {
    const place = { client: storage.client, workspaceId: `w${(workspaces += 1)}` };
    return { log: new SqliteHistoryLog(place), file: new WorkerHistoryFile(place) };
  };
  const inMemory = (): { log: HistoryLog; file: HistoryFile } => {
    const log = new MemoryHistoryLog();
    return { log, file: new MemoryHistoryFile({ log, masking: noMasking, workspaceId: 'm' }) };
  };
  const content = (bytes: Uint8Array): unknown => {
    const { sessions, memories } = JSON.parse(new TextDecoder().decode(bytes)) as typeof base;
    return { sessions, memories };
  };

  for (const [name, create, numRuns] of [
    ['in the worker', inWorker, 25],
    ['in memory', inMemory, 100],
  ] as const) {
    test(`${name}: what is imported into an empty history is exported alike`, async () => {
      await fc.assert(
        fc.asyncProperty(anyDump, async (dump) => {
          const [first, second] = [create(), create()];
          await first.log.load(dump, 'update');
          const exported = await first.file.exportHistory(options);
          const { sessions, facts } = await first.log.dump();
          assert.equal(exported.counts.turns, sessions.flatMap(({ turns }) => turns).length);
          const expected = content(exported.bytes);
          assert.deepEqual(expected, JSON.parse(JSON.stringify({ sessions, memories: facts })));
          await second.file.importHistory(exported.bytes, { mode: 'update' });
          assert.deepEqual(await second.log.dump(), { sessions, facts });
          assert.deepEqual(content((await second.file.exportHistory(options)).bytes), expected);
        }),
        { numRuns },
      );
    });

    test(`${name}: one session is exported without the facts`, async () => {
      const { log, file } = create();
      for (const id of ['s1', 's2']) await openSession(log, id);
      await append(log, 't1', 's1');
      await log.load({ sessions: [], facts: [{ id: 'f1', text: 'tea', createdAt }] }, 'update');
      const { bytes, counts } = await file.exportHistory({ ...options, sessionId: 's1' });
      assert.deepEqual(counts, { sessions: 1, turns: 1, messages: 2, facts: 0 });
      const { dump } = readExport(bytes);
      assert.deepEqual(
        dump.sessions.map(({ id }) => id),
        ['s1'],
      );
    });

    test(`${name}: what is refused stores nothing`, async () => {
      const { log, file } = create();
      const orphan = { role: 'tool', content: '1', tool_call_id: 'none' };
      const sessions = [session('s1', [turn('t1'), turn('t2', { messages: [orphan as never] })])];
      await assert.rejects(
        file.importHistory(bytesOf({ ...base, sessions }), { mode: 'update' }),
        refusedAs('not-an-export', /t2/),
      );
      await assert.rejects(file.importHistory(bytesOf('{}'), { mode: 'copy' }), refusedAs('not-an-export'));
      const changed = { ...base, checksum: exportChecksum({}) };
      await assert.rejects(
        file.importHistory(bytesOf(changed), { mode: 'skip' }),
        refusedAs('wrong-checksum'),
      );
      assert.deepEqual(await log.dump(), { sessions: [], facts: [] });
      const report = await file.importHistory(bytesOf(changed), { mode: 'skip', insist: true });
      assert.equal(report.added.turns, 1);
    });

    test(`${name}: an import says which fields it does not know`, async () => {
      const { file } = create();
      const report = await file.importHistory(bytesOf({ ...base, more: true }), { mode: 'update' });
      assert.deepEqual(report.unknownFields, ['more']);
      assert.deepEqual(report.added, { sessions: 1, turns: 1, messages: 2, facts: 1 });
    });
  }

  test('a file is signed, indented, and names its writer and workspace', () => {
    const bytes = writeExport({ sessions: [], facts: [] }, 'w1', options);
    const { checksum, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as typeof base & {
      checksum: string;
    };
    assert.equal(checksum, exportChecksum(rest));
    assert.deepEqual([rest.generator, rest.workspace], ['throughline 0.0.0', { id: 'w1', name: 'Ünïverse' }]);
    assert.match(new TextDecoder().decode(bytes), /\n {2}"format"/);
  });
});
