import assert from 'node:assert/strict';
import { turnParts, writtenText } from '../../../src/webview/transcript/turnParts';
import { addition, assistant, call, result, user, viewTurn } from '../../browser/harness/fixtures';

const types = (...args: Parameters<typeof turnParts>): string[] => turnParts(...args).map(({ type }) => type);

suite('a turn, top to bottom', () => {
  test('is the prompt, each call with its result, and the answer', () => {
    const parts = turnParts(addition);
    assert.deepEqual(
      parts.map(({ type }) => type),
      ['prompt', 'tool', 'text'],
    );
    const tool = parts.find((part) => part.type === 'tool');
    assert.equal(tool?.result, '15');
    assert.equal(tool.status, 'done');
  });

  test('says that it waits only while nothing else moves', () => {
    const running = { status: 'running' } as const;
    const asked = [user('Hi'), call('c', 'tool', {})];
    assert.deepEqual(types(viewTurn('t', [user('Hi')], running)), ['prompt', 'waiting']);
    assert.deepEqual(types(viewTurn('t', [user('Hi')], running), { 1: 'Hm' }), ['prompt', 'reasoning']);
    assert.deepEqual(types(viewTurn('t', asked, running)), ['prompt', 'tool']);
    assert.deepEqual(types(viewTurn('t', [...asked, result('c', 'ok')], running)), [
      'prompt',
      'tool',
      'waiting',
    ]);
    assert.deepEqual(types(viewTurn('t', [user('Hi'), assistant('He')], running)), ['prompt', 'text']);
    assert.deepEqual(types(viewTurn('t', [user('Hi')], { status: 'queued' })), ['prompt']);
  });

  test('each call has its own result, also where an id comes again', () => {
    const two = {
      ...call('c', 'tool', 'first'),
      tool_calls: [
        ...(call('c', 'tool', 'first').tool_calls ?? []),
        ...(call('c', 'tool', 'second').tool_calls ?? []),
      ],
    };
    const parts = turnParts(
      viewTurn('t', [
        user('Hi'),
        two,
        result('c', '1'),
        result('c', '2'),
        call('c', 'tool', 'third'),
        result('c', '3'),
      ]),
    );
    assert.deepEqual(
      parts.flatMap((part) => (part.type === 'tool' ? [`${part.arguments ?? ''} ${part.result ?? ''}`] : [])),
      ['first 1', 'second 2', 'third 3'],
    );
  });

  test('a call that nothing answered is running, or was stopped with its turn', () => {
    const messages = [user('Hi'), call('c', 'tool', {})];
    const statusOf = (status: 'running' | 'stopped'): string | undefined =>
      turnParts(viewTurn('t', messages, { status })).find((part) => part.type === 'tool')?.status;
    assert.equal(statusOf('running'), 'running');
    assert.equal(statusOf('stopped'), 'stopped');
  });

  test("a tool's error is shown as failed", () => {
    const turn = viewTurn('t', [user('Hi'), call('c', 'tool', {}), result('c', 'Error: no such file')]);
    assert.equal(turnParts(turn).find((part) => part.type === 'tool')?.status, 'failed');
  });

  test('a result whose call is not known is shown too', () => {
    const turn = viewTurn('t', [user('Hi'), { ...result('?', 'ok'), name: 'search' }]);
    const tool = turnParts(turn).find((part) => part.type === 'tool');
    assert.equal(tool?.name, 'search');
    assert.equal(tool.arguments, undefined);
  });

  test('reasoning stands before what it led to, and is open until that begins', () => {
    const running = { status: 'running' } as const;
    const messages = [user('Hi'), call('c', 'tool', {}), result('c', 'ok'), assistant('Done')];
    const thoughts = { 1: 'first', 3: 'then' };
    assert.deepEqual(types(viewTurn('t', messages), thoughts), [
      'prompt',
      'reasoning',
      'tool',
      'reasoning',
      'text',
    ]);
    const open = turnParts(viewTurn('t', messages.slice(0, 3), running), thoughts);
    assert.deepEqual(
      open.filter((part) => part.type === 'reasoning').map((part) => part.running),
      [false, true],
    );
  });

  test('keys are unique, so that nothing is drawn twice or lost', () => {
    const calls = { ...call('c', 'tool', {}), content: 'Let me look.' };
    const turn = viewTurn('t', [
      user('Hi'),
      calls,
      result('c', '1'),
      calls,
      result('c', '2'),
      assistant('x'),
    ]);
    const keys = turnParts(turn, { 1: 'a', 5: 'b' }).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
  });

  test('what is copied is all that the assistant wrote', () => {
    const turn = viewTurn('t', [
      user('Hi'),
      assistant('One.\n'),
      call('c', 'tool', {}),
      assistant('**Two.**'),
    ]);
    assert.equal(writtenText(turn), 'One.\n\n**Two.**');
  });
});
