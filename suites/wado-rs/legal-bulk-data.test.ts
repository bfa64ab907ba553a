import { describe, expect, test } from 'vitest';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { answers, hears, on, sendsText, together } from '../kit/faults.ts';
import { hearing } from '../right-servers/hearing.ts';
import { sendsEachHeader, sendsEachPart } from '../right-servers/variants.ts';

const locations = (change: (url: string, request: Request) => string): Fault =>
  sendsEachHeader((line, request) =>
    line.replace(/^(Content-Location: )(.*)/i, (_, name: string, url: string) => name + change(url, request)),
  );
/** A server whose bulk data have other URLs: those of the mock server, rewritten, in all that it sends and hears. */
const bulkUrls = (told: (url: string) => string, heard: (url: URL) => void): Fault =>
  together(
    hears(heard),
    sendsEachPart(part => ({
      headers: part.headers.map(line => line.replace(/(?<=^Content-Location: ).*/i, told)),
      body: Buffer.from(part.body.toString('latin1').replaceAll(/(?<=<BulkData uri=")[^"]*/g, told), 'latin1'),
    })),
  );
const mockUrl = /\/dicom-web\/studies\/([0-9.]+)\/series\/([0-9.]+)\/instances\/([0-9.]+)\/bulkdata\/([0-9A-F.]+)/;

/** 6.5.5.2.1 does not say how bytes that Range asks for are wrapped. */
const bare: Fault = on(
  request => request.headers.has('Range'),
  answers(async response => {
    const type = response.headers.get('Content-Type') ?? '';
    if (response.status !== 206) return response;
    const [, boundary = ''] = /boundary=(\w+)/.exec(type) ?? [];
    const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
    const [, head = '', body = ''] = new RegExp(`^--${boundary}\r\n([\\s\\S]*?)\r\n\r\n([\\s\\S]*)\r\n--${boundary}--`).exec(text) ?? [];
    const [, range = ''] = /Content-Range: (.*)/.exec(head) ?? [];
    return new Response(Buffer.from(body, 'latin1'), {
      status: 206,
      headers: { 'Content-Type': 'application/octet-stream', 'Content-Range': range },
    });
  }),
);

/** Bulk data are kept by another server, to which this one points (RFC 2616 10.3). */
const elsewhere: Fault = server => async request => {
  const url = new URL(request.url);
  if (url.host === 'blobs.invalid') {
    const original = new URL(url.searchParams.get('of') ?? '');
    return server(new Request(original, { headers: request.headers }));
  }
  if (!/\/bulkdata\/|\/frames\//.test(url.pathname)) return server(request);
  return new Response(null, { status: 307, headers: { Location: `http://blobs.invalid/?of=${encodeURIComponent(url.href)}` } });
};

/** Bulk data, their labels and their URLs in other forms that PS3.18-2013 6.5.4 and 6.5.5 allow. */
const variants: Readonly<Record<string, Fault>> = {
  // 6.5.4.2.1: the suffix is optional where frames are uncompressed.
  'uncompressed frames have the URL of the bulk data': on(
    request => /\/frames\//.test(request.url) && /octet-stream/.test(request.headers.get('Accept') ?? ''),
    locations(url => url.replace(/\/frames\/\d+$/, '')),
  ),
  // RFC 2616 14.14: Content-Location may be relative.
  'Content-Location is relative': locations(url => new URL(url).pathname),
  'Content-Location is relative to the service': locations((url, request) => {
    const up = new URL(request.url).pathname.split('/').length - 3;
    return '../'.repeat(up) + new URL(url).pathname.replace('/dicom-web/', '');
  }),
  // 6.5.5.1: {BulkDataURL} is opaque.
  'bulk data lie elsewhere': bulkUrls(
    url => url.replace(mockUrl, '/blobs/$1-$2-$3-$4'),
    url =>
      (url.pathname = url.pathname.replace(
        /\/blobs\/([0-9.]+)-([0-9.]+)-([0-9.]+)-/,
        '/dicom-web/studies/$1/series/$2/instances/$3/bulkdata/',
      )),
  ),
  'bulk data lie on another host': bulkUrls(
    url => url.replace('//mock.invalid/', '//blobs.invalid:8080/'),
    url => (url.host = 'mock.invalid:80'),
  ),
  'bulk data URLs have a query': bulkUrls(
    url => url.replace(mockUrl, '/blob?of=$1!$2!$3!$4'),
    url => {
      const [, study, series, instance, element, rest = ''] =
        /^\?of=([0-9.]+)!([0-9.]+)!([0-9.]+)!([0-9A-F.]+)(\/.*)?$/.exec(url.search) ?? [];
      if (url.pathname !== '/blob') return;
      url.pathname = `/dicom-web/studies/${study}/series/${series}/instances/${instance}/bulkdata/${element}${rest}`;
      url.search = '';
    },
  ),
  'bulk data URLs have escapes': bulkUrls(
    url => url.replace(mockUrl, '/b%20lob;v=1/$1%2F$2%2F$3/~$4'),
    url =>
      (url.pathname = url.pathname.replace(
        /\/b%20lob;v=1\/([0-9.]+)%2F([0-9.]+)%2F([0-9.]+)\/~/,
        '/dicom-web/studies/$1/series/$2/instances/$3/bulkdata/',
      )),
  ),
  'the same URL is spelled with escapes': on(
    /\/bulkdata\/|octets/,
    locations(url => url.replace(mockUrl, match => match.replaceAll('.', '%2e').replace('bulkdata', '%62ulkdata'))),
  ),
  'URLs of parts are spelled with escapes': locations(url => url.replace(mockUrl, match => match.replaceAll('.', '%2E'))),
  'bulk data and frames are kept by another server': elsewhere,
  'ranges are not wrapped': bare,
  'ranges are told on the message': on(
    request => request.headers.has('Range'),
    answers(async response => {
      const text = Buffer.from(await response.arrayBuffer()).toString('latin1');
      const [line = '', range = ''] = /Content-Range: (.*)\r\n/.exec(text) ?? [];
      const headers = new Headers(response.headers);
      if (line !== '') headers.set('Content-Range', range);
      return new Response(Buffer.from(text.replace(line, ''), 'latin1'), { status: response.status, headers });
    }),
  ),
  'the length of the whole is not told': on(
    request => request.headers.has('Range'),
    sendsText(text => text.replace(/(Content-Range: bytes \d+-\d+\/)\d+/, '$1*')),
  ),
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });
});
