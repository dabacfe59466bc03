import assert from 'node:assert/strict';
import type { HostMessage, HostMessageBody, ViewState, ViewTurn } from '../../../src/protocol/chat';
import { contextNote } from '../../../src/webview/contextNote';
import { reduceHostMessage } from '../../../src/webview/reduceHostMessage';
import { reduceViewAction } from '../../../src/webview/reduceViewAction';
import { leftOutOf, pinWords } from '../../../src/webview/turnMark';
import { emptyViewModel, type ViewModel } from '../../../src/webview/viewModel';
import { meterReading } from '../../support/meterReading';

const turn = (id: string, change: Partial<ViewTurn> = {}): ViewTurn => ({
  id,
  createdAt: '2026-01-01T00:00:00.000Z',
  status: 'complete',
  saved: true,
  messages: [],
  ...change,
});

const snapshot = (turns: ViewTurn[], change: Partial<ViewState> = {}): HostMessageBody => ({
  type: 'snapshot',
  state: {
    session: { id: 'session', title: '', length: turns.length },
    turns,
    more: false,
    model: { label: 'm', builtIn: false },
    strategy: 'workspace',
    ...change,
  },
});

const after = (bodies: readonly HostMessageBody[], model = emptyViewModel): ViewModel =>
  bodies.map((body, n): HostMessage => ({ ...body, n })).reduce(reduceHostMessage, model);

const near = { type: 'context-meter', reading: meterReading({ near: true }) } as const;
const low = { type: 'context-meter', reading: meterReading() } as const;
const budget = { label: 'Left out for budget', reason: 'Older than what the token budget holds' };
const summarised = { label: 'Summarised', reason: 'Summarised; undoing brings it back' };

suite('what the view knows of the next request', () => {
  test('a reading of another session than the one shown is not taken', () => {
    const other = { ...low, reading: meterReading({ sessionId: 'other' }) };
    assert.equal(after([low]).reading, undefined);
    assert.equal(after([snapshot([]), other]).reading, undefined);
    assert.equal(after([snapshot([]), low]).reading, low.reading);
  });

  test('another session starts without reading, marks and dismissals', () => {
    const marks: HostMessageBody = {
      type: 'context-turns',
      sessionId: 'session',
      turns: [{ id: 'a', tokens: 5 }],
    };
    const shown = after([snapshot([turn('a')]), low, marks]);
    const same = after([snapshot([turn('a')])], shown);
    assert.equal(same.reading, low.reading);
    const other = after([snapshot([], { session: { id: 'other', title: '', length: 0 } })], same);
    assert.deepEqual([other.reading, other.marks], [undefined, { byId: {} }]);
  });

  test('a mark that is as it was is the same object, so that its turn is not drawn again', () => {
    const marks = (tokens: number): HostMessageBody => ({
      type: 'context-turns',
      sessionId: 'session',
      turns: [
        { id: 'a', tokens: 5, leftOut: budget },
        { id: 'b', tokens },
      ],
      unread: { before: 'a', leftOut: budget, summarised },
    });
    const first = after([snapshot([turn('a'), turn('b')]), marks(7)]);
    const second = after([structuredClone(marks(8))], first);
    assert.equal(second.marks.byId.a, first.marks.byId.a);
    assert.equal(second.marks.unread, first.marks.unread);
    assert.equal(second.marks.byId.b?.tokens, 8);
  });

  test('each turn says why it is left out, those too that a request cannot reach', () => {
    const turns = [
      turn('far', { summarised: true }),
      turn('pinned', { pinned: true }),
      turn('unread'),
      turn('first'),
      turn('covered', { summarised: true }),
      turn('trimmed', { leftOut: 'Trimmed from the context', leftOutLabel: 'Trimmed' }),
      turn('ready', { summarised: true }),
      turn('running', { status: 'running' }),
    ];
    const { marks } = after([
      snapshot(turns),
      {
        type: 'context-turns',
        sessionId: 'session',
        turns: [
          { id: 'first', tokens: 3, leftOut: budget },
          { id: 'covered', tokens: 3, leftOut: summarised },
          { id: 'ready', tokens: 3 },
        ],
        unread: { before: 'first', leftOut: budget, summarised },
      },
    ]);
    assert.deepEqual(
      leftOutOf(turns, marks).map((left) => left?.label),
      [
        'Summarised',
        undefined,
        'Left out for budget',
        'Left out for budget',
        'Summarised',
        'Trimmed',
        undefined,
        undefined,
      ],
    );
    assert.equal(leftOutOf(turns, marks)[5], leftOutOf(turns, marks)[5]);
    assert.deepEqual(leftOutOf([turn('x', { leftOut: 'words' })], { byId: {} })[0]?.label, 'Left out: words');
  });

  test('a pin says what it costs, where that is known', () => {
    assert.equal(
      pinWords(true, { id: 'a', tokens: 340 }, String),
      'Pinned: about 340 tokens in every request',
    );
    assert.equal(pinWords(false, undefined, String), 'Pin: carried in every request');
  });
});

suite('what is told above the composer', () => {
  const shown = after([snapshot([])]);

  test('nothing, as long as there is room', () => {
    assert.equal(contextNote(shown), undefined);
    assert.equal(contextNote(after([low], shown)), undefined);
  });

  test('a warning before it is full, until it is dismissed; and again the next time', () => {
    const warned = after([near], shown);
    assert.equal(contextNote(warned)?.type, 'near');
    const dismissed = reduceViewAction(warned, { type: 'context-note-dismissed', key: 'near' });
    assert.equal(contextNote(dismissed), undefined);
    assert.equal(contextNote(after([near], dismissed)), undefined);
    assert.equal(contextNote(after([low, near], dismissed))?.type, 'near');
  });

  test('a summary while it is made, when it is done, and once it stands in', () => {
    const running = after(
      [near, { type: 'compaction-change', compaction: { status: 'running', turns: 12, done: 4 } }],
      shown,
    );
    assert.deepEqual(contextNote(running), { type: 'running', key: 'running', turns: 12, done: 4 });
    const done = after(
      [{ type: 'compaction-change', compaction: { status: 'done', summaryId: 's', turns: 12 } }],
      running,
    );
    assert.deepEqual(contextNote(done), {
      type: 'done',
      key: 'done s',
      summaryId: 's',
      turns: 12,
      inForce: false,
    });
    const carried = after([{ ...low, reading: meterReading({ summaryIds: ['s'] }) }], done);
    const note = contextNote(carried);
    assert.ok(note?.type === 'done' && note.inForce);
    const gone = after([{ type: 'compaction-change', compaction: { status: 'idle' } }], carried);
    assert.equal(contextNote(gone), undefined);
  });

  test('a prompt that will be refused is told before anything else', () => {
    const reading = meterReading({ near: true, problem: 'The prompt needs about 20000 tokens.' });
    const problem = after([{ type: 'context-meter', reading }], shown);
    assert.equal(contextNote(problem)?.type, 'problem');
  });

  test('that a summary failed, with what to do', () => {
    const failed = after(
      [{ type: 'compaction-change', compaction: { status: 'failed', message: 'The disk is full.' } }],
      shown,
    );
    assert.deepEqual(contextNote(failed), {
      type: 'failed',
      key: 'failed The disk is full.',
      message: 'The disk is full.',
    });
  });
});
