import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MemoryHistoryFile } from '../../../../src/adapters/files/memoryHistoryFile';
import { WorkerHistoryFile } from '../../../../src/adapters/files/workerHistoryFile';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import type { HistoryFile } from '../../../../src/core/historyFile';
import type { HistoryLog } from '../../../../src/core/historyLog';
import type { LongTermMemory } from '../../../../src/core/memory/longTermMemory';
import { MaskingHistoryLog } from '../../../../src/core/secrets/maskingHistoryLog';
import { MaskingLongTermMemory } from '../../../../src/core/secrets/maskingLongTermMemory';
import {
  createdAt,
  leaseMs,
  openSession,
  owner,
  session,
  start,
  startOfTime,
  turn,
  user,
} from '../../../contract/logFixture';
import { rulesMasker, rulesMasking } from '../../../support/rulesMasker';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';
import { secretSamples } from '../../../support/secretSamples';
import { setUpSessions } from '../../../support/sessionSetup';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

const about = { workspaceName: 'W', generator: 'test', exportedAt: createdAt };
/** As it is, and as JSON writes it. */
const spellings = secretSamples.flatMap(({ name, secret }) =>
  [secret, JSON.stringify(secret).slice(1, -1)].map((spelling) => ({ name, spelling })),
);

function secretsIn(text: string): readonly string[] {
  return spellings.filter(({ spelling }) => text.includes(spelling)).map(({ name }) => name);
}

