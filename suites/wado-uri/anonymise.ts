import { fileMarks, identity } from '../../fixtures/corpus/identified.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { check } from '../harness/check.ts';
import { noneOf, satisfying } from '../harness/expected.ts';
import type { Given } from '../harness/given.ts';
import type { Exchange } from '../harness/wire.ts';
import { hears, on, sendsText, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { type RetrievedObject, textIn } from '../kit/objects.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { askUri, instanceNamed, readObject } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const parameters = { contentType: 'application/dicom', anonymize: 'yes' } as const;
const asked = /anonymize=yes/;

interface Anonymous extends RetrievedObject {
  readonly exchange: Exchange;
}

/** An object of the fixtures that was asked for without identity; PS3.18-2013 8.1.7 lets a server answer with an error. */
function anonymous(name: string): Given<Anonymous> {
  return {
    key: `anonymous ${name}`,
    async provide(t) {
      const image = instanceNamed(await t.given(fixture('identified')), name);
      const asItIs = await askUri(t, uriQuery(image, { contentType: 'application/dicom' }));
      if (asItIs.response.status !== 200) t.skip(`the target does not give the object at all (status ${asItIs.response.status})`);
      const exchange = await askUri(t, uriQuery(image, parameters));
      if (exchange.response.status !== 200)
        t.skip(`the target does not make objects anonymous, as it may (status ${exchange.response.status} to anonymize=yes)`);
      return { ...readObject(t, exchange), exchange };
    },
  };
}

/** All texts of a data set, those in items included. */
function textsIn(dataSet: DataSet): readonly string[] {
  return [...dataSet.values()].flatMap(element =>
    'items' in element ? element.items.flatMap(textsIn) : 'values' in element ? element.values.map(String) : [],
  );
}

/** The identifying texts of the fixture that a data set still has. */
function identityIn(dataSet: DataSet): readonly string[] {
  const texts = textsIn(dataSet);
  return Object.values(identity).filter(value => texts.some(text => text.includes(value)));
}

const ignored = on(
  asked,
  hears(url => url.searchParams.delete('anonymize')),
);

// PS3.18-2013 8.1.7: an error, or an object without identity; never the object as it is.
export const neverIdentified = check({
  id: 'wado-uri/anonymise/never-the-object-as-it-is',
  title: 'anonymize=yes is answered with an error or with an object that does not tell the patient',
  requires: ['WADO-URI-8.1.7-09', 'WADO-URI-8.1.7-08'],
  given: { identified: fixture('identified') },
  fault: ignored,
  async run(t, { identified }) {
    const image = instanceNamed(identified, 'first');
    const exchange = await askUri(t, uriQuery(image, parameters));
    t.record('the status of anonymize=yes', String(exchange.response.status));
    if (exchange.response.status !== 200) return;
    const { dataSet, sopInstanceUID } = readObject(t, exchange);
    t.expect('what still tells the patient in an object that was asked for without', identityIn(dataSet), []);
    t.expect('the SOP Instance UID of an object that was asked for without identity', sopInstanceUID, noneOf(image.sopInstanceUID));
  },
});

// PS3.15-2013 Table E.1-1: attributes that no option lets stay, at every level of nesting.
export const removed = check({
  id: 'wado-uri/anonymise/nothing-tells-the-patient',
  title: 'An anonymous object has no name, no id, no birth date and the like at any level, and says that they were removed',
  requires: ['WADO-URI-8.1.7-04'],
  given: { object: anonymous('first') },
  fault: on(
    asked,
    sendsText(text => text.replace('YES ', 'NO  ')),
  ),
  async run(t, { object: { dataSet } }) {
    t.expect('what still tells the patient', identityIn(dataSet), []);
    t.expect('Patient Identity Removed (0012,0062)', textIn(dataSet, 'PatientIdentityRemoved'), 'YES');
  },
});

// 8.1.7: a new SOP Instance UID, in the data set and in the File Meta Information.
export const newUid = check({
  id: 'wado-uri/anonymise/a-new-uid',
  title: 'An anonymous object has a SOP Instance UID of its own, which the File Meta Information has as well',
  requires: ['WADO-URI-8.1.7-05', 'WADO-URI-8.1.7-06'],
  given: { identified: fixture('identified'), object: anonymous('first') },
  fault: ignored,
  async run(t, { identified, object: { sopInstanceUID, exchange } }) {
    const inMeta = textIn(readPart10(exchange.response.body).value.fileMeta, 'MediaStorageSOPInstanceUID');
    t.expect('the SOP Instance UID in the File Meta Information', inMeta, sopInstanceUID, { row: 'WADO-URI-8.1.7-06' });
    t.expect('the SOP Instance UID', sopInstanceUID, noneOf(instanceNamed(identified, 'first').sopInstanceUID));
  },
});

const metaUid = sendsText(text => {
  // Media Storage SOP Instance UID (0002,0003) gets another last digit.
  const at = text.indexOf('\x02\x00\x03\x00UI');
  const length = text.charCodeAt(at + 6) + 256 * text.charCodeAt(at + 7);
  const uid = text.slice(at + 8, at + 8 + length);
  const other = uid.replace(/(\d)(\0?)$/, (_, digit: string, pad: string) => `${(Number(digit) + 1) % 10}${pad}`);
  return text.slice(0, at + 8) + other + text.slice(at + 8 + length);
});

export const metaHasIt = check({
  id: 'wado-uri/anonymise/the-new-uid-is-in-the-meta-information',
  title: 'The File Meta Information of an anonymous object has its new UID',
  requires: ['WADO-URI-8.1.7-06', 'WADO-URI-6.3.1.2-03'],
  given: { object: anonymous('second') },
  fault: on(asked, metaUid),
  async run(t, { object: { sopInstanceUID, exchange } }) {
    const inMeta = textIn(readPart10(exchange.response.body).value.fileMeta, 'MediaStorageSOPInstanceUID');
    t.expect('the SOP Instance UID in the File Meta Information', inMeta, sopInstanceUID);
    t.expect('the SOP Instance UID in the File Meta Information', inMeta, sopInstanceUID, { row: 'WADO-URI-6.3.1.2-03' });
  },
});

// PS3.5-2013 9.1: a UID is a UID, and tells one object.
export const distinctUids = check({
  id: 'wado-uri/anonymise/each-object-its-own-uid',
  title: 'Two anonymous objects have two valid UIDs',
  requires: ['WADO-URI-8.1.7-10'],
  given: { first: anonymous('first'), second: anonymous('second') },
  fault: on(
    asked,
    hears(url => url.searchParams.set('objectUID', (url.searchParams.get('objectUID') ?? '').replace(/\d+$/, '1'))),
  ),
  async run(t, { first, second }) {
    const valid = satisfying('a UID', (uid: string) => uid.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(uid));
    for (const { sopInstanceUID } of [first, second]) t.expect('the new SOP Instance UID', sopInstanceUID, valid);
    t.expect('the new SOP Instance UID of another object', second.sopInstanceUID, noneOf(first.sopInstanceUID));
  },
});

// PS3.15-2013 E.1.1: preamble and File Meta Information are replaced.
export const replacedMeta = check({
  id: 'wado-uri/anonymise/preamble-and-meta-information-are-new',
  title: 'Preamble and File Meta Information of an anonymous object have nothing of the stored file',
  requires: ['WADO-URI-8.1.7-11'],
  given: { object: anonymous('first') },
  fault: on(
    asked,
    sendsText(text => fileMarks.preamble.padEnd(128, '\0') + text.slice(128)),
  ),
  async run(t, { object: { exchange } }) {
    const bytes = Buffer.from(exchange.response.body).toString('latin1');
    t.expect(
      'what of the stored preamble and File Meta Information is still there',
      Object.values(fileMarks).filter(mark => bytes.includes(mark)),
      [],
    );
  },
});

// 8.1.7: what was anonymous before may keep its UID.
export const alreadyAnonymous = check({
  id: 'wado-uri/anonymise/what-is-anonymous-already',
  title: 'An object that was anonymous before is answered without failure of the server',
  requires: ['WADO-URI-8.1.7-07', 'WADO-URI-HTTP-01'],
  given: { study: fixture('anonymous') },
  fault: on(asked, status(500)),
  async run(t, { study }) {
    const image = instanceNamed(study, 'anonymous');
    const exchange = await askUri(t, uriQuery(image, parameters));
    const { status: got } = exchange.response;
    const orderly = satisfying('200, a 4xx status or 501', (s: number) => s === 200 || (s >= 400 && s < 500) || s === 501);
    t.expect('the status of anonymize=yes for an object that is anonymous already', got, orderly, { row: 'WADO-URI-HTTP-01' });
    if (got !== 200) return;
    const kept = readObject(t, exchange).sopInstanceUID === image.sopInstanceUID;
    t.record('the SOP Instance UID of an object that is anonymous already', kept ? 'kept' : 'replaced');
  },
});
