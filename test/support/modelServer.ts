import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server was asked. */
export interface ModelServerRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The parsed JSON body; undefined where it is none. */
  readonly body: unknown;
}

type Piece = string | Uint8Array;

export interface ModelAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written piece by piece, as they come. */
  readonly body: Piece | Iterable<Piece> | AsyncIterable<Piece>;
  /** After the body: end the answer (default), break the connection, or stay silent. */
  readonly after?: 'end' | 'break' | 'hang';
}

/** `n` counts requests to the same path from 0: what models there are is asked whenever that suits. */
export type Responder = (request: ModelServerRequest, n: number) => ModelAnswer | Promise<ModelAnswer>;

/** A loopback HTTP server that plays a model server, one scripted answer a request. Plain Node, for any test runner. */
export class ModelServer {
  readonly requests: ModelServerRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #responder: Responder;

  private constructor(responder: Responder) {
    this.#responder = responder;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  static async start(responder: Responder = noAnswer): Promise<ModelServer> {
    const server = new ModelServer(responder);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Connections that neither side has closed. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  /** What was asked of the chat model: the endpoint is also asked what models it has. */
  get chats(): readonly ModelServerRequest[] {
    return this.requests.filter(({ path }) => path.endsWith('/chat/completions'));
  }

  /** From now on: one answer after another, or whatever a function of the request says. Forgets earlier requests. */
  script(answers: readonly ModelAnswer[] | Responder): void {
    this.requests.length = 0;
    this.#responder =
      typeof answers === 'function' ? answers : (request, n) => answers[n] ?? noAnswer(request, n);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = { path: incoming.url ?? '', headers: incoming.headers, body: await readJson(incoming) };
      const n =
        this.requests.push(request) - 1 - this.requests.filter(({ path }) => path !== request.path).length;
      const { status = 200, headers = {}, body, after = 'end' } = await this.#responder(request, n);
      response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
      response.flushHeaders();
      const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
      for await (const piece of pieces) {
        if (response.destroyed) return;
        if (!response.write(piece)) await drained(response);
      }
      if (after === 'end') response.end();
      // What was written should arrive before the break does.
      if (after === 'break') setTimeout(() => incoming.socket.destroy(), 20);
    } catch {
      incoming.socket.destroy();
    }
  }
}

/** Until the client has read, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
}

function noAnswer(_: ModelServerRequest, n: number): ModelAnswer {
  const body = JSON.stringify({ error: { message: `The script has no answer to request ${n}.` } });
  return { status: 418, headers: { 'content-type': 'application/json' }, body };
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const piece of incoming) text += String(piece);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
