/** A line of a server-sent-event stream that carries something: an event's data, or what is none. */
export type StreamLine =
  | { readonly type: 'data'; readonly value: unknown }
  /** `[DONE]`: the server has nothing more to say. */
  | { readonly type: 'done' }
  | { readonly type: 'error'; readonly value: unknown }
  | { readonly type: 'garbage'; readonly text: string };

/** The longest event that is read, in characters. */
const maxEventLength = 16_000_000;
const fieldName = /^(?:event|id|retry|[a-z][a-z-]{0,30})(?::|$)/i;

/**
 * Reads server-sent events that carry JSON, as model servers write them: an event is taken as soon as its JSON is
 * complete, so a missing blank line costs nothing; comments, CRLF and CR, events over several data lines, and bare JSON
 * lines are read too. A line cut off at the end is dropped.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  /** Data lines of an event whose JSON is not complete yet. */
  #data: string[] = [];
  #isError = false;

  feed(bytes: Uint8Array): readonly StreamLine[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }), false);
  }

  end(): readonly StreamLine[] {
    return this.#read(this.#decoder.decode(), true);
  }

  #read(text: string, last: boolean): readonly StreamLine[] {
    // A CR at the very end may be half of a CRLF.
    const lines = (this.#rest + text).split(last ? /\r\n|\n|\r/ : /\r\n|\n|\r(?=[^\n])/);
    this.#rest = lines.pop() ?? '';
    const read = lines.flatMap((line) => this.#line(line));
    if (last) {
      const cut = this.#line(this.#rest);
      return [...read, ...cut.filter(({ type }) => type !== 'garbage')];
    }
    const pending = this.#rest.length + this.#data.reduce((sum, line) => sum + line.length, 0);
    return pending > maxEventLength ? [...read, { type: 'garbage', text: 'an endless line' }] : read;
  }

  #line(line: string): readonly StreamLine[] {
    if (line.trim() === '') return this.#endOfEvent();
    if (line.startsWith(':')) return [];
    const [, name = '', value = ''] = /^(\w+):\s?(.*)$/s.exec(line) ?? [];
    if (name === 'data') return this.#dataLine(value);
    if (name === 'event') {
      this.#isError = value.trim() === 'error';
      return [];
    }
    // llama.cpp wrote `error: {…}` for a while; some proxies write bare JSON.
    if (name === 'error') return [{ type: 'error', value: parseJson(value) ?? value }];
    const bare = line.trimStart().startsWith('{') ? parseJson(line) : undefined;
    if (bare !== undefined) return [{ type: 'data', value: bare }];
    return fieldName.test(line) ? [] : [{ type: 'garbage', text: line }];
  }

  #dataLine(value: string): readonly StreamLine[] {
    if (value.trim() === '[DONE]') return [{ type: 'done' }];
    if (value.trim() === '' && this.#data.length === 0) return [];
    const type = this.#isError ? 'error' : 'data';
    const before = this.#data.join('\n');
    const together = parseJson(before === '' ? value : `${before}\n${value}`);
    const alone = together ?? parseJson(value);
    this.#data = alone === undefined ? [...this.#data, value] : [];
    if (together !== undefined) return [{ type, value: together }];
    if (alone !== undefined)
      return [
        { type: 'garbage', text: before },
        { type, value: alone },
      ];
    return [];
  }

  #endOfEvent(): readonly StreamLine[] {
    const unread = this.#data.join('\n');
    const type = this.#isError ? 'error' : 'garbage';
    this.#data = [];
    this.#isError = false;
    if (unread === '') return [];
    return [type === 'error' ? { type, value: unread } : { type, text: unread }];
  }
}

/** Undefined where it is none, or where it is neither an object nor a list. */
function parseJson(text: string): unknown {
  const start = text.trimStart().charAt(0);
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
