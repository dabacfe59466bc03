import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { makeBackup } from '../../src/adapters/storage/engine/doctor/backups';
import { HistoryFiles } from '../../src/adapters/storage/engine/doctor/historyFiles';
import { copyToQuarantine } from '../../src/adapters/storage/engine/doctor/quarantine';
import { run } from './support/throughline';

interface Receipt {
  readonly id: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly places: readonly { readonly name: string; readonly state: string }[];
}

const createdAt = '2026-05-12T10:00:00.000Z';

const all = ['quixoturn', 'quixosession', 'quixofact', 'quixoquery', 'quixostays'] as const;
/** Ids outlive what is forgotten, and so hold no word of it. */
const idOf = (kind: string, word: string): string => `${kind}-${all.findIndex((one) => one === word)}`;

/** What is kept of a word: a session called after it, a turn with a tool call, a summary, and a turn without it. */
function sessionOf(word: string): object {
  const call = {
    id: 'c',
    type: 'function',
    function: { name: 'note', arguments: `{"text":"${word} noted"}` },
  };
  const messages = [
    { id: idOf('message', word), role: 'user', content: `Where is the ${word} of Elm Street?`, createdAt },
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', name: 'note', tool_call_id: 'c', content: `${word} was noted` },
    { role: 'assistant', content: `The ${word} is in the vault.` },
  ];
  const turn = (id: string, said: readonly object[]): object => ({
    id,
    createdAt,
    status: 'complete',
    messages: said,
  });
  const summary = {
    id: idOf('summary', word),
    createdAt,
    text: `They spoke of the ${word}.`,
    by: 'template',
  };
  return {
    id: idOf('session', word),
    title: `Where is the ${word} of Elm Street?`,
    ...{ createdAt, updatedAt: createdAt },
    turns: [
      turn(idOf('turn', word), messages),
      turn(idOf('other', word), [{ role: 'user', content: 'Good morning.' }]),
    ],
    summaries: [{ ...summary, turnIds: [idOf('turn', word)], state: 'active' }],
  };
}

/** Its earlier text holds the word too. */
function factOf(word: string): object {
  const earlier = { text: `The ${word} weighs eight grams.`, createdAt };
  return { id: idOf('fact', word), text: `The ${word} weighs nine grams.`, createdAt, history: [earlier] };
}

const targets = {
  quixoturn: {
    argument: { turnId: idOf('turn', 'quixoturn') },
    counts: { turns: 1, messages: 4, summaries: 1, titles: 1 },
  },
  quixosession: {
    argument: { sessionId: idOf('session', 'quixosession') },
    counts: { sessions: 1, turns: 2, messages: 5, summaries: 1 },
  },
  quixofact: { argument: { factId: idOf('fact', 'quixofact') }, counts: { facts: 1 } },
  quixoquery: {
    argument: { query: 'QUIXOQUERY' },
    counts: { turns: 1, messages: 4, summaries: 1, titles: 1, facts: 1 },
  },
};
const stays = 'quixostays';
const inSessions = ['quixoturn', 'quixosession', 'quixoquery', stays];
const inFacts = ['quixofact', 'quixoquery', stays];

