import type { ModelRequest, ToolDefinition } from '../../src/core/chatModel';
import type { Message } from '../../src/core/message';
import { textSamples } from './textSamples';

export const conversationTools: readonly ToolDefinition[] = ['read_file', 'search', 'calculator'].map(
  (name) => ({
    name,
    description: `The tool ${name}: give it a path or an expression, and it answers with what it found there.`,
    parameters: {
      type: 'object',
      properties: { path: { type: 'string', description: 'What to look at' }, limit: { type: 'integer' } },
      required: ['path'],
    },
  }),
);

const instructions: Message = {
  role: 'system',
  content:
    'You help a developer in an editor. Be brief and exact. Use the tools where they help, and say what you did.',
};

/** What developers talk about. */
const everyday = [
  'English',
  'TypeScript',
  'Markdown',
  'JSON',
  'Python',
  'log',
  'Shell',
  'German',
  'SQL',
  'stack trace',
  'CSS',
  'Rust',
  'CSV',
];

export interface ConversationShape {
  /** Each request carries so many turns before the current one; all, if left out. */
  readonly window?: number;
  /** All of `textSamples` in turn, rather than what is usual: another language and script each time. */
  readonly wild?: boolean;
}

/** The requests of a conversation: two a turn, as each turn calls a tool once. */
export function* conversation(
  turns: number,
  { window = turns, wild = false }: ConversationShape = {},
): Generator<ModelRequest & { readonly turn: number }> {
  const samples = wild ? Object.values(textSamples) : everyday.map((kind) => textSamples[kind]);
  const history: Message[][] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const sample = (n: number): string => samples[(turn * 5 + n * 3) % samples.length] ?? '';
    const call = {
      id: `call_${turn}`,
      type: 'function' as const,
      function: {
        name: 'read_file',
        arguments: JSON.stringify({ path: `src/part${turn}.ts`, limit: turn * 10 }),
      },
    };
    const current: Message[] = [{ role: 'user', content: `Question ${turn}: ${sample(0)}` }];
    const request = (): ModelRequest & { turn: number } => ({
      messages: [instructions, ...history.slice(-window).flat(), ...current],
      tools: conversationTools,
      turn,
    });
    yield request();
    current.push(
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', content: sample(1), tool_call_id: call.id, name: 'read_file' },
    );
    yield request();
    current.push({ role: 'assistant', content: sample(2) });
    history.push(current);
  }
}