for (const place of ['in memory', 'in SQLite'] as const) {
  suite(`A history ${place}`, () => {
    let storage: TemporaryStorage;
    let log: HistoryLog;
    let memory: LongTermMemory;
    let file: HistoryFile;

    setup(async () => {
      storage = await temporaryStorage(startOfTime);
      const history = new MemoryHistory();
      const scope = { client: storage.client, workspaceId: 'w1' };
      const plain = place === 'in SQLite' ? new SqliteHistoryLog(scope) : new MemoryHistoryLog({ history });
      log = new MaskingHistoryLog(plain, rulesMasking);
      memory = new MaskingLongTermMemory(
        place === 'in SQLite' ? new SqliteLongTermMemory(scope) : new MemoryLongTermMemory(history),
        rulesMasking,
      );
      const secrets = () => Promise.resolve({ known: [], rules: true });
      file =
        place === 'in SQLite'
          ? new WorkerHistoryFile({ ...scope, secrets })
          : new MemoryHistoryFile({ log: plain, masking: rulesMasking, workspaceId: 'w1' });
    });
    teardown(() => storage.dispose());

    /** All that is stored, in every form that it has. */
    async function stored(): Promise<string> {
      const { bytes } = await file.exportHistory(about);
      const dump = JSON.stringify(await log.dump());
      const contexts = await Promise.all(
        (await log.dump()).sessions.flatMap(({ turns }) => turns.map(({ id }) => log.sentContext(id))),
      );
      const parts = [Buffer.from(bytes).toString(), dump, JSON.stringify(contexts)];
      if (place === 'in memory') return parts.join('\n');
      const record = await storage.client.call('workspace-record', { workspaceId: 'w1', maxBytes: 64_000 });
      const folder = dirname(storage.databasePath);
      const files = await Promise.all(
        (await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')),
      );
      return [...parts, JSON.stringify(record), ...files].join('\n');
    }

    test('holds no secret of a prompt, an answer, a tool call or its result, whatever is stored of them', async () => {
      const model = new ScriptedModel(
        ...secretSamples.flatMap(({ text }) => [
          calls(['echo', JSON.stringify({ text })]),
          says(`You said: ${text}`),
        ]),
      );
      const instructions = secretSamples
        .slice(0, 3)
        .map(({ text }) => text)
        .join('\n\n');
      const { sessions } = setUpSessions(model, {
        log,
        masker: rulesMasker,
        settings: {
          maxTokens: 100_000,
          instructions: [{ source: 'instructions', text: instructions, reason: 'Test' }],
        },
      });
      const active = await sessions.active();
      for (const [n, { text, secret, kind }] of secretSamples.entries()) {
        const ended = await active.send(text);
        assert.equal(ended.status, 'complete');
        assert.equal(ended.masked?.[0], kind);
        assert.deepEqual(secretsIn(JSON.stringify(ended)), []);
        const [first, second] = model.requests.slice(n * 2).map(({ messages }) => messages.slice(1));
        // The model of the turn sees it, in each of its requests.
        assert.ok(first?.at(-1)?.content.includes(secret));
        assert.ok(second?.some(({ role, content }) => role === 'user' && content.includes(secret)));
        assert.ok(second?.at(-1)?.content.includes(secret));
        // Those before it are masked by now.
        assert.deepEqual(secretsIn(JSON.stringify(first?.slice(0, -1))), []);
      }
      await active.rename(`Session of ${secretSamples[0]?.text}`);
      for (const [n, { text }] of secretSamples.entries()) {
        const refused = { reason: 'invalid-argument', message: /secrets are not stored: say it without/ };
        await assert.rejects(memory.remember({ id: `s${n}`, text, createdAt }), refused);
        await memory.remember({ id: `f${n}`, text: `Plain ${n}`, createdAt });
        await assert.rejects(memory.editFact(`f${n}`, { text: `Now ${text}`, createdAt }), refused);
        const marked = { text: 'The key is [secret masked: password].', createdAt };
        await assert.rejects(memory.editFact(`f${n}`, marked), refused);
      }
      const all = await stored();
      assert.ok(all.includes('Plain 0'));
      assert.deepEqual(secretsIn(all), []);
      assert.ok(all.includes('[secret masked: GitHub token]'));
      for (const { tool_calls: asked } of (await active.history()).filter((message) => message.tool_calls)) {
        for (const call of asked ?? []) assert.equal(typeof JSON.parse(call.function.arguments), 'object');
      }
    });

    test('takes the name of a session from the prompt without its secret, wherever the name is cut', async () => {
      const { secret } = secretSamples[0] ?? { secret: '' };
      const { sessions } = setUpSessions(new ScriptedModel(says('Yes')), { log, masker: rulesMasker });
      const active = await sessions.active();
      await active.send(`${'Is this the one? '.repeat(2)}${secret} is what I mean`);
      assert.equal(active.title.includes(secret.slice(0, 12)), false, active.title);
    });

    test('is told a prompt with a secret twice, and knows it; another under its id is refused', async () => {
      const { text } = secretSamples[0] ?? { text: '' };
      const model = new ScriptedModel(says('Yes'));
      const { sessions } = setUpSessions(model, { log, masker: rulesMasker });
      const active = await sessions.active();
      const first = await active.send(text, { turnId: 't1' });
      const again = await active.send(text, { turnId: 't1' });
      assert.equal(again.id, first.id);
      assert.equal(model.requests.length, 1);
      await assert.rejects(active.send('Something else', { turnId: 't1' }), { reason: 'exists' });
    });

    test('the very bytes that were inspected are sent, their secret included', async () => {
      const { text, secret } = secretSamples[0] ?? { text: '', secret: '' };
      const model = new ScriptedModel(says('Yes'), says('Yes'));
      const { sessions } = setUpSessions(model, { log, masker: rulesMasker });
      const active = await sessions.active();
      await active.send(text);
      const { contextId, request } = await active.requests.inspect(text);
      await active.send(text, { contextId });
      assert.deepEqual(model.requests[1], request);
      assert.equal(JSON.stringify(model.requests[1]).split(secret).length, 2);
      assert.deepEqual(secretsIn(await stored()), []);
    });

    test('saves of a running turn, and a stopped one, hold no beginning of a secret', async () => {
      await openSession(log);
      const { secret } = secretSamples[0] ?? { secret: '' };
      const text = `The token is ${secret}`;
      for (let end = 1; end <= text.length; end += 1) {
        const id = `t${end}`;
        const messages = [...start(id).messages, { role: 'assistant' as const, content: text.slice(0, end) }];
        await log.begin(start(id), { expectedLength: end - 1, owner, leaseMs });
        await log.progress(id, owner, { messages, leaseMs });
        const saved = (await log.turn(id))?.messages[1]?.content;
        await log.finish(id, owner, { status: 'stopped', messages });
        const ended = (await log.turn(id))?.messages[1]?.content;
        for (const content of [saved, ended]) {
          assert.ok(content !== undefined && content.startsWith('The token is '.slice(0, end)));
          assert.equal(content.includes(secret.slice(0, 12)), false, content);
        }
      }
      assert.equal((await stored()).includes(secret.slice(0, 12)), false);
    });

    test('an import is masked, and says so; an export of ours comes in as it is', async () => {
      const source = new MemoryHistoryLog();
      const turns = secretSamples.map(({ text }, n) =>
        turn(`t${n}`, { messages: [user(text), { role: 'assistant', content: 'Yes' }] }),
      );
      await source.load(
        {
          sessions: [session('s1', turns)],
          facts: [{ id: 'f', text: secretSamples[1]?.text ?? '', createdAt }],
        },
        'skip',
      );
      const { bytes } = await new MemoryHistoryFile({
        log: source,
        masking: rulesMasking,
        workspaceId: 'x',
      }).exportHistory(about);
      const report = await file.importHistory(bytes, { mode: 'skip' });
      assert.equal(report.secretsMasked, secretSamples.length + 1);
      assert.equal(report.added.turns, secretSamples.length);
      assert.deepEqual(secretsIn(await stored()), []);

      const before = await log.dump();
      const again = await file.importHistory((await file.exportHistory(about)).bytes, { mode: 'update' });
      assert.equal(again.secretsMasked, 0);
      assert.deepEqual(await log.dump(), before);
    });
  });
}
