import assert from 'node:assert/strict';
import { parseMemoryHostMessage, parseMemoryViewMessage } from '../../../src/protocol/memory';

const look = { type: 'look', n: 1, tab: 'search', text: 'tides', limit: 50 };
const shown = {
  type: 'shown',
  n: 1,
  strategy: 'workspace',
  view: { tab: 'search', text: '', problems: [], outcome: { status: 'idle' }, facts: [] },
};

suite('messages of the Memory view', () => {
  test('those that fit are taken', () => {
    for (const message of [
      look,
      { ...look, tab: 'facts' },
      { type: 'fact-change', request: 1, change: { kind: 'add', text: 'x' } },
      { type: 'fact-change', request: 1, change: { kind: 'delete', factId: 'f' } },
      { type: 'open', turnId: 't' },
      { type: 'open', turnId: 't', workspaceId: 'w' },
      { type: 'copy', turnId: 't', id: 'm' },
      { type: 'command-run', command: 'workbench.action.openSettings' },
    ]) {
      assert.deepEqual(parseMemoryViewMessage(message), { ok: true, value: message });
    }
    assert.deepEqual(parseMemoryHostMessage(shown), { ok: true, value: shown });
  });

  test('those that do not are refused with a reason', () => {
    for (const message of [
      null,
      'look',
      { ...look, n: -1 },
      { ...look, text: 'x'.repeat(2001) },
      { ...look, limit: 501 },
      { ...look, limit: 0 },
      { ...look, tab: 'settings' },
      { type: 'fact-change', request: 1, change: { kind: 'edit', factId: '', text: 'x' } },
      { type: 'fact-change', request: 1, change: { kind: 'add', text: 'x'.repeat(10_001) } },
      { type: 'open', turnId: '' },
      { type: 'open', turnId: 'x'.repeat(10_000) },
      { type: 'command-run', command: 'workbench.action.terminal.sendSequence' },
    ]) {
      const parsed = parseMemoryViewMessage(message);
      assert.ok(!parsed.ok && parsed.why !== '', JSON.stringify(message));
    }
    for (const message of [{ ...shown, strategy: 'all' }, { ...shown, view: { tab: 'search' } }, {}]) {
      assert.ok(!parseMemoryHostMessage(message).ok, JSON.stringify(message));
    }
  });
});
