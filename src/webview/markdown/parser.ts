import MarkdownIt, { type RendererRule, type Token } from 'markdown-it';
import { isOpenable } from './links';

/**
 * Markdown as models write it, to HTML that loads nothing: HTML is shown as text, an image becomes a link to it with its
 * alternative text, and a link that the host would not open becomes its text.
 */
export const parser = new MarkdownIt({ html: false, linkify: true, breaks: false });

// Judged where it is rendered, so that a refused link keeps its text rather than showing as raw markdown.
parser.validateLink = () => true;
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

const { escapeHtml } = parser.utils;

function isRefused(tokens: Token[], index: number): boolean {
  return !isOpenable(String(tokens[index]?.attrGet('href') ?? ''));
}

/** The index of the token that opens what the token at `index` closes; links do not nest. */
function opening(tokens: Token[], index: number): number {
  return tokens.findLastIndex((token, at) => at < index && token.type === 'link_open');
}

function insideLink(tokens: Token[], index: number): boolean {
  const before = tokens.slice(0, index);
  const opened = before.findLastIndex((token) => token.type === 'link_open');
  const closed = before.findLastIndex((token) => token.type === 'link_close');
  return opened > closed && !isRefused(tokens, opened);
}

const renderLinkOpen: RendererRule = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  if (!token || isRefused(tokens, index)) return '<span>';
  if (!token.attrGet('title')) token.attrSet('title', String(token.attrGet('href') ?? ''));
  return self.renderToken(tokens, index, options);
};

const renderLinkClose: RendererRule = (tokens, index) =>
  isRefused(tokens, opening(tokens, index)) ? '</span>' : '</a>';

const renderImage: RendererRule = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const source = String(token?.attrGet('src') ?? '');
  const alternative = self.renderInlineAsText(token?.children ?? [], options, env).trim();
  const text = escapeHtml(alternative || 'image');
  if (!isOpenable(source) || insideLink(tokens, index)) return text;
  return `<a href="${escapeHtml(source)}" title="${escapeHtml(source)}">${text}</a>`;
};

const renderFence: RendererRule = (tokens, index) => {
  const token = tokens[index];
  return token ? codeBlockHtml(token.content, token.info) : '';
};

/** As `CodeBlock` draws it, for code within a list or a quote. */
function codeBlockHtml(text: string, info: string): string {
  const language = languageOf(info);
  return (
    `<div class="code-block"><div class="code-block-header"><span class="code-block-language">${escapeHtml(language)}</span>` +
    `<button type="button" class="text-button" data-copy="code" aria-label="Copy code">Copy</button></div>` +
    `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre></div>`
  );
}

export const languageOf = (info: string): string => (info.trim().split(/[\s,{]/, 1)[0] ?? '').slice(0, 30);

// Inline styles are refused by the content security policy: alignment as the attribute it once was.
const renderCell: RendererRule = (tokens, index, options, _env, self) => {
  const token = tokens[index];
  const aligned = /text-align:(left|center|right)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
  if (token) token.attrs = aligned ? [['align', aligned]] : null;
  return self.renderToken(tokens, index, options);
};

Object.assign(parser.renderer.rules, {
  link_open: renderLinkOpen,
  link_close: renderLinkClose,
  image: renderImage,
  fence: renderFence,
  code_block: renderFence,
  th_open: renderCell,
  td_open: renderCell,
  table_open: () => '<div class="table-scroll" tabindex="0"><table>',
  table_close: () => '</table></div>',
});
