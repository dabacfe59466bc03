import type { HostMessageBody } from '../../../src/protocol/chat';
import type { ChatPage } from './chatPage';
import { contextScreens } from './contextScreens';
import { receiptScreens } from './receiptScreens';
import { addition, assistant, call, longAnswer, result, user, viewState, viewTurn } from './fixtures';

const connected = { model: { label: 'gpt-4.1-mini', builtIn: false } };

/** A state of the view: what the host sends, and what the user then does. */
export interface Screen {
  readonly send: readonly HostMessageBody[];
  readonly act?: (chat: ChatPage) => Promise<void>;
  /** Of the view, in pixels; 360 where left out. */
  readonly widths?: readonly number[];
}

const snapshot = (...arguments_: Parameters<typeof viewState>): HostMessageBody => ({
  type: 'snapshot',
  state: viewState(...arguments_),
});

const failed = viewTurn('failed', [user('Summarize the release notes.')], {
  status: 'failed',
  error: {
    reason: 'unauthorized',
    message: 'The server refused the API key. Set another key, then try again.',
    actions: ['set-api-key', 'retry', 'open-settings'],
  },
  leftOut: 'failed',
});

export const screens: Record<string, Screen> = {
  ...contextScreens,
  ...receiptScreens,
  empty: { send: [snapshot()] },
  conversation: {
    send: [
      snapshot(
        [
          addition,
          viewTurn('long', [user('How do I walk a tree? Give me Python.'), assistant(longAnswer)], {
            model: 'gpt-4.1-mini',
            usage: { prompt_tokens: 812, completion_tokens: 240 },
          }),
        ],
        connected,
      ),
    ],
  },
  secrets: {
    send: [
      snapshot(
        [
          viewTurn(
            'masked',
            [
              user(
                'Deploy with [secret masked: GitHub token], please. The password: [secret masked: password]',
              ),
              call('m1', 'calculator', { expression: '[secret masked: GitHub token]' }),
              result('m1', 'Deployed.'),
              assistant(
                'Done with `[secret masked: GitHub token]`, or [secret masked: password](https://a.dev):\n\n```sh\nexport TOKEN=[secret masked: GitHub token]\n```',
              ),
            ],
            {
              masked:
                'What is secret was masked in 3 places before it was stored: GitHub token (2), password. The model of this turn saw it.',
            },
          ),
        ],
        connected,
      ),
    ],
    act: (chat) => chat.page.locator('.tool .disclosure-summary').click(),
  },
  streaming: {
    send: [
      snapshot(
        [
          addition,
          viewTurn('next', [user('Now multiply that result by 2, and show the code.')], {
            status: 'running',
          }),
          viewTurn('queued', [user('And then halve it.')], { status: 'queued' }),
        ],
        connected,
      ),
      { type: 'reasoning-delta', turnId: 'next', text: 'The user wants 15 × 2.' },
      {
        type: 'text-delta',
        turnId: 'next',
        index: 1,
        text: 'That is 30:\n\n```typescript\nconst doubled = 15 *',
      },
    ],
    act: (chat) => chat.page.fill('textarea', 'And what about'),
  },
  thinking: {
    send: [
      snapshot([
        addition,
        viewTurn(
          'next',
          [user('Now multiply that result by 2.'), call('m1', 'calculator', { expression: '15 * 2' })],
          { status: 'running' },
        ),
      ]),
      { type: 'notice', level: 'info', message: 'Turns 1 to 4 were left out to fit the budget.' },
    ],
  },
  tools: {
    send: [
      snapshot([
        viewTurn('tools', [
          user('What did I say about releases?'),
          {
            role: 'assistant',
            content: 'Let me look.',
            tool_calls: [
              {
                id: 't1',
                type: 'function',
                function: { name: 'recall', arguments: '{"query":"releases","limit":5,"scope":"workspace"}' },
              },
              { id: 't2', type: 'function', function: { name: 'current_time', arguments: '' } },
              {
                id: 't3',
                type: 'function',
                function: { name: 'calculator', arguments: '{"expression":"5 + * 3"}' },
              },
            ],
          },
          result(
            't1',
            JSON.stringify([{ text: 'Our release day is Thursday.', score: 0.91, turnId: 'x1' }], null, 0),
          ),
          result('t2', '2026-11-22T15:38:36Z'),
          result('t3', 'Error: Unexpected "*" at 4.'),
          assistant('You said: “Our release day is **Thursday**.”'),
        ]),
      ]),
    ],
    act: async (chat) => {
      for (const row of await chat.page.locator('.tool .disclosure-summary').all()) await row.click();
    },
  },
  refused: {
    send: [
      snapshot(
        [
          { ...addition, leftOut: 'does not fit into the token budget' },
          viewTurn('cut', [user('Write a poem about the sea.'), assistant('The sea, the sea,')], {
            status: 'stopped',
            model: 'gpt-4.1-mini',
            error: {
              reason: 'interrupted',
              message: 'Interrupted: the window closed before the answer was complete.',
              actions: [],
            },
          }),
          viewTurn(
            'lost',
            [
              user('Write a sonnet.'),
              assistant('This is beyond me too: **Throughline: Connect a Model…** connects one that can.'),
            ],
            { model: 'Built-in model', connect: true },
          ),
        ],
        connected,
      ),
      {
        type: 'turn-rejected',
        turnId: 'r1',
        text: 'Ask me again',
        reason: 'busy',
        message:
          'Another window is answering in this session: wait until it has finished, or start a new session.',
        choices: ['reload', 'wait'],
      },
      { type: 'turn-reveal', turnId: 'addition' },
    ],
    act: (chat) => chat.page.locator('[data-turn=cut] .turn-delete').hover(),
  },
  troubles: {
    send: [
      snapshot(
        [
          viewTurn('stopped', [user('Write a poem about the sea.'), assistant('The sea, the sea,')], {
            status: 'stopped',
            model: 'gpt-4.1-mini',
          }),
          viewTurn('unsaved', [user('And one about hills.'), assistant('Hills are long waves.')], {
            saved: false,
          }),
          failed,
        ],
        connected,
      ),
      {
        type: 'turn-rejected',
        turnId: 'r1',
        text: 'Ask me again',
        reason: 'stale',
        message: 'Another window has written to this session. Reload it, then send again.',
      },
    ],
  },
};
