import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { hearsHeaders, hearsParts, on, onBody, status } from '../kit/faults.ts';
import { missing, ways } from '../kit/kept.ts';
import type { StoreOptions, StorePart } from '../kit/store.ts';
import { expectStored, freshStudy, store } from '../kit/stored.ts';
import { posts } from './module.ts';

/** A way of writing a store request that means the same as the plain one. */
interface Writing {
  readonly row?: RequirementId;
  readonly options?: StoreOptions;
  /** Header lines of each part, in place of the plain Content-Type. */
  readonly headers?: StorePart['headers'];
}

interface Variants {
  readonly claim: string;
  readonly title: string;
  readonly requires: readonly [RequirementId, ...RequirementId[]];
  readonly fault: Fault;
  /** By their description, which completes "a request …". */
  readonly writings: Readonly<Record<string, Writing>>;
}

/** A check that objects are stored however the request is written: each writing with objects of its own. */
function variants({ claim, title, requires, fault, writings }: Variants): Check {
  return check({
    id: `stow-rs/multipart/${claim}`,
    title,
    requires,
    given: { ways },
    writes: true,
    fault,
    async run(t) {
      for (const [what, { row = requires[0], options, headers }] of Object.entries(writings)) {
        const { instances } = await freshStudy(t, 'ct', 2);
        const parts = instances.map((instance): StorePart => ({ body: instance.part10(), ...(headers ? { headers } : {}) }));
        expectStored(t, await store(t, parts, options), `two objects by a request ${what}`, { row });
        t.expect(`the objects that are not there after a request ${what}`, await missing(t, instances), [], { row });
      }
    },
  });
}

const contentType = (write: (boundary: string) => string): Writing => ({ options: { contentType: write } });
const typeOf = (request: Request) => request.headers.get('Content-Type') ?? '';

// RFC 2045 5.1: parameters in any order, values quoted or not, names in any case.
export const parameters = variants({
  claim: 'content-type-however-written',
  title: 'The Content-Type of a store request is understood however MIME lets it be written',
  requires: ['STOW-RS-6.6.1.1-13'],
  fault: on(request => posts(request) && /^Multipart/.test(typeOf(request)), status(415)),
  writings: {
    'with type=application/dicom, not quoted as in 6.6.1.1': contentType(b => `multipart/related; type=application/dicom; boundary=${b}`),
    'with type="application/dicom", quoted': contentType(b => `multipart/related; type="application/dicom"; boundary=${b}`),
    'with boundary before type': contentType(b => `multipart/related; boundary=${b}; type="application/dicom"`),
    'with Multipart/Related; TYPE=…; BOUNDARY=…': contentType(b => `Multipart/Related; TYPE="application/dicom"; BOUNDARY=${b}`),
    'without a blank after the semicolons': contentType(b => `multipart/related;type="application/dicom";boundary=${b}`),
    'with a transfer-syntax parameter': contentType(
      b => `multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1; boundary=${b}`,
    ),
  },
});

// RFC 2046 5.1.1 and RFC 2045 5.1: a boundary may hold characters that make it a quoted string.
export const boundary = variants({
  claim: 'quoted-boundary',
  title: 'A boundary that is quoted, with characters that need it or without, is understood',
  requires: ['STOW-RS-6.6.1.1-16'],
  // The quotes become part of the boundary.
  fault: on(
    request => /boundary="/.test(typeOf(request)),
    hearsHeaders(headers =>
      headers.set('Content-Type', (headers.get('Content-Type') ?? '').replace(/boundary="([^"]*)"/, 'boundary="x$1"')),
    ),
  ),
  writings: {
    'with a quoted boundary': contentType(b => `multipart/related; type="application/dicom"; boundary="${b}"`),
    'with the boundary "a b=c?d"': {
      options: { boundary: 'a b=c?d', contentType: b => `multipart/related; type="application/dicom"; boundary="${b}"` },
    },
    'with a boundary of 70 characters': { options: { boundary: 'x'.repeat(70) } },
  },
});

// PS3.18-2013 6.6 with RFC 822 3.4.7 and RFC 2616 4.2: names of header fields in any case, blanks around values.
export const headerNames = variants({
  claim: 'part-headers-however-written',
  title: 'The header lines of the parts are understood in any case and with any blanks',
  requires: ['STOW-RS-6.6-16'],
  fault: onBody(
    /\r\nCONTENT-TYPE:/,
    hearsParts(parts =>
      parts.map(part => ({
        ...part,
        headers: part.headers.map(line => line.replace(/^CONTENT-TYPE:.*/, 'X-Other: 1')).concat('Content-Type: text/plain'),
      })),
    ),
  ),
  writings: {
    'whose parts have CONTENT-TYPE': { headers: [['CONTENT-TYPE', 'application/dicom']] },
    'whose parts have content-type with blanks': { headers: [['content-type', '   application/dicom  ']] },
    'whose parts have Content-Type: Application/DICOM': { headers: [['Content-Type', 'Application/DICOM']] },
  },
});

// RFC 2045 3 and 6.1, RFC 2557 4: fields that other messages have do no harm here.
export const moreHeaders = variants({
  claim: 'additional-part-headers',
  title: 'Additional header lines of the parts are tolerated',
  requires: ['STOW-RS-6.6.1.1.1-06'],
  // Seen in the field: a part with Content-Location is taken for bulk data.
  fault: onBody(/\r\nContent-Location:/, status(400)),
  writings: {
    'whose parts have Content-Location': {
      headers: [
        ['Content-Type', 'application/dicom'],
        ['Content-Location', 'http://client.invalid/object'],
      ],
    },
    'whose parts have Content-ID': {
      headers: [
        ['Content-Type', 'application/dicom'],
        ['Content-ID', '<object@client.invalid>'],
      ],
    },
    'whose parts have Content-Transfer-Encoding: binary': {
      headers: [
        ['Content-Transfer-Encoding', 'binary'],
        ['Content-Type', 'application/dicom'],
      ],
    },
    'whose parts have a transfer-syntax parameter': {
      headers: [['Content-Type', 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1']],
    },
    'whose parts have MIME-Version and an unknown field': {
      headers: [
        ['MIME-Version', '1.0'],
        ['X-Unknown', 'yes'],
        ['Content-Type', 'application/dicom'],
      ],
    },
  },
});

// RFC 2046 5.1.1: what stands before the first and after the last delimiter is ignored.
export const surroundings = variants({
  claim: 'preamble-and-epilogue',
  title: 'Text before the first delimiter and after the last one is ignored',
  requires: ['STOW-RS-6.6.1.1.1-07'],
  fault: onBody(/^This is a message/, status(400)),
  writings: {
    'with a preamble': { options: { preamble: 'This is a message in MIME format.' } },
    'with an epilogue': { options: { epilogue: '\r\nThis is the epilogue.\r\n' } },
  },
});

// PS3.18-2013 6.6: fields that STOW-RS does not define mean what they mean in HTTP.
export const requestHeaders = variants({
  claim: 'other-request-headers',
  title: 'Header fields that STOW-RS gives no meaning do no harm to a store request',
  requires: ['STOW-RS-6.6-17'],
  fault: on(request => request.headers.has('X-Unknown'), status(400)),
  writings: {
    'with an unknown header field': { options: { headers: [['X-Unknown', 'yes']] } },
    'with User-Agent, Accept-Language and MIME-Version': {
      options: {
        headers: [
          ['User-Agent', 'dicomweb-conformance'],
          ['Accept-Language', 'de'],
          ['MIME-Version', '1.0'],
        ],
      },
    },
  },
});
