import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { root } from '../../host/paths.ts';
import type {
  HistoryReply,
  Phase,
  PromptCommand,
  Records,
  VictimCommand,
  VictimEvent,
  VictimLine,
  VictimOptions,
} from '../victim/protocol';
import type { Ledger } from './ledger';

/** globalState as the window holds it: it outlives the extension host. */
export interface Window {
  records: Records;
}

export interface PromptReply {
  readonly status: string;
  readonly saved: boolean;
}

/** A process that is made to be killed. Everything it says goes to the ledger, which lives here. */
export class Victim {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ledger: Ledger;
  readonly #window: Window;
  readonly #replies = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  readonly #open = new Set<Phase>();
  readonly exited: Promise<void>;
  /** Rejects where the process ends before. */
  readonly ready: Promise<Extract<VictimEvent, { type: 'ready' }>>;
  #told: (event: Extract<VictimEvent, { type: 'ready' }>) => void = () => undefined;
  #lastId = 0;

  constructor(options: VictimOptions, window: Window, ledger: Ledger) {
    this.#ledger = ledger;
    this.#window = window;
    const script = `${root}/dist/test/chaos/victim.mjs`;
    this.#child = spawn(process.execPath, ['--enable-source-maps', script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: this.#child.stdout });
    lines.on('line', (line) => {
      if (line.endsWith('}')) this.#hear(JSON.parse(line) as VictimEvent);
    });
    // Once its lines have ended too, all that it said is known.
    this.exited = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      this.#told = resolve;
      void this.exited.then(() => reject(new Error('The process ended')));
    });
    this.ready.catch(() => undefined);
    void this.exited.then(() => {
      for (const { reject } of this.#replies.values()) reject(new Error('The process ended'));
    });
  }

  /** Phases that had begun, and not ended, when it was last heard of. */
  get openPhases(): ReadonlySet<Phase> {
    return this.#open;
  }

  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** Rejects with the reason, or once the process has ended. */
  call(command: VictimCommand & Partial<PromptCommand>): Promise<unknown> {
    const id = (this.#lastId += 1);
    const reply = new Promise((resolve, reject) => this.#replies.set(id, { resolve, reject }));
    this.#send({ id, command });
    return reply;
  }

  prompt(command: Extract<VictimCommand, { type: 'prompt' }> & PromptCommand): Promise<PromptReply> {
    return this.call(command) as Promise<PromptReply>;
  }

  history(): Promise<HistoryReply> {
    return this.call({ type: 'history' }) as Promise<HistoryReply>;
  }

  async close(): Promise<void> {
    await this.call({ type: 'close' });
    this.#child.stdin.end();
    await this.exited;
  }

  #send(line: VictimLine): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  #hear(event: VictimEvent): void {
    switch (event.type) {
      case 'ready':
        this.#told(event);
        break;
      case 'reply':
        this.#replies.get(event.id)?.resolve(event.value);
        break;
      case 'failure':
        this.#replies
          .get(event.id)
          ?.reject(Object.assign(new Error(event.message), { reason: event.reason }));
        break;
      case 'phase':
        if (event.state === 'begin') this.#open.add(event.phase);
        else this.#open.delete(event.phase);
        break;
      case 'memento':
        this.#window.records = event.all;
        this.#send({ memento: event.all, serial: event.serial });
        break;
      case 'begun':
      case 'saved':
      case 'finishing':
      case 'turn-end':
      case 'asked-model':
      case 'report':
      case 'unhandled':
      case 'block':
        this.#ledger.note(event);
    }
  }
}

export function reasonOfFailure(error: unknown): string {
  return error instanceof Error && 'reason' in error ? String(error.reason) : 'ended';
}
