import type { HostMessageBody, TurnMark, ViewTurn } from '../../../src/protocol/chat';
import { meterReading } from '../../support/meterReading';
import { assistant, user, viewState, viewTurn } from './fixtures';
import type { Screen } from './screens';

const widths = [250, 360];
const connected = { model: { label: 'gpt-4.1-mini', builtIn: false } };
const told = {
  model: 'gpt-4.1-mini',
  usage: { prompt_tokens: 1204, completion_tokens: 85, cached_tokens: 1024 },
};

const oldest = viewTurn('oldest', [user('Which day is release day?'), assistant('Thursday.')], {
  ...told,
  summarised: true,
});
const older = viewTurn('older', [user('And who signs it off?'), assistant('Ada does.')], {
  ...told,
  summarised: true,
});
const pinned = viewTurn(
  'pinned',
  [user('Our conventions: two spaces, no semicolons.'), assistant('Noted: two spaces, and no semicolons.')],
  { ...told, pinned: true },
);
const newest = viewTurn('newest', [user('Format this file.'), assistant('Here it is, formatted.')], told);

const marks: Record<string, TurnMark> = {
  oldest: { id: 'oldest', tokens: 210 },
  older: { id: 'older', tokens: 190 },
  pinned: { id: 'pinned', tokens: 340 },
  newest: { id: 'newest', tokens: 1210 },
};
const summarised = {
  label: 'Summarised',
  reason: 'Summarised; undoing the summary brings it back',
};

const snapshot = (turns: ViewTurn[], change: Parameters<typeof viewState>[1] = {}): HostMessageBody => ({
  type: 'snapshot',
  state: viewState(turns, { ...connected, ...change }),
});
const meter = (change: Parameters<typeof meterReading>[0] = {}): HostMessageBody => ({
  type: 'context-meter',
  reading: meterReading(change),
});
const marked = (leftOut: readonly string[] = []): HostMessageBody => ({
  type: 'context-turns',
  sessionId: 'session',
  turns: Object.values(marks).map((mark) =>
    leftOut.includes(mark.id) ? { ...mark, leftOut: summarised } : mark,
  ),
});
const turns = [oldest, older, pinned, newest];

/** The composer's meter and what is told above it, and what turns say of their part in requests. */
export const contextScreens: Record<string, Screen> = {
  'context-meter': { widths, send: [snapshot(turns), meter(), marked()] },
  'context-near': {
    widths,
    send: [snapshot(turns), meter({ tokens: 11_200, near: true }), marked()],
    act: (chat) => chat.page.fill('textarea', 'And now the tests'),
  },
  'context-summarising': {
    widths,
    send: [
      snapshot(turns, { compaction: { status: 'running', turns: 12, done: 5 } }),
      meter({ tokens: 11_200, near: true }),
      marked(),
    ],
  },
  'context-summarised': {
    widths,
    send: [
      snapshot(turns, { compaction: { status: 'done', summaryId: 's', turns: 12 } }),
      meter({ tokens: 4_700, summaryIds: ['s'] }),
      marked(['oldest', 'older']),
    ],
  },
  'context-fallback': {
    widths,
    send: [
      snapshot(turns, {
        compaction: { status: 'done', summaryId: 's', turns: 12, note: 'gpt-4.1-mini could not be asked' },
      }),
      meter(),
    ],
  },
  'context-failed': {
    widths,
    send: [
      snapshot(turns, {
        compaction: {
          status: 'failed',
          message: 'The disk is full, so this was not saved: make room, then try again.',
        },
      }),
      meter({ tokens: 11_200, near: true }),
    ],
  },
  'context-problem': {
    widths,
    send: [
      snapshot(turns),
      meter({
        tokens: 12_000,
        problem:
          'The prompt needs about 20480 tokens; 11000 are left for it. Shorten it, or raise "throughline.context.maxTokens".',
      }),
    ],
    act: (chat) => chat.page.fill('textarea', 'A very long prompt'),
  },
  'context-hover': {
    widths,
    send: [snapshot(turns), meter(), marked()],
    act: (chat) => chat.page.locator('[data-turn=older]').hover(),
  },
};
