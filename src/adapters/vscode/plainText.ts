/**
 * VS Code makes `[text](target)` in a notification a link, which may run a command. What comes from files, servers and
 * folders is shown as the text that it is.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;
const longestLabel = 300;

/** In a list, VS Code draws `$(name)` as an icon. One line of a title or a text, as the text that it is, of bearable length. */
export function plainLabel(text: string): string {
  const line = text
    .slice(0, 2 * longestLabel)
    .replace(/\s+/g, ' ')
    .trim();
  const short = line.length > longestLabel ? `${line.slice(0, longestLabel - 1)}…` : line;
  return short.replace(icon, '\\$&');
}
