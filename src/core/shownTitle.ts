const longest = 200;

/** A session's title as it is shown: imported ones may be empty, many lines, or a megabyte. */
export function shownTitle(title: string): string {
  const line = title
    .slice(0, 2 * longest)
    .replace(/\s+/g, ' ')
    .trim();
  if (line === '') return 'Untitled session';
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
