import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HostChannel, ViewChannel } from '../../../src/protocol/channel';
import type { HostMessage, HostMessageBody, ViewMessage, ViewState } from '../../../src/protocol/chat';

const state: ViewState = {
  session: { id: 's', title: 'S', length: 0 },
  turns: [],
  more: false,
  model: { label: 'Built-in model', builtIn: true },
  strategy: 'workspace',
};
const snapshot: HostMessageBody = { type: 'snapshot', state };
const notice = (message: string): HostMessageBody => ({ type: 'notice', level: 'info', message });

function hostEnd(): { channel: HostChannel; sent: HostMessage[]; got: ViewMessage[]; rejected: string[] } {
  const sent: HostMessage[] = [];
  const got: ViewMessage[] = [];
  const rejected: string[] = [];
  const channel = new HostChannel({
    post: (message) => sent.push(message),
    receive: (message) => got.push(message),
    rejected: (why) => rejected.push(why),
  });
  return { channel, sent, got, rejected };
}

function viewEnd(): { channel: ViewChannel; sent: ViewMessage[]; got: HostMessage[]; rejected: string[] } {
  const sent: ViewMessage[] = [];
  const got: HostMessage[] = [];
  const rejected: string[] = [];
  const channel = new ViewChannel({
    post: (message) => sent.push(message),
    receive: (message) => got.push(message),
    rejected: (why) => rejected.push(why),
  });
  return { channel, sent, got, rejected };
}

suite('the host end of the channel', () => {
  test('ids as long as an import may bring them are understood on both sides', () => {
    const turnId = 'x'.repeat(512);
    const { channel, got, rejected } = hostEnd();
    channel.accept({ type: 'turn-delete', turnId });
    channel.accept({ type: 'page-load', before: turnId });
    assert.deepEqual(rejected, []);
    assert.equal(got.length, 2);
    const view = viewEnd();
    view.channel.accept({ ...snapshot, n: 0 });
    view.channel.accept({ type: 'page', n: 1, before: turnId, turns: [], more: false });
    assert.deepEqual(view.rejected, []);
    assert.equal(view.got.length, 2);
  });

  test('a snapshot restarts the numbering', () => {
    const { channel, sent } = hostEnd();
    for (const body of [snapshot, notice('a'), notice('b'), snapshot, notice('c')]) channel.send(body);
    assert.deepEqual(
      sent.map(({ n }) => n),
      [0, 1, 2, 0, 1],
    );
  });

  test('nothing is sent before the first snapshot, which will contain it', () => {
    const { channel, sent } = hostEnd();
    channel.send(notice('early'));
    assert.deepEqual(sent, []);
  });

  test('what fits no schema is reported and goes no further', () => {
    const { channel, got, rejected } = hostEnd();
    const hostile: unknown[] = [
      undefined,
      null,
      'ready',
      {},
      { type: 'command-run', command: 'workbench.action.terminal.sendSequence' },
      { type: 'turn-send', turnId: '', text: 'x' },
      { type: 'turn-send', turnId: 't', text: 'x'.repeat(400_001) },
    ];
    for (const raw of hostile) channel.accept(raw);
    assert.deepEqual(got, []);
    assert.equal(rejected.length, hostile.length);
    channel.accept({ type: 'ready' });
    assert.deepEqual(got, [{ type: 'ready' }]);
  });
});

suite('the view end of the channel', () => {
  test('changes are ignored until a snapshot has come', () => {
    const { channel, got, sent } = viewEnd();
    channel.restart();
    channel.accept({ ...notice('a'), n: 3 });
    assert.deepEqual(got, []);
    assert.deepEqual(sent, [{ type: 'ready' }]);
  });

  test('a gap asks once for a snapshot, and what follows it waits for that', () => {
    const { channel, got, sent } = viewEnd();
    for (const message of [
      { ...snapshot, n: 0 },
      { ...notice('a'), n: 1 },
      { ...notice('c'), n: 3 },
      { ...notice('d'), n: 4 },
    ]) {
      channel.accept(message);
    }
    assert.deepEqual(sent, [{ type: 'ready' }]);
    assert.deepEqual(
      got.map(({ n }) => n),
      [0, 1],
    );
    channel.accept({ ...snapshot, n: 0 });
    channel.accept({ ...notice('e'), n: 1 });
    assert.equal(got.length, 4);
  });

  test('a message that fits no schema asks once for a snapshot, however often it comes', () => {
    const { channel, sent, rejected } = viewEnd();
    channel.accept({ ...snapshot, n: 0 });
    for (let times = 0; times < 3; times++) channel.accept({ type: 'text-delta', n: 1, turnId: 7 });
    assert.deepEqual(sent, [{ type: 'ready' }]);
    assert.equal(rejected.length, 3);
  });

  test('whatever is lost or doubled on the way, each message is handed on once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('keep', 'lose', 'double'), { maxLength: 40 }), (fates) => {
        const { channel, got, sent } = viewEnd();
        channel.accept({ ...snapshot, n: 0 });
        fates.forEach((fate, at) => {
          const message = { ...notice(String(at)), n: at + 1 };
          if (fate !== 'lose') channel.accept(message);
          if (fate === 'double') channel.accept(message);
        });
        const kept = fates.indexOf('lose') === -1 ? fates.length : fates.indexOf('lose');
        assert.deepEqual(
          got.map(({ n }) => n),
          Array.from({ length: kept + 1 }, (_, n) => n),
        );
        const gapSeen = fates.slice(kept).some((fate) => fate !== 'lose');
        assert.equal(sent.length, gapSeen ? 1 : 0);
      }),
    );
  });
});
