import { describe, expect, test } from 'vitest';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { answers, on, sendsHeaders, sendsParts, together } from '../kit/faults.ts';
import { hearing } from '../right-servers/hearing.ts';
import { isGet, sendsEachHeader, sendsEachPart } from '../right-servers/variants.ts';

/** A server that writes its multipart messages in another way: the Content-Type, the boundary in it, and the text of the body byte by byte. */
const frames = (
  change: (message: { readonly type: string; readonly boundary: string; readonly body: string }) => { type?: string; body?: string },
) =>
  answers(async response => {
    const type = response.headers.get('Content-Type') ?? '';
    const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
    if (!type.startsWith('multipart/') || boundary === undefined) return response;
    const body = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const changed = change({ type, boundary, body });
    const headers = new Headers(response.headers);
    headers.set('Content-Type', changed.type ?? type);
    headers.delete('Content-Length');
    return new Response(body === '' ? null : Buffer.from(changed.body ?? body, 'latin1'), { status: response.status, headers });
  });

const contentType = (change: (type: string) => string): Fault => frames(({ type }) => ({ type: change(type) }));
const boundary = (name: string, printed = `"${name}"`): Fault =>
  frames(message => ({
    type: message.type.replace(/boundary="?[^";]+"?/, `boundary=${printed}`),
    body: message.body.replaceAll(`--${message.boundary}`, `--${name}`),
  }));
const partTypes = (change: (type: string) => string): Fault =>
  sendsEachHeader(line => (/^content-type:/i.test(line) ? `Content-Type: ${change(line.slice('Content-Type: '.length))}` : line));

/** Multipart messages in other forms that RFC 2046, 2387 and 2616 allow. */
const variants: Readonly<Record<string, Fault>> = {
  // RFC 2046 5.1.1: 1 to 70 characters of the permitted set.
  'the boundary is one character': boundary('7', '7'),
  'the boundary has 70 characters': boundary('0123456789'.repeat(7), '0123456789'.repeat(7)),
  'the boundary has every special character that it may have, and blanks': boundary("a'b()c+d_e,f-g./h:i=j? k"),
  'a plain boundary is quoted': boundary('plain-boundary'),
  'a boundary is a token with unusual characters': boundary("_.-+'b", "_.-+'b"),
  // 5.1.1: preamble, transport padding, and the line break that the closing delimiter need not have.
  'there is a preamble': frames(({ body }) => ({ body: `This is a message in MIME format.\r\n\r\n${body}` })),
  'the first delimiter is preceded by an empty line': frames(({ body }) => ({ body: `\r\n${body}` })),
  'delimiters are followed by blanks': frames(message => ({
    body: message.body.replaceAll(`--${message.boundary}\r\n`, `--${message.boundary} \t \r\n`),
  })),
  'blanks follow the closing delimiter': frames(({ body }) => ({ body: body.replace(/--(\r\n)?$/, '--  \r\n') })),
  'a line break follows the closing delimiter': frames(({ body }) => ({ body: `${body}\r\n` })),
  // RFC 2616 3.7 and RFC 2045 5.1: names in any case, parameters in any order, tokens or quoted strings.
  'type and parameter names are in capitals': contentType(type =>
    type.replace('multipart/related', 'MULTIPART/Related').replace('type=', 'TYPE=').replace('boundary=', 'Boundary='),
  ),
  'the boundary comes before the type': contentType(type => type.replace(/(; *type="[^"]*")(; *boundary=[^;]*)/, '$2$1')),
  'there are no blanks between parameters': contentType(type => type.replaceAll('; ', ';')),
  'there are blanks before the semicolons': contentType(type => type.replaceAll('; ', ' ;  ')),
  'there are more parameters': contentType(type => `${type}; start-info="x"; x-server="a; b=\\"c\\""`),
  'characters of the type are quoted one by one': contentType(type => type.replace(/type="([^"]*)\/([^"]*)"/, 'type="$1\\/$2"')),
  'the type of the root part is in capitals': contentType(type =>
    type.replace(/type="([^"]*)"/, (_, root: string) => `type="${root.toUpperCase()}"`),
  ),
  // RFC 2387 3.2: start names the root part.
  'start names the first part': together(
    sendsEachPart((part, i) => ({ ...part, headers: [...part.headers, `Content-ID: <part-${i + 1}@server>`] })),
    contentType(type => `${type}; start="<part-1@server>"`),
  ),
  'start names the last part': together(
    on(
      isGet,
      sendsParts(parts =>
        parts.map((part, i) => ({ ...part, headers: [`Content-ID: <${i + 1 === parts.length ? 'root' : i}@server>`, ...part.headers] })),
      ),
    ),
    contentType(type => `${type}; start="<root@server>"`),
  ),
  // RFC 822 3.1 and RFC 2046 5.1: header fields of parts, in any order, folded, with others among them.
  'names of part headers are in small letters': sendsEachHeader(line => line.replace(/^[^:]+/, name => name.toLowerCase())),
  'names of part headers are in capitals': sendsEachHeader(line => line.replace(/^[^:]+/, name => name.toUpperCase())),
  'part headers stand in another order': sendsEachPart(part => ({ ...part, headers: [...part.headers].reverse() })),
  'part headers are folded': sendsEachHeader(line => line.replace(': ', ':\r\n\t').replaceAll('; ', ';\r\n  ')),
  'part headers have no blank after the colon, and some at the end': sendsEachHeader(line => `${line.replace(': ', ':')}  `),
  'parts have more header fields': sendsEachPart((part, i) => ({
    ...part,
    headers: [
      'MIME-Version: 1.0',
      ...part.headers,
      `Content-Length: ${part.body.length}`,
      `Content-ID: <${i}@server>`,
      'Content-Transfer-Encoding: binary',
      `Content-Disposition: attachment; filename="${i}.dcm"`,
      'Content-Description: of the server',
      'X-Other: a: b; c',
    ],
  })),
  // RFC 2616 14.14.
  'all parts say where they are': sendsEachPart((part, i, request) =>
    part.headers.some(line => /^content-location/i.test(line))
      ? part
      : { ...part, headers: [...part.headers, `Content-Location: ${request.url}#${i}`] },
  ),
  'media types of parts are in capitals': partTypes(type => type.replace(/^[^;]+/, name => name.toUpperCase())),
  'media types of parts have a comment': partTypes(type => type.replace(/^[^;]+/, '$& (as asked)')),
  'media types of parts have more parameters': partTypes(type => `${type}; x-origin="archive; 1"`),
  'transfer syntaxes on parts are quoted': partTypes(type => type.replace(/transfer-syntax=([\d.]+)/, 'Transfer-Syntax="$1"')),
  // PS3.18-2013 6.5: only frames have an order.
  'parts come in another order where they have none': on(
    request => isGet(request) && !/\/frames\//.test(request.url),
    sendsParts(parts => [...parts].reverse()),
  ),
  // RFC 2616 14.13 and 4.4.
  'answers tell their length': answers(async response => {
    const body = Buffer.from(await response.arrayBuffer());
    const headers = new Headers(response.headers);
    headers.set('Content-Length', String(body.length));
    return new Response(body.length === 0 ? null : body, { status: response.status, headers });
  }),
  'answers are chunked': sendsHeaders({ 'Transfer-Encoding': 'chunked', 'Content-Length': null }),
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });
});
