import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, askParticipant, history, run } from './support/throughline';

suite('the main job, with the built-in model', () => {
  setup(() => run('newSession', {}));

  test('a tool answers, and the next prompt builds on it from history', async () => {
    const sum = await ask('Add 5 and 10 for me.');
    assert.equal(sum.status, 'complete');
    assert.match(sum.text, /\b15\b/);
    assert.deepEqual(
      sum.toolCalls.map(({ name, result }) => ({ name, result })),
      [{ name: 'calculator', result: '15' }],
    );
    const product = await ask('Now multiply that result by 2.');
    assert.match(product.text, /\b30\b/);
    assert.equal(product.toolCalls[0]?.result, '30');
    const { turns } = await history();
    assert.deepEqual(
      turns.map(({ messages }) => messages.map(({ role }) => role).join(' ')),
      ['user assistant tool assistant', 'user assistant tool assistant'],
    );
  });

  test('@throughline continues the very same session, and is continued by the next prompt', async () => {
    await ask('Add 5 and 10 for me.');
    await ask('Now multiply that result by 2.');
    const { metadata } = await askParticipant('Subtract 4 from that.');
    assert.equal(metadata?.['status'], 'complete');
    const session = await history();
    assert.equal(metadata['sessionId'], session.id);
    assert.equal(session.turns.length, 3);
    assert.match(session.turns[2]?.messages.at(-1)?.content ?? '', /\b26\b/);
    assert.match((await ask('Add 1 to it.')).text, /\b27\b/);
  });

  test('facts are remembered, and found with their source from another session', async () => {
    const told = await ask('Remember that my lucky planet is Neptune.');
    assert.equal(told.toolCalls[0]?.name, 'remember');
    await run('newSession', {});
    const found = await ask('What did I say about my lucky planet?');
    assert.match(found.text, /Neptune/);
    assert.equal(found.toolCalls[0]?.name, 'recall');
  });

  test('a session can start from a given history, and is read back the same', async () => {
    const given = [
      { role: 'user', content: 'What is 2 + 3?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: 'calculator', arguments: '{"expression":"2 + 3"}' },
          },
        ],
      },
      { role: 'tool', content: '5', tool_call_id: 'c1' },
      { role: 'assistant', content: '5' },
    ];
    const { sessionId } = await run<{ sessionId: string }>('newSession', { title: 'Given', history: given });
    const { turns, title } = await history(sessionId);
    assert.equal(title, 'Given');
    assert.deepEqual(
      turns[0]?.messages.map(({ role, content }) => ({ role, content })),
      given.map(({ role, content }) => ({ role, content })),
    );
    assert.match((await ask('Multiply that by 10.')).text, /\b50\b/);
  });

  test('the plain model is offered to VS Code, and has no memory', async () => {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'throughline' });
    assert.ok(model, 'VS Code does not know the model');
    const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('What did I just say?')]);
    let text = '';
    for await (const part of response.text) text += part;
    assert.notEqual(text, '');
    assert.equal((await history()).turns.length, 0);
  });
});
