import MarkdownIt, { type RendererRule, type Token } from 'markdown-it';
import { htmlWithSecretMarks, secretMarkAt } from '../secretMarks';
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

/** What a token of a link or image is told before it is rendered. */
interface LinkMeta {
  /** Of a link: shown as text, as the host would not open it. */
  readonly refused?: boolean;
  /** Of an image: within a link, which leads where that one does. */
  readonly inside?: boolean;
}

const metaOf = (token: Token | undefined): LinkMeta => token?.meta ?? {};
const target = (token: Token | undefined, attribute: 'href' | 'src'): string =>
  String(token?.attrGet(attribute) ?? '');

/** Judges each link once, in one pass: links do not nest. */
function judgeLinks(children: readonly Token[]): void {
  let open: LinkMeta | undefined;
  for (const token of children) {
    if (token.type === 'link_open') open = { refused: !isOpenable(target(token, 'href')) };
    if (token.type === 'link_open' || token.type === 'link_close') token.meta = { ...open };
    if (token.type === 'link_close') open = undefined;
    if (token.type === 'image') token.meta = { inside: open?.refused === false } satisfies LinkMeta;
  }
}

parser.core.ruler.push('judge_links', ({ tokens }) => {
  for (const { children } of tokens) if (children) judgeLinks(children);
});

/** markdown-it's own rule for link reference definitions. */
const definitions = new MarkdownIt('zero').block.ruler;
definitions.enableOnly(['reference']);
const [definition] = definitions.getRules('');

// A definition is not shown: what begins with a mark and a colon is text.
parser.block.ruler.at('reference', (state, startLine, endLine, silent) => {
  const at = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  if (secretMarkAt(state.src, at) !== undefined) return false;
  return definition?.(state, startLine, endLine, silent) ?? false;
});

/** A mark in place of a secret is never a link, whatever follows it. */
parser.inline.ruler.before('link', 'secret_mark', (state, silent) => {
  const shown = secretMarkAt(state.src, state.pos);
  if (shown === undefined) return false;
  if (!silent) state.push('secret_mark', '', 0).content = shown;
  state.pos += shown.length;
  return true;
});

const renderSecretMark: RendererRule = (tokens, index) => htmlWithSecretMarks(tokens[index]?.content ?? '');

const renderCode: RendererRule = (tokens, index) =>
  `<code>${htmlWithSecretMarks(escapeHtml(tokens[index]?.content ?? ''))}</code>`;

// The title is always the target: words of the model in its place would hide where a link leads.
const renderLinkOpen: RendererRule = (tokens, index) => {
  const token = tokens[index];
  if (metaOf(token).refused !== false) return '<span>';
  const href = escapeHtml(target(token, 'href'));
  return `<a href="${href}" title="${href}">`;
};

const renderLinkClose: RendererRule = (tokens, index) =>
  metaOf(tokens[index]).refused === false ? '</a>' : '</span>';

const renderImage: RendererRule = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const source = target(token, 'src');
  const alternative = self.renderInlineAsText(token?.children ?? [], options, env).trim();
  const text = escapeHtml(alternative || 'image');
  if (!isOpenable(source) || metaOf(token).inside) return text;
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
    `<pre tabindex="0"><code>${htmlWithSecretMarks(escapeHtml(text))}</code></pre></div>`
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
  secret_mark: renderSecretMark,
  code_inline: renderCode,
  fence: renderFence,
  code_block: renderFence,
  th_open: renderCell,
  td_open: renderCell,
  table_open: () => '<div class="table-scroll" tabindex="0"><table>',
  table_close: () => '</table></div>',
});
