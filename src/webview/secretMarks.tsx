import type { VNode } from 'preact';

/** What is stored in place of a secret. */
const mark = /\[secret masked: ([A-Za-z ]{1,30})\]/;
const marks = new RegExp(mark.source, 'g');

/** Says what a mark is. */
export function secretMarkTitle(kind: string): string {
  return `A secret was here (${kind}). It was masked before it was stored; the model of that one turn saw it.`;
}

/** The text, its marks drawn as such. */
export function withSecretMarks(text: string): readonly (string | VNode)[] {
  const parts: (string | VNode)[] = [];
  let at = 0;
  for (const { index, 0: shown, 1: kind = '' } of text.matchAll(marks)) {
    if (index > at) parts.push(text.slice(at, index));
    parts.push(
      <span class="secret-mark" title={secretMarkTitle(kind)} key={index}>
        {shown}
      </span>,
    );
    at = index + shown.length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}

/** The same in HTML that is escaped already; a mark needs no escape. */
export function htmlWithSecretMarks(html: string): string {
  return html.replace(
    marks,
    (shown, kind: string) => `<span class="secret-mark" title="${secretMarkTitle(kind)}">${shown}</span>`,
  );
}

/** The mark that begins at this place, where one does. */
export function secretMarkAt(text: string, at: number): string | undefined {
  const match = text.startsWith('[secret masked: ', at) ? mark.exec(text.slice(at, at + 60)) : undefined;
  return match?.index === 0 ? match[0] : undefined;
}
