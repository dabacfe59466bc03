import type { ViewState, ViewTranscriptMessage, ViewTurn } from '../../../src/protocol/chat';

export function viewState(turns: readonly ViewTurn[] = [], change: Partial<ViewState> = {}): ViewState {
  return {
    session: { id: 'session', title: 'Session', length: turns.length },
    turns: [...turns],
    more: false,
    model: { label: 'Built-in model', builtIn: true },
    strategy: 'workspace',
    ...change,
  };
}

export function viewTurn(
  id: string,
  messages: readonly ViewTranscriptMessage[],
  change: Partial<ViewTurn> = {},
): ViewTurn {
  return {
    id,
    createdAt: new Date().toISOString(),
    status: 'complete',
    saved: true,
    messages: [...messages],
    ...change,
  };
}

export const user = (content: string): ViewTranscriptMessage => ({ role: 'user', content });
export const assistant = (content: string): ViewTranscriptMessage => ({ role: 'assistant', content });

export const call = (id: string, name: string, args: object | string): ViewTranscriptMessage => ({
  role: 'assistant',
  content: '',
  tool_calls: [
    {
      id,
      type: 'function',
      function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
    },
  ],
});

export const result = (id: string, content: string): ViewTranscriptMessage => ({
  role: 'tool',
  content,
  tool_call_id: id,
});

export const addition = viewTurn(
  'addition',
  [
    user('Add 5 and 10 for me.'),
    call('a1', 'calculator', { expression: '5 + 10' }),
    result('a1', '15'),
    assistant('5 + 10 is **15**.'),
  ],
  { model: 'gpt-4.1-mini', usage: { prompt_tokens: 1234, completion_tokens: 34, cached_tokens: 1024 } },
);

export const longAnswer = `## Walking a tree

A depth-first walk visits a node, then each child. It is **short** in Python, and *iterative* in C:

1. Take the node on top of the stack.
2. Visit it, and push its children:
   - left last, so that it comes first
   - right before it
3. Until the stack is empty.

\`\`\`python
def walk(node, visit):
    """Visits every node, parents before children, and says how deep it went along the way, in one long line."""
    visit(node)
    for child in node.children:
        walk(child, visit)
\`\`\`

See [the article](https://en.wikipedia.org/wiki/Depth-first_search) on it, and \`node.children\` in \`tree.py\`.

| Order | Visits | Memory | Where it is used |
|---|:-:|--:|---|
| pre | parent first | O(h) | copying, printing |
| post | children first | O(h) | deleting, sizes |
| level | by depth | O(w) | nearest match |

> A tree of a million nodes is rarely deeper than forty, unless it is a list.
`;
