import type { ContentItem, Report } from './content.ts';

/** A report as lines of text; what belongs to an item is indented below it. */
export function reportLines({ title, header, content }: Report): readonly string[] {
  return [
    title,
    '='.repeat(title.length),
    '',
    ...header.map(([label, value]) => `${label}: ${value}`),
    '',
    ...content.flatMap(item => linesOf(item, 0)),
  ];
}

function linesOf({ concept, value, relation, isHeading, children }: ContentItem, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  const lead = `${relation === '' ? '' : `${relation}: `}${concept === '' ? '' : `${concept}${isHeading ? '' : ': '}`}`;
  const [first = '', ...rest] = value.split(/\r\n|\r|\n/);
  return [`${indent}${lead}${first}`, ...rest.map(line => `${indent}  ${line}`), ...children.flatMap(child => linesOf(child, depth + 1))];
}

/** A report as plain text with the line ends of MIME (RFC 2046 4.1.1). */
export const reportText = (report: Report): string => `${reportLines(report).join('\r\n')}\r\n`;
