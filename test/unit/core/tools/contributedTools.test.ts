import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { fitRecallResult } from '../../../../src/core/memory/fitRecallResult';
import { readRecallResult, writeRecallResult } from '../../../../src/core/memory/recallResult';
import { memoryTools } from '../../../../src/core/tools/memoryTools';
import { root } from '../../../host/paths.ts';

interface Contributed {
  readonly name: string;
  readonly inputSchema: object;
  readonly modelDescription: string;
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly contributes: { readonly languageModelTools: readonly Contributed[] };
};
const memory = new MemoryLongTermMemory(new MemoryHistory());
const tools = memoryTools({ memory, clock: () => new Date(), newId: () => 'id', timeZone: 'UTC' });

suite('the tools that package.json contributes', () => {
  for (const name of ['recall', 'remember']) {
    test(`${name} takes what our own tool takes, and is described as it is`, () => {
      const tool = tools.find(({ definition }) => definition.name === name);
      const contributed = manifest.contributes.languageModelTools.find(
        (one) => one.name === `throughline_${name}`,
      );
      assert.deepEqual(contributed?.inputSchema, tool?.definition.parameters);
      assert.ok(contributed?.modelDescription.startsWith(tool?.definition.description ?? '-'));
    });
  }
});

suite('what recall gave, within a budget', () => {
  const fact = (id: string) => ({ id, date: 'today', text: `fact ${id}` });
  const message = (turn: string) => ({
    date: 'today',
    session: 's',
    turn,
    role: 'user' as const,
    quote: turn,
  });
  const whole = writeRecallResult({
    facts: ['1', '2', '3'].map(fact),
    messages: ['a', 'b', 'c', 'd'].map(message),
  });

  test('stays as it is where it fits, and where it is no result', async () => {
    assert.deepEqual(await fitRecallResult(whole, () => Promise.resolve(true)), { text: whole, leftOut: 0 });
    assert.equal((await fitRecallResult('Error: no', () => Promise.resolve(false))).text, 'Error: no');
  });

  test('of more than fits the best stay, as many as fit, and what is left out is counted', async () => {
    for (let budget = 30; budget < whole.length; budget += 20) {
      const { text, leftOut } = await fitRecallResult(whole, (part) =>
        Promise.resolve(part.length <= budget),
      );
      const result = readRecallResult(text);
      assert.ok(result);
      assert.ok(text.length <= budget, `${text.length} of ${budget}`);
      assert.equal(result.facts.length + result.messages.length + leftOut, 7);
      assert.deepEqual(result.facts, ['1', '2', '3'].slice(0, result.facts.length).map(fact));
    }
  });
});
