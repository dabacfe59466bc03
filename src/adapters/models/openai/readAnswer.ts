import type { ModelPart } from '../../../core/chatModel';
import { ModelError } from '../../../core/errors';
import { withoutSecrets } from '../../../core/withoutSecrets';
import type { AnswerReader } from './answerReader';
import { fromErrorValue } from './serverErrors';
import { EventReader, type StreamLine } from './serverSentEvents';
import { record, text } from './values';
import type { Watch } from './watch';

export interface ReadAnswerOptions {
  readonly response: Response;
  readonly watch: Watch;
  readonly reader: AnswerReader;
  readonly idleMs: number;
  readonly afterFinishMs: number;
  readonly secrets: readonly string[];
}

/** The longest answer that is read, in bytes as sent: its wrapping included, far more than any model writes. */
const maxAnswerBytes = 64_000_000;

/**
 * Reads a stream of chunks, or one whole completion, whatever the content type says.
 * @throws ModelError once the stream breaks off; what had arrived was yielded
 */
export async function* readAnswer(options: ReadAnswerOptions): AsyncGenerator<ModelPart> {
  const { reader, secrets } = options;
  let done = false;
  for await (const lines of streamLines(options)) {
    for (const line of lines) {
      if (line.type === 'done') {
        done = true;
        break;
      }
      yield* readLine(line, reader, secrets);
    }
    if (done) break;
  }
  if (!done && !reader.finished && /^text\/html/i.test(options.response.headers.get('content-type') ?? '')) {
    throw new ModelError({
      reason: 'stream-garbled',
      message: 'A web page came instead of an answer.',
      serverMessage: 'a web page',
    });
  }
  if (!done && !reader.finished) {
    throw new ModelError({ reason: 'stream-ended', message: 'The stream ended before the answer did.' });
  }
  yield* reader.end();
}

function readLine(line: StreamLine, reader: AnswerReader, secrets: readonly string[]): readonly ModelPart[] {
  // Nothing that comes after the end can take the answer away.
  if (line.type === 'done' || (line.type !== 'data' && reader.finished)) return [];
  if (line.type === 'garbage') {
    const said = withoutSecrets(line.text.slice(0, 100), secrets);
    throw new ModelError({ reason: 'stream-garbled', message: `Not a server-sent event: ${said}` });
  }
  const error = line.type === 'error' ? line.value : errorIn(line.value);
  if (error !== undefined) throw fromErrorValue(error, secrets);
  return reader.read(line.value);
}

/** Servers report an error in the stream as `{error: …}`, some as `{object: "error", message}`. */
function errorIn(value: unknown): unknown {
  const body = record(Array.isArray(value) ? value[0] : value);
  if (!body) return undefined;
  const isError =
    Boolean(body.error) ||
    (body.choices === undefined && /^error/.test(text(body.object) ?? text(body.type) ?? ''));
  return isError ? value : undefined;
}

/** The lines of each piece of the stream. Ends quietly where the connection breaks after the answer's finish. */
async function* streamLines(options: ReadAnswerOptions): AsyncGenerator<readonly StreamLine[]> {
  const { response, watch, reader, idleMs, afterFinishMs } = options;
  const body = response.body?.getReader();
  const events = new EventReader();
  const whole: Uint8Array[] = [];
  let isWhole: boolean | undefined;
  let bytes = 0;
  for (;;) {
    const piece = body && (await nextPiece(body, options));
    if (!piece) break;
    bytes += piece.length;
    if (bytes > maxAnswerBytes) {
      throw new ModelError({ reason: 'stream-garbled', message: 'The answer does not end.' });
    }
    isWhole ??= looksWhole(piece);
    if (isWhole === true) whole.push(piece);
    else yield events.feed(piece);
    watch.allow(reader.finished ? afterFinishMs : idleMs);
  }
  yield isWhole === true ? wholeBody(whole) : events.end();
}

async function nextPiece(
  body: ReadableStreamDefaultReader<Uint8Array>,
  { watch, reader }: ReadAnswerOptions,
): Promise<Uint8Array | undefined> {
  try {
    return (await watch.race(body.read())).value;
  } catch (error) {
    if (reader.finished && !watch.stopped) return undefined;
    if (watch.signal.aborted) throw error;
    throw new ModelError({ reason: 'stream-ended', message: 'The connection broke off.', cause: error });
  }
}

/** Undefined while there is nothing but white space. */
function looksWhole(piece: Uint8Array): boolean | undefined {
  const start = new TextDecoder().decode(piece).trimStart().charAt(0);
  return start === '' ? undefined : start === '{' || start === '[';
}

/** One completion, asked for as a stream or not; else the bare JSON lines of one. */
function wholeBody(pieces: readonly Uint8Array[]): readonly StreamLine[] {
  const bytes = Buffer.concat(pieces);
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return [{ type: 'data', value }, { type: 'done' }];
  } catch {
    const events = new EventReader();
    return [...events.feed(bytes), ...events.end()];
  }
}
