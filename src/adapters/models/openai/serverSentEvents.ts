/** A line of a server-sent-event stream that carries something: an event's data, or what is none. */
export type StreamLine =
  | { readonly type: 'data'; readonly value: unknown }
  /** `[DONE]`: the server has nothing more to say. */
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly value: unknown }
  | { readonly type: 'garbage'; readonly text: string };

/** The longest event that is read, in characters. */
const maxEventLength = 16_000_000;
/** What a data line counts beyond its characters: however short it is, it is tried as JSON. */
const lineCost = 100;
const fieldName = /^(?:event|id|retry|[a-z][a-z-]{0,30})(?::|$)/i;

/**
 * Reads server-sent events that carry JSON, as model servers write them: an event is taken as soon as its JSON is
 * complete on a line, so a missing blank line costs nothing; comments, CRLF and CR, events over several data lines,
 * and bare JSON lines are read too. A line cut off at the end is dropped. Its time grows with the text alone.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  /** A line that has not ended yet, in pieces. */
  #line: string[] = [];
  /** Data lines of an event whose JSON is not complete yet. */
  #data: string[] = [];
  /** What both cost, about their characters. */
  #pending = 0;
  #endsInReturn = false;
  #isError = false;

  feed(bytes: Uint8Array): readonly StreamLine[] {
    const read = this.#read(this.#decoder.decode(bytes, { stream: true }));
    return this.#pending > maxEventLength ? [...read, { type: 'garbage', text: 'an endless event' }] : read;
  }

  end(): readonly StreamLine[] {
    const read = [...this.#read(this.#decoder.decode()), ...this.#takeLine('')];
    // What is not complete here was cut off.
    return [...read, ...this.#endOfEvent()].filter(
      ({ type }, index) => type !== 'garbage' || index < read.length - 1,
    );
  }

  #read(decoded: string): readonly StreamLine[] {
    // A CR at the very end may be half of a CRLF.
    const text = this.#endsInReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    if (decoded !== '') this.#endsInReturn = decoded.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop() ?? '';
    const read = lines.flatMap((line) => this.#takeLine(line));
    this.#line.push(rest);
    this.#pending += rest.length;
    return read;
  }

  /** The line that `end` completes. */
  #takeLine(end: string): readonly StreamLine[] {
    const line = this.#line.length === 0 ? end : this.#line.join('') + end;
    this.#pending -= line.length - end.length;
    this.#line = [];
    return this.#readLine(line);
  }

  #readLine(line: string): readonly StreamLine[] {
    if (line.trim() === '') return this.#endOfEvent();
    if (line.startsWith(':')) return [];
    const [, name = '', value = ''] = /^(\w{1,30}):\s?(.*)$/s.exec(line) ?? [];
    if (name === 'data') return this.#dataLine(value);
    if (name === 'event') {
      this.#isError = value.trim() === 'error';
      return [];
    }
    // llama.cpp wrote `error: {…}` for a while; some proxies write bare JSON.
    if (name === 'error') return [{ type: 'error', value: parseJson(value) ?? value }];
    const bare = parseJson(line);
    if (bare !== undefined) return [{ type: 'data', value: bare }];
    return fieldName.test(line) ? [] : [{ type: 'garbage', text: line }];
  }

  #dataLine(value: string): readonly StreamLine[] {
    if (value.trim() === '[DONE]') return [...this.#endOfEvent(), { type: 'done' }];
    const parsed = parseJson(value);
    if (parsed === undefined) {
      this.#data.push(value);
      this.#pending += value.length + lineCost;
      return [];
    }
    const type = this.#isError ? 'error' : 'data';
    return [...this.#endOfData(), { type, value: parsed }];
  }

  #endOfEvent(): readonly StreamLine[] {
    const read = this.#endOfData();
    this.#isError = false;
    return read;
  }

  #endOfData(): readonly StreamLine[] {
    if (this.#data.length === 0) return [];
    const text = this.#data.join('\n');
    this.#pending -= text.length - (this.#data.length - 1) + this.#data.length * lineCost;
    this.#data = [];
    if (text.trim() === '') return [];
    const value = parseJson(text);
    if (this.#isError) return [{ type: 'error', value: value ?? text }];
    return value === undefined ? [{ type: 'garbage', text }] : [{ type: 'data', value }];
  }
}

/** Undefined where it is none, or where it is neither an object nor a list. A look at its ends costs less than an error. */
function parseJson(text: string): unknown {
  const json = text.trim();
  const ends = json.charAt(0) + json.charAt(json.length - 1);
  if (ends !== '{}' && ends !== '[]') return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
