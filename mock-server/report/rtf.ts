import type { Report } from './content.ts';
import { reportLines } from './plain.ts';

/** A report in Rich Text Format 1.5: one paragraph a line, characters beyond ASCII as \u with their number. */
export function reportRtf(report: Report): string {
  const [title = '', , ...lines] = reportLines(report);
  const paragraphs = lines.map(line => {
    const depth = /^ */.exec(line)?.[0].length ?? 0;
    return `\\pard\\li${depth * 120} ${encoded(line.trimStart())}\\par`;
  });
  return `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0\\fswiss Helvetica;}}\n{\\pard\\b\\fs32 ${encoded(title)}\\par}\n${paragraphs.join('\n')}\n}\n`;
}

/** RTF 1.5: backslash and braces are escaped, UTF-16 units are signed 16-bit numbers. */
function encoded(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20) out += ' ';
    else if (unit < 0x80) out += /[\\{}]/.test(text[i] ?? '') ? `\\${text[i]}` : text[i];
    else out += `\\u${unit > 0x7fff ? unit - 0x10000 : unit}?`;
  }
  return out;
}
