const summaryLength = 160;

/** The arguments in one short line: the value of a single one, else `name: value, …`. */
export function summarizeArguments(text: string | undefined): string {
  if (!text?.trim()) return '';
  const value = parse(text);
  if (value === undefined) return oneLine(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return oneLine(show(value));
  const entries = Object.entries(value);
  if (entries.length === 1) return oneLine(show(entries[0]?.[1]));
  return oneLine(entries.map(([name, entry]) => `${name}: ${show(entry)}`).join(', '));
}

/** A result short enough to stand beside its call, or nothing. */
export function summarizeResult(text: string | undefined): string {
  const line = text?.trim() ?? '';
  return line.length <= 60 && !line.includes('\n') && !/^[{[]/.test(line) ? line : '';
}

/** JSON indented; anything else as it is. */
export function prettify(text: string): string {
  const value = parse(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : text;
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function oneLine(text: string): string {
  const line = text
    .slice(0, summaryLength + 1)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > summaryLength ? `${line.slice(0, summaryLength)}…` : line;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
