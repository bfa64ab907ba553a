import type { ContentItem, Report } from './content.ts';

/** Text as it stands in markup of HTML or XML. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const style =
  'body{font:1rem/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}' +
  'dt{color:#555}dd{margin:0}ul{padding-left:1.25rem}.relation{color:#555}';

/** A report as an HTML document: a heading for each container, a list of what it holds. */
export function reportHtml({ title, header, content }: Report, charset: string): string {
  const facts = header.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${lines(value)}</dd>`).join('\n');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="${escaped(charset)}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<dl>
${facts}
</dl>
${block(content, 2)}
</body>
</html>
`;
}

const lines = (text: string): string => escaped(text).replaceAll(/\r\n|\r|\n/g, '<br>');

/** Containers become sections with headings, what stands between them becomes lists. */
function block(items: readonly ContentItem[], level: number): string {
  const parts: string[] = [];
  let list: string[] = [];
  const flush = () => {
    if (list.length > 0) parts.push(`<ul>\n${list.join('\n')}\n</ul>`);
    list = [];
  };
  for (const item of items) {
    if (!item.isHeading) {
      list.push(entry(item, level));
      continue;
    }
    flush();
    const heading = `h${Math.min(6, level)}`;
    parts.push(`<section>\n<${heading}>${escaped(item.concept)}</${heading}>\n${block(item.children, level + 1)}\n</section>`);
  }
  flush();
  return parts.join('\n');
}

function entry({ concept, value, relation, children }: ContentItem, level: number): string {
  const related = relation === '' ? '' : `<span class="relation">${escaped(relation)}:</span> `;
  const named = concept === '' ? '' : `<strong>${escaped(concept)}</strong>: `;
  return `<li>${related}${named}${lines(value)}${children.length > 0 ? `\n${block(children, level)}\n` : ''}</li>`;
}
