import { studyNamed } from '../../fixtures/corpus.ts';
import type { FixtureInstance, FixtureStudy } from '../../fixtures/recipe.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  rleLossless,
  transferSyntax,
} from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { anyOf, noneOf } from '../harness/expected.ts';
import { hearsText, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { onRetrieve } from '../kit/ws-faults.ts';
import { objectIn, retrieved } from '../kit/ws-objects.ts';
import { syntaxList } from '../kit/ws-request.ts';

/** A transfer syntax that nobody makes of a single image. */
const video = '1.2.840.10008.1.2.4.100';

const nameOf = (uid: string): string => transferSyntax(uid)?.name ?? uid;

function instanceIn({ instances }: FixtureStudy, uid: string): FixtureInstance {
  const found = instances.find(each => each.transferSyntax === uid);
  if (!found) throw new Error(`the fixture has no object in ${uid}`);
  return found;
}

const hearsSyntax = (instead: string) =>
  onRetrieve(
    hearsText(text => text.replace(/(<iherad:TransferSyntaxUIDList>).*(?=<\/iherad:TransferSyntaxUIDList>)/, `$1${entry(instead)}`)),
  );
const entry = (uid: string) => `<iherad:TransferSyntaxUID>${uid}</iherad:TransferSyntaxUID>`;

// PS3.18-2013 6.4.1.2: among the transfer syntaxes of the request. 8.2.11 allows Explicit VR Little Endian where none of them can be had.
export const listed = check({
  id: 'wado-ws/transfer-syntax/documents-come-in-a-listed-one',
  title: 'A document comes in a transfer syntax of the request',
  requires: ['WADO-WS-6.4.1.2-03'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: hearsSyntax(rleLossless),
  async run(t, { desk, study }) {
    const rle = instanceIn(study, rleLossless);
    for (const syntaxes of [[rleLossless], [explicitLittleEndian], [video, explicitLittleEndian]]) {
      const object = await retrieved(t, desk, rle, { syntaxes, mayFail: true });
      const list = syntaxes.map(nameOf).join(' and ');
      if (!object) t.record(`an RLE image for a list of ${list}`, 'an error');
      else
        t.expect(
          `the transfer syntax of an RLE image for a list of ${list}`,
          object.transferSyntax,
          anyOf(...syntaxes, explicitLittleEndian),
        );
    }
  },
});

// 6.4.1.2 wants an error, 8.2.11 Explicit VR Little Endian: both are read.
export const impossible = check({
  id: 'wado-ws/transfer-syntax/an-impossible-list-is-an-error',
  title: 'Where no listed transfer syntax is possible, an error is reported or the document comes in Explicit VR Little Endian',
  requires: ['WADO-WS-6.4.1.2-04'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: hearsSyntax(rleLossless),
  async run(t, { desk, study }) {
    const rle = instanceIn(study, rleLossless);
    const object = await retrieved(t, desk, rle, { syntaxes: [video], mayFail: true });
    t.expect(
      `what is delivered of an RLE image for a list of ${nameOf(video)} alone`,
      object ? object.transferSyntax : 'an error',
      anyOf('an error', explicitLittleEndian, video),
    );
  },
});

/** The stored file in place of what is sent. */
const sendsStored = (instance: () => Uint8Array) =>
  onRetrieve(sendsParts(parts => parts.map((part, i) => (i === 0 ? part : { ...part, body: Buffer.from(instance()) }))));

// 8.2.11.
export const banned = check({
  id: 'wado-ws/transfer-syntax/neither-implicit-nor-big-endian',
  title: 'An object is sent neither in Implicit VR nor in Big Endian where another transfer syntax is listed',
  requires: ['WADO-WS-8.2.11-01'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: sendsStored(() => instanceIn(studyNamed('transfer-syntaxes'), implicitLittleEndian).part10()),
  async run(t, { desk, study }) {
    for (const uid of [implicitLittleEndian, explicitBigEndian]) {
      const object = await retrieved(t, desk, instanceIn(study, uid), { syntaxes: [explicitLittleEndian, uid], mayFail: true });
      if (!object) t.record(`an object that is stored in ${nameOf(uid)}`, 'an error');
      else
        t.expect(
          `the transfer syntax of an object that is stored in ${nameOf(uid)}`,
          object.transferSyntax,
          noneOf(implicitLittleEndian, explicitBigEndian),
        );
    }
  },
});

export const unlisted = check({
  id: 'wado-ws/transfer-syntax/explicit-little-endian-without-a-list',
  title: 'Without a list of transfer syntaxes an object is sent in Explicit VR Little Endian',
  requires: ['WADO-WS-8.2.11-02'],
  given: { desk: retrieveDesk, study: fixture('transfer-syntaxes') },
  fault: onRetrieve(
    hearsText(text =>
      text.includes('TransferSyntaxUIDList')
        ? text
        : text.replace(
            '</iherad:RetrieveImagingDocumentSetRequest>',
            `${syntaxList([rleLossless])}</iherad:RetrieveImagingDocumentSetRequest>`,
          ),
    ),
  ),
  async run(t, { desk, study }) {
    const answer = await desk.ask(t, [desk.want(instanceIn(study, rleLossless))], { last: '' });
    const response =
      answer.documents[0] ?? t.skip('the target does not deliver a document to a request without a list of transfer syntaxes');
    t.expect('the transfer syntax of an RLE image without a list', objectIn(t, response)?.transferSyntax, explicitLittleEndian);
  },
});
