import { setTimeout as pause } from 'node:timers/promises';
import { chunk, done, toolCallAnswer } from '../../support/modelAnswers';
import { ModelServer, type Responder } from '../../support/modelServer';
import type { Random } from '../random';

/** How the next answers go. */
export interface AnswerPace {
  readonly pieces: number;
  readonly pieceMs: number;
  /** The first answer to a prompt calls a tool. */
  readonly callsTool: boolean;
}

/** A server whose answers take their time, and which tells when the last piece of one has left. */
export class SlowModelServer {
  pace: AnswerPace = { pieces: 3, pieceMs: 0, callsTool: false };
  readonly #server: ModelServer;
  #told: (() => void)[] = [];

  private constructor(server: ModelServer) {
    this.#server = server;
  }

  static async start(random: Random): Promise<SlowModelServer> {
    const slow: SlowModelServer = new SlowModelServer(await ModelServer.start());
    const respond: Responder = ({ body }) => {
      const { messages } = body as { readonly messages: readonly { readonly role: string }[] };
      slow.#tell('asked');
      if (slow.pace.callsTool && messages.at(-1)?.role === 'user') {
        return toolCallAnswer([{ name: 'calculator', arguments: { expression: '5+10' } }]);
      }
      return { body: slow.#answer(random) };
    };
    slow.#server.script(respond);
    return slow;
  }

  get baseUrl(): string {
    return this.#server.baseUrl;
  }

  #waiting: 'asked' | 'answered' | undefined;

  /** Resolves when the next request arrives, or when the last piece of the next answer has left. */
  next(moment: 'asked' | 'answered'): Promise<void> {
    this.#waiting = moment;
    return new Promise((resolve) => this.#told.push(resolve));
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async *#answer(random: Random): AsyncGenerator<string> {
    const { pieces, pieceMs } = this.pace;
    yield chunk({ role: 'assistant', content: '' });
    for (let n = 0; n < pieces; n += 1) {
      yield chunk({ content: `${random.words(2)} ` });
      if (pieceMs > 0) await pause(pieceMs);
    }
    yield chunk({}, 'stop') + done;
    this.#tell('answered');
  }

  #tell(moment: 'asked' | 'answered'): void {
    if (this.#waiting !== moment) return;
    const told = this.#told;
    this.#told = [];
    for (const resolve of told) resolve();
  }
}
