import type { Report } from './content.ts';
import { reportLines } from './plain.ts';

const page = { width: 595, height: 842, margin: 56, leading: 14, lines: 52, characters: 84 } as const;

/** A report as PDF 1.4 (ISO 32000-1): lines of text on pages of A4. Characters that Latin-1 lacks are shown as question marks. */
export function reportPdf(report: Report): Uint8Array {
  const lines = reportLines(report).flatMap(wrapped);
  const pages = Array.from({ length: Math.max(1, Math.ceil(lines.length / page.lines)) }, (_, i) =>
    lines.slice(i * page.lines, (i + 1) * page.lines),
  );
  const kids = pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((content, i) => {
      const stream = contentOf(content);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents ${5 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
      ];
    }),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}${trailer}`, 'latin1');
}

function contentOf(lines: readonly string[]): string {
  const shown = lines.map(line => `(${inLatin1(line).replaceAll(/[\\()]/g, '\\$&')}) '`);
  return `BT /F1 9 Tf ${page.leading} TL ${page.margin} ${page.height - page.margin} Td ${shown.join('\n')} ET`;
}

const inLatin1 = (text: string): string =>
  [...text].map(character => (character.charCodeAt(0) < 256 && character.length === 1 ? character : '?')).join('');

/** A line in pieces that fit the page, broken at spaces. */
function wrapped(line: string): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const out: string[] = [];
  let rest = line;
  while (rest.length > page.characters) {
    const space = rest.lastIndexOf(' ', page.characters);
    const at = space > indent.length ? space : page.characters;
    out.push(rest.slice(0, at));
    rest = `${indent}  ${rest.slice(at).trimStart()}`;
  }
  return [...out, rest];
}
