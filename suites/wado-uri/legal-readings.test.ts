import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { run } from '../harness/run.ts';
import { select } from '../harness/select.ts';
import { answers, hears, hearsKey, on, sendsHeaders, sendsText, status, together } from '../kit/faults.ts';
import { offers } from '../kit/offers.ts';
import { embeddedTarget } from '../kit/oracle.ts';
import { sendsPicture } from '../kit/picture-faults.ts';

const uri = /requestType=WADO/;
const without = (...names: readonly string[]) =>
  on(
    uri,
    hears(url => {
      for (const name of names) url.searchParams.delete(name);
    }),
  );

/** Errors with another status. */
const errors = (from: number, to: number): Fault =>
  on(
    request => /\/wado\?/.test(request.url),
    answers(response => (response.status === from ? new Response(response.body, { status: to, headers: response.headers }) : response)),
  );

/** A server that sends pictures as image/jpeg in its own way. */
const jpegs = (options: JpegOptions): Fault =>
  on(
    uri,
    answers(async (response, request) => {
      if (response.headers.get('Content-Type') !== 'image/jpeg' || request.method === 'HEAD') return response;
      const picture = sharp(Buffer.from(await response.arrayBuffer()));
      return new Response(await picture.jpeg(options).toBuffer(), { headers: { 'Content-Type': 'image/jpeg' } });
    }),
  );

/** Servers that follow the standard in another way than the mock server does; none of them breaks a shall. */
const variants: Readonly<Record<string, Fault>> = {
  'region is not supported': without('region'),
  'anonymising is refused': on(/anonymize=/, status(501)),
  'character sets are not converted': without('charset'),
  'presentation states are refused': on(/presentationUID=/, status(400)),
  'annotation is refused': on(/annotation=/, status(400)),
  'imageQuality means nothing': without('imageQuality'),
  'there is nothing but what has to be there': on(/contentType=(?![^&]*jpeg)[^&]*(png|gif|jp2|pdf|rtf|xml|mpeg)/i, status(406)),
  'pictures are poor, and their colours subsampled': jpegs({ quality: 60, chromaSubsampling: '4:2:0' }),
  'pictures are progressive': jpegs({ progressive: true }),
  'pictures can be had as poor image/jpeg only': together(
    jpegs({ quality: 60, chromaSubsampling: '4:2:0' }),
    on(/contentType=(?![^&]*jpeg)[^&]*(png|gif|jp2)/i, status(406)),
  ),
  'pictures as image/png have an alpha channel': on(
    /image%2Fpng/,
    sendsPicture(picture => picture.ensureAlpha()),
  ),
  'the window is exact, without the half and the one of C.11.2.1.2': together(
    on(
      uri,
      hearsKey('windowCenter', center => String(Number(center) + 0.5)),
    ),
    on(
      uri,
      hearsKey('windowWidth', width => String(Number(width) + 1)),
    ),
  ),
  'objects are kept in Explicit VR Little Endian only': together(
    without('transferSyntax'),
    server => async request =>
      /transfer-syntax=(?!1\.2\.840\.10008\.1\.2\.1(?![.\d]))/.test(request.headers.get('Accept') ?? '')
        ? new Response('Explicit VR Little Endian only.', { status: 406 })
        : server(request),
  ),
  'the name of the patient was corrected': on(
    uri,
    sendsText(text => text.replaceAll('CONFTEST^Ct', 'CONFTEST^Cx')),
  ),
  'images of multi-frame classes are multi-frame': on(
    request => uri.test(request.url) && !/contentType=|frameNumber=/.test(request.url) && /UID=2\.25\.\d+\.60\.3\.1/.test(request.url),
    hears(url => url.searchParams.set('contentType', 'application/dicom')),
  ),
  'with rows and columns pictures are smaller than they might be': on(
    /rows=.*columns=|columns=.*rows=/,
    hears(url => {
      for (const name of ['rows', 'columns']) url.searchParams.set(name, String(Math.ceil(Number(url.searchParams.get(name)) * 0.8)));
    }),
  ),
  'gray pictures have three samples': jpegs({ quality: 95 }),
  'grays are those of a display': on(
    uri,
    sendsPicture(picture => picture.gamma(1.4)),
  ),
  'errors are 400 instead of 404': errors(404, 400),
  'errors are 400 instead of 406': errors(406, 400),
  'what is not there is gone': errors(404, 410),
  'media types are written in capitals': on(
    uri,
    sendsHeaders(headers =>
      headers.set(
        'Content-Type',
        (headers.get('Content-Type') ?? '').replace(/^[^;]+/, type => type.toUpperCase()),
      ),
    ),
  ),
  'answers have no length': on(uri, sendsHeaders({ 'Content-Length': null })),
  'the endpoint points to another one': server => async request => {
    const url = new URL(request.url);
    if (!url.pathname.endsWith('/wado') || url.searchParams.has('again')) return server(request);
    url.search += '&again=1';
    return new Response(null, { status: 302, headers: { Location: url.href } });
  },
  'only GET is known': on(request => /\/wado\?/.test(request.url) && request.method !== 'GET', status(405)),
  'HTML says its character set itself': on(
    uri,
    answers(async (response, request) => {
      if (!/^text\/html/.test(response.headers.get('Content-Type') ?? '') || request.headers.has('Accept-Charset')) return response;
      const text = (await response.text()).replace('charset="UTF-8"', 'charset="ISO-8859-1"');
      return new Response(Buffer.from(text, 'latin1'), { headers: { 'Content-Type': 'text/html' } });
    }),
  ),
  'File Meta Information tells of another implementation': on(
    uri,
    sendsText(text => text.replace('DICOMWEB-CONF-1 ', 'ANOTHER SERVER  ')),
  ),
  'sizes are rounded up': on(
    /rows=|columns=/,
    answers(async (response, request) => {
      const type = response.headers.get('Content-Type') ?? '';
      const { searchParams } = new URL(request.url);
      if (request.method === 'HEAD' || !/^image\/(png|jpeg)$/.test(type) || (searchParams.has('rows') && searchParams.has('columns')))
        return response;
      const picture = sharp(Buffer.from(await response.arrayBuffer()));
      const { width, height } = await picture.metadata();
      const size = searchParams.has('rows') ? ([width + 1, height] as const) : ([width, height + 1] as const);
      const body = await picture
        .resize(...size, { fit: 'fill' })
        .toFormat(type === 'image/png' ? 'png' : 'jpeg')
        .toBuffer();
      return new Response(body, { headers: { 'Content-Type': type } });
    }),
  ),
};

const checks = select(await loadChecks(), ['wado-uri']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))(
    'when %s',
    async (_, variant) => {
      const target = embeddedTarget(undefined, variant);
      const { results } = await run({ checks, target, offers, claims: Object.keys(offers), seed: 7, mayWrite: true });
      const accused = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
      expect(accused.map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`)).toEqual([]);
    },
    60_000,
  );
});
