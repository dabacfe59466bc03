import assert from 'node:assert/strict';
import { MemoryHistoryFile } from '../../../../src/adapters/files/memoryHistoryFile';
import { MemoryForgetting } from '../../../../src/adapters/storage/memoryForgetting';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../../../../src/adapters/storage/memoryRecallMarks';
import { CurrentChat } from '../../../../src/adapters/vscode/chat';
import { Facts } from '../../../../src/core/memory/facts';
import { isStored, type MemoryStrategy } from '../../../../src/core/memory/memoryStrategy';
import { ScriptedModel } from '../../../support/scriptedModel';
import { countingIds, noMasking, setUpSessions } from '../../../support/sessionSetup';

/** A chat that counts how often it is built. */
function open(strategy: MemoryStrategy) {
  const built: MemoryStrategy[] = [];
  const chat = new CurrentChat(strategy, (chosen) => {
    built.push(chosen);
    const history = new MemoryHistory();
    const log = new MemoryHistoryLog({ history });
    const { sessions } = setUpSessions(new ScriptedModel(), { log });
    const memory = new MemoryLongTermMemory(history);
    const file = new MemoryHistoryFile({ log, masking: noMasking, workspaceId: 'memory' });
    return Promise.resolve({
      stored: isStored(chosen),
      log,
      memory,
      marks: new MemoryRecallMarks(history),
      forgetting: new MemoryForgetting({ history, log }),
      facts: new Facts({ memory, clock: () => new Date(), newId: countingIds('fact') }),
      file,
      sessions,
    });
  });
  return { chat, built };
}

suite('CurrentChat', () => {
  test('stays the same where what is stored is recalled from now on, or no longer', async () => {
    const { chat, built } = open('workspace');
    const before = await chat.get();
    assert.equal(await chat.switchTo('longTerm'), undefined);
    assert.equal(chat.strategy, 'longTerm');
    assert.equal(await chat.get(), before);
    assert.equal(await chat.switchTo('workspace'), undefined);
    assert.equal(await chat.get(), before);
    assert.deepEqual(built, ['workspace']);
    await chat.dispose();
  });

  test('is another where history is kept elsewhere, and tells of the one before', async () => {
    const { chat, built } = open('session');
    const before = await chat.get();
    const switched = await chat.switchTo('longTerm');
    assert.equal(switched?.before, before);
    assert.equal(switched.now.stored, true);
    assert.equal((await chat.switchTo('none'))?.now.stored, false);
    assert.deepEqual(built, ['session', 'longTerm', 'none']);
    await chat.dispose();
  });
});
