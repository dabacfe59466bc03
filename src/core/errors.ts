/**
 * Errors carry a reason and are matched by it. `message` is written for the log; the words that a user
 * reads are made in one place, `userMessage`.
 */
export type ModelErrorReason =
  | 'no-key'
  | 'unauthorized'
  | 'unknown-model'
  | 'rate-limited'
  | 'server-error'
  | 'unreachable'
  | 'timeout'
  | 'stream-ended'
  | 'stream-garbled'
  | 'context-overflow'
  | 'bad-request'
  | 'content-filtered'
  | 'empty-answer'
  | 'length-limit' // the answer reached its length limit before there was anything to use
  | 'tools-unsupported' // the model or server takes no tools
  | 'no-credit' // the account has no credit or quota left
  | 'too-many-calls' // the model asked for more tool calls than any task needs
  | 'step-limit' // the turn used up its model requests and still wants tools
  | 'no-model';

export type HistoryErrorReason =
  | 'stale' // the session has moved on since the caller read it
  | 'busy' // another turn of the session is running
  | 'not-found'
  | 'exists'
  | 'read-only'
  | 'newer-version' // written by a newer version of the extension
  | 'unavailable' // the store cannot be opened, or its worker died
  | 'disk-full'
  | 'no-masking' // secrets cannot be looked for, so nothing may be stored
  | 'corrupt'
  | 'no-search'; // this SQLite has no full-text search, or there is no index and none can be written

export type InputErrorReason =
  | 'empty-prompt'
  | 'prompt-too-large'
  | 'invalid-argument'
  | 'not-an-export'
  | 'newer-export'
  | 'wrong-checksum'
  | 'confirmation-required'
  | 'nothing-to-undo'
  | 'nothing-to-compact' // the turns that a summary could stand for are too few
  | 'nothing-to-embed' // no embedding model is chosen, or nothing is stored
  | 'cannot-fit';

export type ToolErrorReason = 'unknown-tool' | 'bad-arguments' | 'tool-failed' | 'untrusted';

interface Details<R extends string> {
  readonly reason: R;
  readonly message?: string;
  readonly cause?: unknown;
}

const kinds: ReadonlySet<string> = new Set([
  'ThroughlineError',
  'ModelError',
  'HistoryError',
  'InputError',
  'ToolError',
]);

/** Base of all of ours. `reason` is stable and safe to show; `message` holds no secrets. */
export class ThroughlineError<R extends string = string> extends Error {
  readonly reason: R;
  /** The name of this class's instances; undefined for any of ours. */
  static readonly kind: string | undefined = undefined;
  override readonly name: string = 'ThroughlineError';

  /** By name: a lazy part of the extension is a bundle of its own, with its own copy of these classes. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!(value instanceof Error) || !('reason' in value)) return false;
    return this.kind === undefined ? kinds.has(value.name) : value.name === this.kind;
  }

  constructor({ reason, message, cause }: Details<R>) {
    super(message ?? reason, { cause });
    this.reason = reason;
  }
}

export class ModelError extends ThroughlineError<ModelErrorReason> {
  static override readonly kind = 'ModelError';
  override readonly name = 'ModelError';
  /** Seconds the server asked us to wait. */
  readonly retryAfter?: number;
  /** What the server itself said, shortened, without secrets. */
  readonly serverMessage?: string;
  constructor(details: Details<ModelErrorReason> & { retryAfter?: number; serverMessage?: string }) {
    super(details);
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
    if (details.serverMessage !== undefined) this.serverMessage = details.serverMessage;
  }
}
export class HistoryError extends ThroughlineError<HistoryErrorReason> {
  static override readonly kind = 'HistoryError';
  override readonly name = 'HistoryError';
}
export class InputError extends ThroughlineError<InputErrorReason> {
  static override readonly kind = 'InputError';
  override readonly name = 'InputError';
}
/** A tool's failure. It goes back to the model as the call's result. */
export class ToolError extends ThroughlineError<ToolErrorReason> {
  static override readonly kind = 'ToolError';
  override readonly name = 'ToolError';
}

/** The reason of any thrown value; 'unexpected' where it is not one of ours. */
export function reasonOf(error: unknown): string {
  return error instanceof ThroughlineError ? String(error.reason) : 'unexpected';
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'APIUserAbortError');
}
