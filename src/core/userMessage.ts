import { isLocalEndpoint } from './endpoint';
import { HistoryError, InputError, isAbort, ModelError, reasonOf, ToolError } from './errors';
import type { HistoryErrorReason, InputErrorReason, ModelErrorReason } from './errors';
import { withoutSecrets } from './withoutSecrets';

export { isLocalEndpoint } from './endpoint';

/** What the user can do about an error. */
export type ErrorAction = 'retry' | 'set-api-key' | 'connect-model' | 'open-settings';

/** Where the error came from, as far as it is known. */
export interface ErrorContext {
  /** The model's name, as the endpoint knows it. */
  readonly model?: string;
  /** Base URL of the endpoint. */
  readonly baseUrl?: string;
  /** The settings that choose model and endpoint; left out: the chat model's. */
  readonly settings?: { readonly model: string; readonly baseUrl: string };
}

const chatModelSettings = { model: 'throughline.model.name', baseUrl: 'throughline.model.baseUrl' };

export interface ErrorDescription {
  readonly reason: string;
  /** One sentence for the user: what happened and what to do. Holds no secrets. */
  readonly message: string;
  readonly actions: readonly ErrorAction[];
}

/** The one place that gives an error its words. Never throws, whatever was thrown. */
export function describeError(error: unknown, context: ErrorContext = {}): ErrorDescription {
  const reason = isAbort(error) ? 'stopped' : reasonOf(error);
  return { reason, message: messageOf(error, context), actions: actionsFor(reason) };
}

/** What helps against an error of this reason; also for one that was stored with its turn. */
export function actionsFor(reason: string): readonly ErrorAction[] {
  return Object.hasOwn(actions, reason) ? (actions[reason] ?? []) : ['retry'];
}

const actions: Readonly<Record<string, readonly ErrorAction[]>> = {
  stopped: [],
  interrupted: [],
  'no-key': ['set-api-key', 'connect-model'],
  unauthorized: ['set-api-key', 'retry'],
  'unknown-model': ['open-settings', 'connect-model'],
  unreachable: ['retry', 'open-settings'],
  'context-overflow': ['open-settings', 'retry'],
  'bad-request': ['open-settings', 'retry'],
  'tools-unsupported': ['open-settings', 'connect-model'],
  'no-credit': ['connect-model', 'retry'],
  'step-limit': ['retry', 'open-settings'],
  'no-model': ['connect-model', 'open-settings'],
  'newer-version': [],
  'no-search': [],
  'read-only': [],
  'no-masking': ['retry', 'open-settings'],
  'cannot-fit': ['open-settings'],
  'empty-prompt': [],
  'prompt-too-large': [],
  'invalid-argument': [],
  'not-an-export': [],
  'newer-export': [],
  'wrong-checksum': [],
  'confirmation-required': [],
  'nothing-to-undo': [],
  'nothing-to-compact': [],
  'nothing-to-embed': ['open-settings'],
};

function messageOf(error: unknown, context: ErrorContext): string {
  if (isAbort(error)) return 'Stopped.';
  if (error instanceof ModelError) return modelMessage(error, context);
  if (error instanceof HistoryError) return historyMessages[error.reason];
  if (error instanceof InputError) return inputMessage(error);
  const detail = withoutSecrets(shorten(error instanceof Error ? error.message : String(error)));
  if (error instanceof ToolError) return `A tool failed: ${detail}`;
  return `Something unexpected went wrong (${detail}): try again.`;
}

