import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsHeaders, on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets, acceptXml } from '../kit/media.ts';
import { type AnyInstance, anyInstance, ask, formOf, instancePath } from '../kit/retrieve.ts';

const accepts = (pattern: RegExp) => (request: Request) => pattern.test(request.headers.get('Accept') ?? '');

/** Expects each spelling of an Accept value to get what the plain one gets. */
async function sameForAll(
  t: Trial,
  resource: string,
  plain: string,
  spellings: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  const first = formOf(t, await ask(t, resource, plain));
  if (first !== 'application/dicom' && first !== 'application/dicom+xml')
    t.skip(`the target does not give it in the plain form (it gave ${first})`);
  for (const [what, accept] of Object.entries(spellings)) {
    t.expect(`what is sent for ${what} (Accept: ${[accept].flat().join(' | ')})`, formOf(t, await ask(t, resource, accept)), first);
  }
}

// RFC 2045 5.1: the slash makes the quotation marks necessary; the 2013 print has none.
export const quoted = check({
  id: 'wado-rs/accept/quoted-type',
  title: 'The quoted type parameter of Accept is understood, with blanks around the semicolon as well',
  requires: ['WADO-RS-6.5-ACC-04', 'WADO-RS-6.5-ACC-06', 'WADO-RS-6.5-ACC-14'],
  given: { any: anyInstance },
  fault: on(accepts(/type="/), status(406)),
  async run(t, { any }) {
    for (const [resource, type] of [
      [any.instancePath, 'application/dicom'],
      [any.metadataPath, 'application/dicom+xml'],
    ] as const) {
      for (const accept of [
        `multipart/related; type="${type}"`,
        `multipart/related;type="${type}"`,
        `multipart/related ;  type="${type}"`,
      ]) {
        t.expect(`what is sent for Accept: ${accept}`, formOf(t, await ask(t, resource, accept)), type);
      }
      t.record(
        'the answer to the type parameter without quotation marks',
        formOf(t, await ask(t, resource, `multipart/related; type=${type}`)),
      );
    }
    const odd = {
      'transfer-syntax inside the quoted type': 'multipart/related; type="application/dicom; transfer-syntax=1.2.840.10008.1.2.1"',
      'the misprint of 6.5.1.1':
        'multipart/related=image/dicom+jpx; transfer-syntax=1.2.840.10008.1.2.4.92,, multipart/related=image/dicom+jpeg',
    };
    for (const [what, accept] of Object.entries(odd)) t.record(`the answer to ${what}`, formOf(t, await ask(t, any.instancePath, accept)));
  },
});

// RFC 2616 3.7: types, subtypes and parameter names are case-insensitive.
export const letterCase = check({
  id: 'wado-rs/accept/letter-case',
  title: 'Upper and lower case of names in Accept do not matter',
  requires: ['WADO-RS-6.5-ACC-10'],
  given: { any: anyInstance },
  fault: on(accepts(/Related|RELATED/), status(406)),
  async run(t, { any }) {
    const spellings = (type: string) => ({
      capitals: `MULTIPART/RELATED; TYPE="${type}"`,
      'capital initials': `Multipart/Related; Type="${type}"`,
    });
    await sameForAll(t, any.instancePath, acceptDicom, spellings('application/dicom'));
    await sameForAll(t, any.metadataPath, acceptXml, spellings('application/dicom+xml'));
  },
});

// RFC 2616 14.1: Accept is a list; any member that can be had will do.
export const list = check({
  id: 'wado-rs/accept/list',
  title: 'A list in Accept is read to its end',
  requires: ['WADO-RS-6.5-ACC-02'],
  given: { any: anyInstance },
  fault: hearsHeaders(headers => headers.set('Accept', (headers.get('Accept') ?? '').split(',')[0] ?? '')),
  async run(t, { any }) {
    const lists = (supported: string) => ({
      'an unknown type before the right one': `multipart/related; type="application/x-unknown", ${supported}`,
      'a list without blanks': `image/vnd.example,${supported}`,
      'quality values': `image/vnd.example;q=0.9, ${supported};q=0.8`,
      'a quality value with three decimals': `image/vnd.example;q=1.000, ${supported};q=0.500`,
      'a wildcard at the end': `image/vnd.example, ${supported}, image/*;q=0.1`,
      'a quoted parameter with comma and semicolon': `image/vnd.example;note="a, b; c", ${supported}`,
    });
    await sameForAll(t, any.instancePath, acceptDicom, lists(acceptDicom));
    await sameForAll(t, any.metadataPath, acceptXml, lists(acceptXml));
  },
});

// RFC 2616 4.2: header lines of one name are one list.
export const lines = check({
  id: 'wado-rs/accept/several-lines',
  title: 'Two Accept lines mean the same as one with a comma',
  requires: ['WADO-RS-6.5-ACC-13'],
  given: { any: anyInstance },
  fault: hearsHeaders(headers => headers.set('Accept', (headers.get('Accept') ?? '').split(',')[0] ?? '')),
  async run(t, { any }) {
    await sameForAll(t, any.instancePath, acceptDicom, { 'two lines, the second one right': ['image/vnd.example', acceptDicom] });
    await sameForAll(t, any.metadataPath, acceptXml, { 'two lines, the second one right': ['image/vnd.example', acceptXml] });
  },
});

const legalForms = (of: AnyInstance) => ({
  [of.studyPath]: /^(application\/(dicom|octet-stream)|image\/|video\/)/,
  [of.instancePath]: /^(application\/(dicom|octet-stream)|image\/|video\/)/,
  [of.metadataPath]: /^application\/(dicom\+)?(xml|json)/,
});

// RFC 2616 14.1: */* is every type, and so is no Accept at all.
export const wildcard = check({
  id: 'wado-rs/accept/wildcard',
  title: 'Accept: */* gets a form that the resource has',
  requires: ['WADO-RS-6.5-ACC-08', 'WADO-RS-6.5-ACC-07'],
  given: { any: anyInstance },
  fault: on(accepts(/\*\/\*/), status(406)),
  async run(t, { any }) {
    for (const [resource, legal] of Object.entries(legalForms(any))) {
      const exchange = await ask(t, resource, '*/*');
      const form = formOf(t, exchange);
      t.expect(`what is sent for Accept: */* to ${resource.split('/').at(-2)}/…`, legal.test(form) ? 'a legal form' : form, 'a legal form');
      t.record('the answer to Accept: */*', form);
      t.record('the answer to no Accept', formOf(t, await ask(t, resource, null)));
      t.record('the answer to Accept: multipart/*', formOf(t, await ask(t, resource, 'multipart/*')));
    }
  },
});

// RFC 2616 14.1: quality 0 means "not acceptable".
export const zeroQuality = check({
  id: 'wado-rs/accept/quality-zero',
  title: 'A type with q=0 is not sent',
  requires: ['WADO-RS-6.5-ACC-11'],
  given: { ct: fixture('ct') },
  fault: hearsHeaders(headers => headers.set('Accept', (headers.get('Accept') ?? '').replaceAll(/;\s*q=0(?![.\d])/g, ''))),
  async run(t, { ct }) {
    for (const instance of ct.instances.slice(0, 1)) {
      const resource = `${instancePath({ ...ct, ...instance })}/frames/1`;
      const form = formOf(t, await ask(t, resource, `image/vnd.example, ${acceptOctets};q=0`));
      t.expect('what is sent for a frame where application/octet-stream has q=0', form, noneOf('application/octet-stream'));
    }
  },
});

// PS3.18-2013 6.5.1.1: a list in preference order.
export const order = check({
  id: 'wado-rs/accept/order-of-preference',
  title: 'Of two forms that can be had, the first in Accept is sent',
  requires: ['WADO-RS-6.5-ACC-03'],
  given: { ct: fixture('ct') },
  fault: on(accepts(/octet-stream.*,.*application\/dicom/), hearsHeaders({ Accept: acceptDicom })),
  async run(t, { ct }) {
    for (const instance of ct.instances.slice(0, 1)) {
      const resource = instancePath({ ...ct, ...instance });
      const alone = {
        [acceptDicom]: formOf(t, await ask(t, resource, acceptDicom)),
        [acceptOctets]: formOf(t, await ask(t, resource, acceptOctets)),
      };
      const refused = Object.entries(alone).find(([, form]) => form.startsWith('status'));
      if (refused) t.skip(`the target does not offer an image as ${refused[0]} (${refused[1]})`);
      for (const [first, second] of [
        [acceptDicom, acceptOctets],
        [acceptOctets, acceptDicom],
      ] as const) {
        const accept = `${first}, ${second}`;
        t.expect(`what is sent for Accept: ${accept}`, formOf(t, await ask(t, resource, accept)), alone[first]);
      }
    }
  },
});
