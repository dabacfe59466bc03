import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OpenAI-compatible server on loopback that says what the test tells it to, when it tells it to. */
export interface ModelServer {
  readonly baseUrl: string;
  /** Sent to every open answer, in order, and to those that are still to be asked for. */
  say(text: string): void;
  /** Ends what is being answered. */
  finish(): void;
  /** From now on: 401, or answers again. */
  refuse(refused: boolean): void;
  /** The prompts asked for, oldest first. */
  readonly prompts: string[];
  /** What was sent with each, oldest first. */
  readonly requests: object[];
  /** How many answers are under way. */
  readonly open: number;
  /** How many answers the other side broke off. */
  readonly brokenOff: number;
  close(): Promise<void>;
}

const event = (body: object): string => `data: ${JSON.stringify(body)}\n\n`;
const chunk = (delta: object, finish: string | null = null): string =>
  event({
    id: 'answer',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'scripted',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

export async function startModelServer(): Promise<ModelServer> {
  const open = new Set<ServerResponse>();
  const prompts: string[] = [];
  const requests: object[] = [];
  let waiting = '';
  let refused = false;
  let brokenOff = 0;
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (refused) {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } }),
        );
        return;
      }
      const sent = JSON.parse(body) as { messages: { role: string; content: string }[] };
      const { messages } = sent;
      requests.push(sent);
      prompts.push(messages.findLast(({ role }) => role === 'user')?.content ?? '');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk({ role: 'assistant', content: waiting }));
      waiting = '';
      open.add(response);
      response.on('close', () => {
        if (open.delete(response)) brokenOff += 1;
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    prompts,
    requests,
    get open() {
      return open.size;
    },
    get brokenOff() {
      return brokenOff;
    },
    say(text) {
      if (open.size === 0) waiting += text;
      for (const response of open) response.write(chunk({ content: text }));
    },
    finish() {
      for (const response of open) {
        open.delete(response);
        response.write(chunk({}, 'stop'));
        response.write(
          event({
            id: 'answer',
            object: 'chat.completion.chunk',
            created: 0,
            model: 'scripted',
            choices: [],
            usage: { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 },
          }),
        );
        response.end('data: [DONE]\n\n');
      }
    },
    refuse: (value) => (refused = value),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
