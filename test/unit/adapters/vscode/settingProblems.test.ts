import assert from 'node:assert/strict';
import { SettingProblems } from '../../../../src/adapters/vscode/settingProblems';

suite('a setting that cannot be used', () => {
  test('is told once, with what is used instead, and again once it is another', () => {
    const told: [string, string][] = [];
    const logged: string[] = [];
    const problems = new SettingProblems({
      log: (message) => logged.push(message),
      tell: (message, key) => told.push([message, key]),
    });
    const key = 'throughline.context.maxTokens';
    for (let n = 0; n < 3; n += 1) problems.report({ key, value: -5, used: 16_000 });
    const words = `The setting "${key}" cannot be -5: 16000 is used instead.`;
    assert.deepEqual([told, logged], [[[words, key]], [words]]);
    problems.report({ key, value: 'many', used: 16_000 });
    problems.report({ key: 'throughline.memory.strategy', value: 'x'.repeat(1_000), used: 'workspace' });
    assert.equal(told.length, 3);
    assert.ok(told.every(([message]) => message.length < 250));
  });
});
