import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { useMemo } from 'react';

// HTML in the source is shown as text; what the renderer makes is cleaned once more before it is put in.
const renderer = new MarkdownIt({ html: false, linkify: true });
// Columns are aligned by an inline style, which the policy of the page forbids, even while it is being cleaned away.
renderer.core.ruler.push('align-by-attribute', ({ tokens }) => {
  for (const token of tokens) {
    const style = String(token.attrGet('style') ?? '');
    if (!style.startsWith('text-align:')) continue;
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
    token.attrSet('align', style.slice('text-align:'.length));
  }
});
DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer');
  }
});

const ALLOWED = {
  ALLOWED_TAGS: [
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'p',
      'br',
      'hr',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'code',
      'em',
      'strong',
      's',
      'a',
    ],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'start', 'align'],
};

/** Markdown as written by users: no HTML, no scripts, nothing loaded from elsewhere. Imported lazily by its users. */
export default function Markdown({ source }: { source: string }) {
  const html = useMemo(() => DOMPurify.sanitize(renderer.render(source), ALLOWED), [source]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text was rendered without HTML and sanitized
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