suite('forgotten everywhere, by commands', function () {
  this.timeout(240_000);
  let storage: string;

  suiteSetup(async () => {
    await run('clearMemory', { scope: 'workspace', confirm: true });
    const folder = path.dirname(process.env['THROUGHLINE_TEST_RESULT'] ?? '');
    const file = path.join(folder, 'forget-import.json');
    const exported = {
      ...{ format: 'throughline-history', version: 1, exportedAt: createdAt, generator: 'test' },
      workspace: { id: 'elsewhere', name: 'elsewhere' },
      sessions: inSessions.map(sessionOf),
      memories: inFacts.map(factOf),
    };
    writeFileSync(file, JSON.stringify(exported));
    await run('importMemory', { uri: vscode.Uri.file(file).toString(), mode: 'skip' });
    for (const word of inSessions)
      await run('markRecall', { messageId: idOf('message', word), turnId: idOf('turn', word), mark: 'kept' });
    for (const word of inFacts) await run('markRecall', { factId: idOf('fact', word), mark: 'muted' });
    const userData = path.join(folder, 'user-data');
    const found = readdirSync(userData, { recursive: true, encoding: 'utf8' });
    const database = found.find((name) => path.basename(name) === 'history.db');
    assert.ok(database, found.join('\n'));
    storage = path.dirname(path.join(userData, database));
    const files = new HistoryFiles(path.join(storage, 'history.db'));
    assert.ok(makeBackup(files, Date.now()), 'there is a backup');
    copyToQuarantine(files, Date.now(), randomUUID);
  });

  /** Of the folder that all is kept in: which files hold the text, in UTF-8 or UTF-16. */
  function filesHolding(text: string): readonly string[] {
    const entries = readdirSync(storage, { recursive: true, withFileTypes: true, encoding: 'utf8' });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => {
        const bytes = readFileSync(file);
        return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'));
      })
      .map((file) => path.relative(storage, file));
  }

  function requireEverywhere(word: string): void {
    const holding = filesHolding(word).join('\n');
    for (const place of [/^history\.db/m, /^backups/m, /^quarantine/m]) assert.match(holding, place, word);
  }

  const marks = async (): Promise<readonly string[]> => {
    const { marks: listed } = await run<{ marks: readonly { text?: string }[] }>('recallMarks', {});
    return listed.map((mark) => JSON.stringify(mark));
  };

  /** Until all places that can be reached are done; the suite's time limit ends it. */
  async function settled(id: string): Promise<Receipt> {
    for (;;) {
      const receipt = (await run<Receipt[]>('forgetReceipts', {})).find((one) => one.id === id);
      assert.ok(receipt);
      if (receipt.state !== 'pending') return receipt;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const none = { sessions: 0, turns: 0, messages: 0, facts: 0, summaries: 0, titles: 0, unfinished: 0 };

  test('a turn, a session, a fact, all that matches: each was in the log, a backup and quarantine, and is in no file after', async () => {
    const receipts: string[] = [];
    for (const [word, { argument, counts }] of Object.entries(targets)) {
      requireEverywhere(word);
      assert.ok((await marks()).some((mark) => mark.includes(word)));
      assert.equal((await run<{ forgotten: boolean }>('forget', argument)).forgotten, false);
      requireEverywhere(word);
      const forgotten = await run<Receipt>('forget', { ...argument, confirm: true });
      for (const [name, count] of Object.entries({ ...none, ...counts }))
        assert.equal(forgotten.counts[name], count, `${word}: ${name}`);
      assert.ok(!(await marks()).some((mark) => mark.includes(word)));
      receipts.push(forgotten.id);
    }
    for (const id of receipts) {
      const receipt = await settled(id);
      assert.equal(receipt.state, 'done');
      assert.doesNotMatch(JSON.stringify(receipt), /quixo/);
    }
    for (const word of Object.keys(targets)) assert.deepEqual(filesHolding(word), [], word);
    requireEverywhere(stays);
  });

  test('a document of ours that is open shows it no longer', async () => {
    await run('newSession', {});
    await run('ask', { prompt: 'What about quixoopen?' });
    await run('inspectHistory');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'throughline-history');
    assert.match(document.getText(), /quixoopen/);
    const changed = new Promise<void>((resolve) => {
      const following = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document !== document || /quixoopen/.test(document.getText())) return;
        following.dispose();
        resolve();
      });
    });
    await run('forget', { query: 'quixoopen', confirm: true });
    await changed;
    assert.doesNotMatch(document.getText(), /quixoopen/);
  });

  test('what was not chosen is whole', async () => {
    const sessions = await run<{ id: string; title: string }[]>('sessions', {});
    assert.ok(sessions.some(({ id, title }) => id === idOf('session', stays) && title.includes(stays)));
    const titled = sessions.find(({ id }) => id === idOf('session', 'quixoturn'));
    assert.equal(titled?.title, 'Good morning.');
    assert.equal((await marks()).length, 2);
    assert.equal((await run<unknown[]>('summaries', { sessionId: idOf('session', stays) })).length, 1);
    const { turns } = await run<{ turns: unknown[] }>('history', { sessionId: idOf('session', stays) });
    assert.equal(turns.length, 2);
  });
});
