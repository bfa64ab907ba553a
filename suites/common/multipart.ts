import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import type { Exchange } from '../harness/wire.ts';
import { answers, sendsHeaders, sendsParts, sendsText } from '../kit/faults.ts';
import { acceptDicom, acceptXml } from '../kit/media.ts';
import { type AnyInstance, anyInstance, ask, multipartDefects } from '../kit/retrieve.ts';
import { isMultipart, isWadoRs, resourceOf } from './exchange.ts';

/** Expects no defects of these rows in a multipart answer. */
function expectNone(t: Trial, exchange: Exchange, rows: readonly RequirementId[]): void {
  if (!isMultipart(exchange)) return;
  const defects = multipartDefects(exchange);
  for (const row of rows) {
    const found = [...new Set(defects.filter(defect => defect.row === row).map(defect => defect.what))];
    t.expect(`the defects in the multipart answer to GET ${resourceOf(exchange)}`, found, [], { row });
  }
}

/** The requests that the checks of this file make when each runs alone. */
async function look(t: Trial, any: AnyInstance): Promise<void> {
  await ask(t, any.studyPath, acceptDicom);
  await ask(t, any.metadataPath, acceptXml);
}

const parameters = ['WADO-RS-MIME-01', 'WADO-RS-MIME-02', 'WADO-RS-MIME-03', 'WADO-RS-MIME-05', 'WADO-RS-MIME-07'] as const;

// RFC 2046 5.1.1 and RFC 2387 3: the parameters of multipart/related.
export const contentType = check({
  id: 'common/multipart/content-type',
  title: 'The Content-Type of a multipart answer has its parameters, quoted where they have to be',
  requires: parameters,
  given: { any: anyInstance },
  fault: sendsHeaders(headers => headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/;\s*type="?[^";]+"?/, ''))),
  async run(t, { any }) {
    await look(t, any);
  },
  watch: (t, exchange) => expectNone(t, exchange, parameters),
});

const root = ['WADO-RS-MIME-06', 'WADO-RS-MIME-08'] as const;

// RFC 2387 3.1: type is the media type of the root part.
export const rootPart = check({
  id: 'common/multipart/type-of-the-root-part',
  title: 'The type parameter of a multipart answer is the media type of its root part',
  requires: root,
  given: { any: anyInstance },
  fault: sendsHeaders(headers =>
    headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/application\/dicom\b(\+xml)?/, 'application/octet-stream')),
  ),
  async run(t, { any }) {
    await look(t, any);
  },
  watch: (t, exchange) => expectNone(t, exchange, root),
});

const frame = ['WADO-RS-MIME-09', 'WADO-RS-MIME-10', 'WADO-RS-MIME-11', 'WADO-RS-MIME-14', 'WADO-RS-MIME-19'] as const;

// RFC 2046 5.1.1: delimiters stand on lines of their own and the last one is closed; RFC 2616 3.7.2: no epilogue.
export const delimiters = check({
  id: 'common/multipart/delimiters',
  title: 'The delimiters of a multipart answer are complete, the last one is closed, and nothing follows it',
  requires: frame,
  given: { any: anyInstance },
  fault: sendsText(text => text.replace(/--(\r\n)?$/, '')),
  async run(t, { any }) {
    await look(t, any);
  },
  watch: (t, exchange) => expectNone(t, exchange, frame),
});

const headers = ['WADO-RS-MIME-18', 'WADO-RS-MIME-16', 'WADO-RS-6.5-25'] as const;

// RFC 2046 5.1: the header of each part.
export const partHeaders = check({
  id: 'common/multipart/part-headers',
  title: 'Each part of a multipart answer says its Content-Type and is sent as it is',
  requires: headers,
  given: { any: anyInstance },
  fault: sendsParts(all => all.map(part => ({ ...part, headers: part.headers.filter(line => !/^content-type/i.test(line)) }))),
  async run(t, { any }) {
    await look(t, any);
  },
  watch: (t, exchange) => expectNone(t, exchange, headers),
});

// RFC 2616 7.2.1 and PS3.18-2013 6.5: Content-Type says what an answer is.
export const said = check({
  id: 'common/multipart/content-type-with-a-body',
  title: 'A successful answer with a body has a Content-Type',
  requires: ['WADO-RS-6.5-24'],
  given: { any: anyInstance },
  fault: answers(async response => new Response(new Uint8Array(await response.arrayBuffer()), { status: response.status })),
  async run(t, { any }) {
    await look(t, any);
  },
  watch(t, exchange) {
    const { response } = exchange;
    if (!isWadoRs(exchange) || ![200, 206].includes(response.status) || response.body.length === 0) return;
    const types = response.headers.filter(([name]) => name.toLowerCase() === 'content-type');
    t.expect(`the number of Content-Type headers of the answer to GET ${resourceOf(exchange)}`, types.length, 1);
  },
});