function modelMessage(
  error: ModelError,
  { model, baseUrl, settings = chatModelSettings }: ErrorContext,
): string {
  const server = baseUrl === undefined ? 'The model server' : hostOf(baseUrl);
  const named = model === undefined || model === '' ? 'the model' : `the model "${model}"`;
  const said = error.serverMessage === undefined ? '' : ` It said: "${withoutSecrets(error.serverMessage)}"`;
  const messages: Readonly<Record<ModelErrorReason, string>> = {
    'no-key': `${server} needs an API key: set one with "Throughline: Set API Key".`,
    unauthorized: `${server} did not accept the API key: check it and set it again.${said}`,
    'unknown-model': `${server} does not know ${named}: set "${settings.model}" to one that it offers.${said}`,
    'rate-limited': `${server} has had too many requests: try again ${waitWords(error.retryAfter)}.`,
    'no-credit': `The account at ${server} has no credit or quota left: check its plan, or connect another model.${said}`,
    'server-error': `${server} had an error of its own: try again in a moment.${said}`,
    unreachable: `${server} cannot be reached: ${unreachableAdvice(baseUrl, settings.baseUrl)}`,
    timeout: `${server} did not answer in time: try again, or choose a faster model.`,
    'stream-ended': 'The connection ended before the answer did: what had arrived is kept, try again.',
    'stream-garbled': `${server} sent something that is no answer: try again, or check "${settings.baseUrl}".${said}`,
    'context-overflow': `This is more than ${named} can read at once: lower "throughline.context.maxTokens" or trim the memory.${said}`,
    'bad-request': `${server} refused the request.${said === '' ? ' Check the model settings.' : said}`,
    'tools-unsupported': `${server} cannot give tools to ${named}: choose a model that supports tools.${said}`,
    'content-filtered': `${server} withheld the answer because of its content rules: put it differently.`,
    'empty-answer': `The answer of ${named} was empty: try again, or put it differently.`,
    'length-limit': `The answer of ${named} reached its length limit before it was usable: ask for something shorter.`,
    'too-many-calls': `${hasDetail(error) ? error.message.replace(/\.$/, '') : 'Too many tool calls'}: try again, put it differently, or choose another model.`,
    'step-limit':
      'The turn used all its model requests without a final answer: try again, or raise "throughline.model.stepLimit".',
    'no-model': `${hasDetail(error) ? `${error.message} ` : ''}Connect a model with "Throughline: Connect a Model".`,
  };
  return messages[error.reason];
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function hasDetail(error: ModelError): boolean {
  return error.message !== '' && error.message !== error.reason;
}

function waitWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'in a moment';
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 120) return `in ${whole} ${whole === 1 ? 'second' : 'seconds'}`;
  return whole < 7200 ? `in ${Math.ceil(whole / 60)} minutes` : `in ${Math.ceil(whole / 3600)} hours`;
}

function unreachableAdvice(baseUrl: string | undefined, setting: string): string {
  if (baseUrl !== undefined && isLocalEndpoint(baseUrl)) {
    return 'is it running? "localhost" is the machine that runs the extension host, which in a remote window is the remote one.';
  }
  return `check the network and "${setting}".`;
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : 'The model server';
}

const historyMessages: Readonly<Record<HistoryErrorReason, string>> = {
  stale: 'This session has moved on in another window: look at what is new there, then send again.',
  busy: 'Another window is answering in this session: wait until it has finished, or start a new session.',
  'not-found': 'That is no longer in the history: it may have been deleted in another window.',
  exists: 'That is already in the history: nothing was changed.',
  'read-only':
    'The history cannot be written here, so this was not saved: check the rights of the storage folder.',
  'newer-version':
    'The history was written by a newer version of Throughline: reload this window, or update Throughline here.',
  unavailable: 'The history could not be opened, so this was not saved: try again, or reload this window.',
  'disk-full': 'The disk is full, so this was not saved: make room, then try again.',
  'no-masking':
    'Secrets cannot be masked, as a part of Throughline is missing or broken, and so nothing is stored: reload this window, install Throughline again, or switch "throughline.secrets.mask" off.',
  corrupt:
    'The history is damaged: reload this window, so that it is checked and what can be read is recovered.',
  'no-search':
    'Nothing can be searched here, as this Node.js has no full-text search (SQLite without FTS5), or the history has no index and cannot be written. The history itself works.',
};

/** The details of these are ours, and name what does not fit. */
function inputMessage(error: InputError): string {
  const detail = error.message === error.reason ? '' : ` ${withoutSecrets(shorten(error.message))}`;
  const messages: Readonly<Record<InputErrorReason, string>> = {
    'empty-prompt': 'The prompt is empty: write something first.',
    'prompt-too-large': 'The prompt is too long: shorten it, or send it in parts.',
    'invalid-argument': `That does not fit.${detail}`,
    'not-an-export': `That is not a Throughline export, and nothing was imported.${detail}`,
    'newer-export':
      'That export was made by a newer version of Throughline: update the extension to import it.',
    'wrong-checksum':
      'That export was changed after it was written (its checksum is wrong), and nothing was imported.',
    'confirmation-required': 'This deletes for good: pass "confirm: true" to go ahead.',
    'nothing-to-undo': 'There is no trim to undo.',
    'nothing-to-compact':
      'There is nothing to summarise yet: the turns that a summary could stand for are too few or too short.',
    'nothing-to-embed': detail.trim() || 'There is nothing to embed.',
    'cannot-fit':
      detail.trim() ||
      'The prompt does not fit into a request: shorten it, or raise "throughline.context.maxTokens".',
  };
  return messages[error.reason];
}
