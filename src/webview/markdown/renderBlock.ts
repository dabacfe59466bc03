import DOMPurify from 'dompurify';
import type { Env } from 'markdown-it';
import { parser } from './parser';

const plainAttributes = ['align', 'start', 'type', 'tabindex', 'aria-label', 'data-copy'];

/** The parser writes no HTML of the model's; this holds even if it had a hole. */
const allowed = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'strong', 'em', 's', 'code', 'pre', 'a', 'span', 'div', 'button', 'blockquote'],
    ...['ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'class', ...plainAttributes],
  // Else their values would have to look like an address.
  ADD_URI_SAFE_ATTR: plainAttributes,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:)/i,
};

export function renderBlock(source: string, env: Env): string {
  return DOMPurify.sanitize(parser.render(source, env), allowed);
}
