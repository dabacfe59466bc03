import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { ask, history, run, type SessionShape } from './support/throughline';

interface Counts {
  readonly sessions: number;
  readonly turns: number;
  readonly messages: number;
  readonly facts: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'throughline-'));
const file = (name: string): string => vscode.Uri.file(path.join(folder, name)).toString();

async function exported(
  name: string,
): Promise<{ sessions: SessionShape[]; memories: unknown[]; format: string }> {
  await run('exportMemory', { uri: file(name), format: 'json' });
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as never;
}

suite('scriptable commands', () => {
  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }));
  setup(() => run('clearMemory', { scope: 'workspace', confirm: true }));

  test('what a script gets wrong rejects with a reason and a sentence, and stores nothing', async () => {
    const wrong: readonly (readonly [string, unknown, string])[] = [
      ['ask', { prompt: '' }, 'empty-prompt'],
      ['ask', { prompt: ' \n\t' }, 'empty-prompt'],
      ['ask', { prompt: 'x'.repeat(400_001) }, 'prompt-too-large'],
      ['ask', { prompt: 5 }, 'invalid-argument'],
      ['ask', { prompt: 'hi', sessionId: 'none' }, 'not-found'],
      ['history', { sessionId: 'none' }, 'not-found'],
      ['clearMemory', { scope: 'workspace' }, 'confirmation-required'],
      ['clearMemory', { scope: 'everything', confirm: true }, 'invalid-argument'],
      ['trimMemory', { strategy: 'slidingWindow', turns: -1 }, 'invalid-argument'],
      ['deleteTurn', { turnId: 'none' }, 'confirmation-required'],
      ['deleteTurn', { turnId: 'none', confirm: true }, 'not-found'],
      ['applyRetention', { days: -1 }, 'invalid-argument'],
      ['applyRetention', { days: 0.5, confirm: true }, 'invalid-argument'],
      ['undoTrim', {}, 'nothing-to-undo'],
      ['importMemory', { uri: file('missing.json'), mode: 'update' }, 'invalid-argument'],
      ['exportMemory', { uri: file('x.json'), format: 'xml' }, 'invalid-argument'],
      ['recall', { query: 'x', limit: 0 }, 'invalid-argument'],
      ['setApiKey', {}, 'invalid-argument'],
    ];
    for (const [name, argument, reason] of wrong) {
      await assert.rejects(run(name, argument), (error: Error & { reason?: string }) => {
        assert.equal(error.reason, reason, `${name}: ${error.message}`);
        return error.message.length > 10;
      });
    }
    assert.deepEqual(await run('sessions'), []);
  });

  test('export, clear and import as copies gives the same history, turn for turn', async () => {
    await ask('Add 5 and 10 for me.');
    await ask('Remember that the café is in 東京 🗼.');
    await run('newSession', { title: 'Second' });
    await ask('What is 2 * 3?');
    const before = await exported('before.json');
    assert.equal(before.format, 'throughline-history');
    assert.equal(before.sessions.length, 2);
    assert.equal(before.memories.length, 1);
    const removed = await run<Counts>('clearMemory', { scope: 'workspace', confirm: true });
    assert.deepEqual(
      { sessions: removed.sessions, turns: removed.turns, facts: removed.facts },
      { sessions: 2, turns: 3, facts: 1 },
    );
    assert.deepEqual(await run('sessions'), []);
    const report = await run<{ added: Counts }>('importMemory', { uri: file('before.json'), mode: 'copy' });
    assert.equal(report.added.turns, 3);
    const after = await exported('after.json');
    const plain = (sessions: SessionShape[]): unknown =>
      sessions.map(({ title, turns }) => ({
        title,
        turns: turns.map(({ status, messages }) => ({
          status,
          messages: messages.map(({ role, content, tool_calls: calls, tool_call_id: of }) => ({
            role,
            content,
            calls,
            of,
          })),
        })),
      }));
    assert.deepEqual(plain(after.sessions), plain(before.sessions));
  });

  test('an import over what is here changes nothing, and what was deleted stays deleted', async () => {
    await ask('Add 5 and 10 for me.');
    const before = await exported('same.json');
    await run('importMemory', { uri: file('same.json'), mode: 'update' });
    assert.deepEqual((await exported('same2.json')).sessions, before.sessions);
    await run('clearMemory', { scope: 'session', confirm: true });
    const report = await run<{ added: Counts; deleted: Counts }>('importMemory', {
      uri: file('same.json'),
      mode: 'update',
    });
    assert.equal(report.added.turns, 0);
    assert.equal(report.deleted.turns, 1);
    assert.deepEqual(await run('sessions'), []);
  });

  test('a file that is no export, or was changed, is refused and changes nothing', async () => {
    await ask('Add 5 and 10 for me.');
    const before = await exported('sound.json');
    writeFileSync(path.join(folder, 'no.json'), '{"hello":1}');
    writeFileSync(path.join(folder, 'torn.json'), JSON.stringify(before).slice(0, -20));
    const changed = {
      ...before,
      sessions: before.sessions.map((session) => ({ ...session, title: 'Changed' })),
    };
    writeFileSync(path.join(folder, 'changed.json'), JSON.stringify(changed));
    await assert.rejects(run('importMemory', { uri: file('no.json'), mode: 'update' }), {
      reason: 'not-an-export',
    });
    await assert.rejects(run('importMemory', { uri: file('torn.json'), mode: 'update' }), {
      reason: 'not-an-export',
    });
    await assert.rejects(run('importMemory', { uri: file('changed.json'), mode: 'update' }), {
      reason: 'wrong-checksum',
    });
    assert.deepEqual((await exported('still.json')).sessions, before.sessions);
    await run('importMemory', { uri: file('changed.json'), mode: 'update', insist: true });
    assert.equal((await history()).title, 'Changed');
  });

  test('trimming leaves turns out of the context but in the history, until it is undone', async () => {
    for (const number of [1, 2, 3]) await ask(`What is ${number} + 1?`);
    const trimmed = await run<{ trimmed: number; kept: number }>('trimMemory', {
      strategy: 'slidingWindow',
      turns: 1,
    });
    assert.deepEqual({ trimmed: trimmed.trimmed, kept: trimmed.kept }, { trimmed: 2, kept: 1 });
    const inWindow = async (): Promise<number> => {
      const context = await run<{ items: { source: string; included: boolean; reason: string }[] }>(
        'inspectContext',
        { prompt: 'x' },
      );
      assert.ok(context.items.every(({ reason }) => reason !== ''));
      return context.items.filter(({ source, included }) => source === 'window' && included).length;
    };
    assert.equal(await inWindow(), 1);
    assert.equal((await history()).turns.length, 3);
    await run('undoTrim', {});
    assert.equal(await inWindow(), 3);
  });

  test('one turn is deleted for good, and no import brings it back', async () => {
    const kept = await ask('What is 1 + 1?');
    const gone = await ask('What is 2 + 2?');
    await exported('turns.json');
    const removed = await run<Counts>('deleteTurn', { turnId: gone.turnId, confirm: true });
    assert.equal(removed.turns, 1);
    const ids = async (): Promise<string[]> => (await history()).turns.map(({ id }) => id);
    assert.deepEqual(await ids(), [kept.turnId]);
    await run('importMemory', { uri: file('turns.json'), mode: 'update' });
    assert.deepEqual(await ids(), [kept.turnId]);
    const after = await ask('What is 3 + 3?');
    assert.equal(after.status, 'complete');
    assert.deepEqual(await ids(), [kept.turnId, after.turnId]);
  });

  test('retention tells what would go, and removes it only when told to', async () => {
    const old = (id: string, createdAt: string): object => ({
      id,
      createdAt,
      status: 'complete',
      messages: [
        { role: 'user', content: `prompt ${id}` },
        { role: 'assistant', content: 'answer' },
      ],
    });
    const createdAt = '2020-01-01T00:00:00.000Z';
    const sessions = [
      { id: 's-old', title: 'Old', createdAt, updatedAt: createdAt, turns: [old('t-old', createdAt)] },
    ];
    const content = { format: 'throughline-history', version: 1, exportedAt: createdAt, generator: 'test' };
    const memories: never[] = [];
    const workspace = { id: 'w', name: 'w' };
    writeFileSync(
      path.join(folder, 'old.json'),
      JSON.stringify({ ...content, workspace, sessions, memories }),
    );
    await run('importMemory', { uri: file('old.json'), mode: 'copy' });
    await ask('What is 1 + 1?');
    const preview = await run<{ applied: boolean; turns: number; sessions: number; oldest: string }>(
      'applyRetention',
      { days: 365 },
    );
    assert.deepEqual(
      [preview.applied, preview.turns, preview.sessions, preview.oldest],
      [false, 1, 1, createdAt],
    );
    assert.equal((await run<unknown[]>('sessions')).length, 2);
    assert.equal((await run<{ turns: number }>('applyRetention', {})).turns, 0, 'the settings set no limit');
    const done = await run<{ applied: boolean; turns: number }>('applyRetention', {
      days: 365,
      confirm: true,
    });
    assert.deepEqual([done.applied, done.turns], [true, 1]);
    assert.equal((await run<unknown[]>('sessions')).length, 1);
  });

  test('the History Doctor finds a sound history sound, and leaves it as it is', async () => {
    await ask('What is 5 + 5?');
    const check = await run<{ sound: boolean; problems: unknown[]; holds: { turns: number } }>(
      'historyDoctor',
      {},
    );
    assert.deepEqual([check.sound, check.problems, check.holds.turns], [true, [], 1]);
    const repair = await run<{ repaired: boolean; lost: unknown[] }>('historyDoctor', { repair: true });
    assert.deepEqual([repair.repaired, repair.lost], [false, []]);
    assert.equal((await history()).turns.length, 1);
  });

  test('recall finds what was said in another session, and names its turn', async () => {
    const said = await ask('Remember that the staging server is called bluefin.');
    await run('newSession', {});
    const hits = await run<
      { messageId: string; turnId: string; sessionId: string; role: string; text: string }[]
    >('recall', {
      query: 'staging server name',
      limit: 5,
    });
    const hit = hits.find(({ turnId, role }) => turnId === said.turnId && role === 'user');
    assert.ok(hit, JSON.stringify(hits));
    assert.match(hit.text, /bluefin/);
    assert.equal(hit.sessionId, said.sessionId);
    const [newest] = await run<{ turnId: string; score: number }[]>('recall', {
      query: ' ',
      role: 'user',
      limit: 1,
    });
    assert.deepEqual(
      [newest?.turnId, newest?.score],
      [said.turnId, 0],
      'without a query, what fits is listed',
    );
  });

  test('sessions are listed, named, switched and deleted', async () => {
    await run('newSession', { title: 'One' });
    await ask('What is 1 + 1?');
    const two = await run<{ sessionId: string }>('newSession', { title: 'Two' });
    const list = await run<{ id: string; title: string; active: boolean; length: number }[]>('sessions');
    assert.deepEqual(new Set(list.map(({ title }) => title)), new Set(['One', 'Two']));
    assert.equal(list.find(({ active }) => active)?.id, two.sessionId);
    const one = list.find(({ title }) => title === 'One');
    assert.ok(one);
    await run('switchSession', { sessionId: one.id });
    assert.equal((await history()).id, one.id);
    await run('renameSession', { title: 'First' });
    assert.equal((await history()).title, 'First');
    assert.equal((await run<Counts>('deleteSession', { sessionId: one.id, confirm: true })).turns, 1);
    assert.equal((await history()).id, two.sessionId);
  });

  test('inspecting the history opens it as a document', async () => {
    await ask('What is 4 + 4?');
    await run('inspectHistory');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /"role": "user"/);
    assert.equal((JSON.parse(text) as SessionShape).turns.length, 1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
