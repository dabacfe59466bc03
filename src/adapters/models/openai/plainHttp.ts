import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { ModelError } from '../../../core/errors';

const connectTimeoutMs = 15_000;
const bodiless = new Set([204, 205, 304]);

/**
 * `fetch` over node:http, for model servers on this machine or network. Node's own fetch gives up after five minutes
 * without a header, and a local model may read a long prompt for longer. Follows no redirects, uses no proxy.
 */
export function plainHttpFetch(url: string, init: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal && { signal: init.signal }),
      agent: false,
    });
    const connecting = setTimeout(() => {
      const error = Object.assign(new Error('The connection could not be made in time.'), {
        code: 'ETIMEDOUT',
      });
      outgoing.destroy(error);
    }, connectTimeoutMs);
    outgoing.on('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
    outgoing.on('close', () => clearTimeout(connecting));
    outgoing.on('error', reject);
    // An upgrade, or nothing at all.
    outgoing.on('close', () => reject(new Error('The server closed the connection without an answer.')));
    outgoing.on('response', (incoming) => {
      try {
        resolve(responseOf(incoming));
      } catch (error) {
        // A status or header that no Response can have.
        incoming.destroy();
        const serverMessage = `status ${incoming.statusCode ?? 'missing'}`;
        reject(
          new ModelError({
            reason: 'stream-garbled',
            message: `No answer: ${serverMessage}`,
            serverMessage,
            cause: error,
          }),
        );
      }
    });
    outgoing.end(typeof init.body === 'string' ? init.body : undefined);
  });
}

function responseOf(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  // The same standard class, typed twice: by Node and by the DOM library.
  const body = Readable.toWeb(incoming) as NodeReadableStream<Uint8Array> as ReadableStream<Uint8Array>;
  return new Response(bodiless.has(status) ? null : body, { status, headers });
}
