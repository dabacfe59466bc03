import { ModelError, type ModelErrorReason } from '../../../core/errors';
import { withoutSecrets } from '../../../core/withoutSecrets';
import { count, list, record, text } from './values';

const maxServerMessage = 300;
const maxPage = 4_000;

/** What a server answered instead of a stream. */
export interface HttpFailure {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

interface ServerError {
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
}

export function fromHttpFailure(
  { status, headers, body }: HttpFailure,
  secrets: readonly string[],
): ModelError {
  const { message: said, code } = readErrorBody(body);
  const target = headers.get('location');
  const message = target !== null && status < 400 ? `redirects to ${target}` : said;
  const retryAfter = retryAfterOf(headers, message);
  const serverMessage = shorten(message, secrets);
  return new ModelError({
    reason: reasonOf(status, `${code} ${message}`),
    message: `HTTP ${status}${serverMessage === '' ? '' : `: ${serverMessage}`}`,
    ...(serverMessage !== '' && { serverMessage }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** An error that a server sent in the middle of a stream, or with status 200. */
export function fromErrorValue(value: unknown, secrets: readonly string[]): ModelError {
  const { message, code, status } = readErrorValue(value);
  const serverMessage = shorten(message, secrets);
  const reason = reasonOf(status, `${code} ${message}`);
  return new ModelError({
    reason,
    message: `The server broke off: ${serverMessage}`,
    ...(serverMessage !== '' && { serverMessage }),
  });
}

/** What the server said, for the log and for asking whether it means a certain parameter. */
export function errorText({ body }: HttpFailure): string {
  const { message, code } = readErrorBody(body);
  return `${code} ${message}`;
}

/** Whether the same request may succeed a moment later. */
export function isTransient(failure: HttpFailure): boolean {
  const { status } = failure;
  if (status === 500) return /try again|retry|overload|temporar|had an error|unavailable/i.test(failure.body);
  return status === 408 || (status >= 502 && status <= 504) || (status >= 520 && status <= 529);
}

/** Seconds to wait, by the headers (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after) or by Groq's words. */
export function retryAfterOf(headers: Headers, message: string): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return milliseconds / 1000;
  const header = headers.get('retry-after');
  if (header !== null) {
    const seconds = Number(header);
    if (seconds >= 0) return seconds;
    const date = Date.parse(header);
    if (!Number.isNaN(date)) return Math.max(0, (date - Date.now()) / 1000);
  }
  const [, minutes = '0', seconds] = /try again in (?:(\d+)m)?([\d.]+)s/i.exec(message) ?? [];
  return seconds === undefined ? undefined : Number(minutes) * 60 + Number(seconds);
}

const contextWords =
  /context.?(length|size|window)|context_length_exceeded|exceed_context_size|maximum context|too many tokens|prompt is too long|input (is )?too long|reduce the length|token limit/i;
const toolWords =
  /does not support (tools|function|tool)|tools? (param|calling|use|choice).{0,40}(not supported|requires|unsupported)|--jinja|enable-auto-tool-choice|no endpoints found that support tool/i;
const modelWords =
  /model_not_found|model[^.]{0,120}(not found|does not exist|not exist|unknown|is not available|not a valid)|(unknown|invalid|no such|not a valid) model|try pulling it/i;
const creditWords =
  /insufficient_quota|insufficient.{0,3}(balance|credit|funds)|exceeded your current quota|billing/i;
const filterWords = /content_filter|content management policy|content_policy|moderation/i;
const keyWords = /invalid_api_key|incorrect api key|invalid api key|authentication/i;

/** Without a status, the words decide alone. */
function reasonOf(status: number | undefined, said: string): ModelErrorReason {
  const isServers = status !== undefined && status >= 500;
  if (status === 401 || status === 403) return filterWords.test(said) ? 'content-filtered' : 'unauthorized';
  if (status === 402 || creditWords.test(said)) return 'no-credit';
  if (contextWords.test(said) && status !== 429) return 'context-overflow';
  if (toolWords.test(said)) return 'tools-unsupported';
  if (status === 404 || (!isServers && modelWords.test(said))) return 'unknown-model';
  if (status === 429 || /rate.?limit|too many requests/i.test(said)) return 'rate-limited';
  if (status === 408) return 'timeout';
  if (filterWords.test(said)) return 'content-filtered';
  if (!isServers && keyWords.test(said)) return 'unauthorized';
  return isServers || status === undefined ? 'server-error' : 'bad-request';
}

function readErrorBody(body: string): ServerError {
  try {
    return readErrorValue(JSON.parse(body));
  } catch {
    // A proxy's page: its title says what matters.
    const page = body.slice(0, maxPage);
    const title = /<title[^<>]*>([^<]*)/i.exec(page)?.[1];
    return { message: title ?? page.replace(/<[^<>]*>/g, ' '), code: '', status: undefined };
  }
}

/** `{error: {message, code, type}}`, `{error: ""}`, `{message}`, `{detail: "" | [{msg}]}`, or a list with one of them. */
function readErrorValue(value: unknown): ServerError {
  const body = record(Array.isArray(value) ? list(value)[0] : value);
  const error = record(body?.error) ?? body;
  const detail = list(body?.detail).map((item) => text(record(item)?.msg) ?? '');
  const message =
    text(error?.message) ??
    text(body?.error) ??
    text(body?.detail) ??
    (detail.join('; ') || (text(value) ?? ''));
  const codes = [error?.code, error?.type, error?.param].filter((code) => typeof code === 'string');
  const status = count(error?.code) ?? count(error?.status) ?? count(body?.code);
  return {
    message: message === '' && error ? JSON.stringify(error) : message,
    code: codes.join(' '),
    status: status !== undefined && status >= 400 && status < 600 ? status : undefined,
  };
}

function shorten(message: string, secrets: readonly string[]): string {
  // Far more than is kept, so that a secret at the cut is still whole.
  const clean = withoutSecrets(message.slice(0, maxPage), secrets).replace(/\s+/g, ' ').trim();
  return clean.length > maxServerMessage ? `${clean.slice(0, maxServerMessage)}…` : clean;
}

const timeoutCodes = /^(UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)$/;

/** A failure of the connection, before the answer began. */
export function fromConnectionError(error: unknown, secrets: readonly string[]): ModelError {
  const causes = causesOf(error);
  const codes = causes.map((cause) => text(record(cause)?.code)).filter((code) => code !== undefined);
  const reason = codes.some((code) => timeoutCodes.test(code)) ? 'timeout' : 'unreachable';
  const said =
    codes.at(-1) ?? causes.map((cause) => (cause instanceof Error ? cause.message : '')).join(': ');
  return new ModelError({ reason, message: `No connection: ${shorten(said, secrets)}`, cause: error });
}

/** Whether trying again at once may help: the connection broke, rather than being refused. */
export function isBrokenConnection(error: unknown): boolean {
  return causesOf(error).some((cause) =>
    ['ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'UND_ERR_SOCKET'].includes(text(record(cause)?.code) ?? ''),
  );
}

/** The error, its causes, and all errors of an AggregateError (Node tries each address of a host). */
function causesOf(error: unknown, depth = 0): readonly unknown[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const inner = error instanceof AggregateError ? [...(error.errors as unknown[])] : [error.cause];
  return [error, ...inner.flatMap((cause) => causesOf(cause, depth + 1))];
}
