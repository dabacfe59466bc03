import type { HostMessageBody, ViewReceipt, ViewReceiptEntry } from '../../../src/protocol/chat';
import { assistant, user, viewState, viewTurn } from './fixtures';
import type { Screen } from './screens';

export const passage: ViewReceiptEntry = {
  messageId: 'm1',
  turnId: 't1',
  sessionId: 's1',
  sessionTitle: 'Planning the release',
  role: 'user',
  createdAt: '2026-03-12T09:30:00.000Z',
  passage: { start: 0, end: 60 },
  text: 'Our release day is Thursday, and the branch is cut the evening before.',
  included: true,
  reason: 'Fits the prompt',
  words: ['release', 'day'],
  tokens: 34,
};

const long = Array.from(
  { length: 12 },
  (_, n) => `Step ${n + 1}: tag, build, sign, and then wait for the mirror.`,
);

/** One of each kind: a passage, a long one, a muted one, a kept fact, a deleted one, two that were left out. */
export const receipt: ViewReceipt = {
  turnId: 'recalling',
  entries: [
    passage,
    {
      ...passage,
      messageId: 'm2',
      role: 'assistant',
      text: long.join('\n'),
      tokens: 210,
      words: [],
      mark: 'muted',
    },
    {
      factId: 'f1',
      sessionId: 's2',
      turnId: 't5',
      sessionTitle: 'First day',
      createdAt: '2026-01-05T08:00:00.000Z',
      text: 'The user prefers short answers.',
      included: true,
      reason: 'Always kept',
      words: [],
      tokens: 9,
      mark: 'kept',
    },
    {
      messageId: 'm3',
      turnId: 't9',
      sessionId: 's9',
      role: 'user',
      createdAt: '2026-02-02T08:00:00.000Z',
      included: true,
      reason: 'Fits the prompt',
      words: [],
      tokens: 20,
    },
    {
      ...passage,
      messageId: 'm4',
      text: 'Thursday it is.',
      included: false,
      reason: 'Already carried with its turn',
    },
    {
      ...passage,
      messageId: 'm5',
      sessionTitle: 'A_very_long_session_title_without_any_space_in_it_that_must_not_widen_the_view',
      text: 'releases/2026-03-12/changelog-with-a-very-long-name-that-goes-on-and-on-and-on.md',
      included: false,
      reason: 'Fits the prompt, but not the 1000 tokens that recall may take',
    },
  ],
  notes: [],
};

const turn = viewTurn('recalling', [user('When do we release?'), assistant('On **Thursday**.')], {
  recalled: 4,
  model: 'gpt-4.1-mini',
});

const sent: readonly HostMessageBody[] = [
  { type: 'snapshot', state: viewState([turn], { strategy: 'longTerm' }) },
];

export const receiptScreens: Record<string, Screen> = {
  receipt: {
    send: sent,
    act: async (chat) => {
      await chat.page.locator('.receipt .disclosure-summary').click();
      await chat.take('receipt-open');
      await chat.send({ type: 'receipt-change', turnId: 'recalling', receipt });
      await chat.drawn();
      await chat.page.locator('.receipt-entry').first().scrollIntoViewIfNeeded();
    },
  },
};
