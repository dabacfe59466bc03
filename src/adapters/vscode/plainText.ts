/**
 * VS Code makes `[text](target)` in a notification a link, which may run a command. What comes from files, servers and
 * folders is shown as the text that it is.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}
