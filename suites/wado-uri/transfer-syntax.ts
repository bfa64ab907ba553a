import { studyNamed } from '../../fixtures/corpus.ts';
import type { FixtureInstance } from '../../fixtures/recipe.ts';
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  rleLossless,
  transferSyntax,
} from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { answers, hears, on, sendsBytes, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { objectsOf } from '../kit/objects.ts';
import { nativeFrames } from '../kit/pixels.ts';
import { ask, instancePath } from '../kit/retrieve.ts';
import { askUri, dicomBy, instanceNamed, isRefusal, readObject, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const asDicom = /contentType=application%2Fdicom/;
const nameOf = (uid: string) => transferSyntax(uid)?.name ?? uid;

/** A server that streams the stored file of an instance back as it is. */
const streamsBack = (name: string) => {
  const stored = instanceNamed(studyNamed('transfer-syntaxes'), name);
  return on(
    request => request.url.includes(stored.sopInstanceUID),
    answers(() => new Response(stored.part10(), { headers: { 'Content-Type': 'application/dicom' } })),
  );
};

// PS3.18-2013 6.3.1.3 and 8.2.11: without transferSyntax it is Explicit VR Little Endian.
export const byDefault = check({
  id: 'wado-uri/transfer-syntax/explicit-little-endian-by-default',
  title: 'Without transferSyntax a DICOM object comes in Explicit VR Little Endian, whatever it is stored in',
  requires: ['WADO-URI-6.3.1.3-01'],
  given: { ct: fixture('ct'), several: fixture('transfer-syntaxes') },
  fault: streamsBack('deflated'),
  async run(t, { ct, several }) {
    for (const of of [instanceNamed(ct, 'slice-1'), ...several.instances]) {
      const { transferSyntax: uid } = await dicomBy(t, of);
      t.expect(`the transfer syntax of an object stored in ${nameOf(of.transferSyntax)}`, uid, explicitLittleEndian);
    }
  },
});

const lastByteChanged = (body: Buffer) => {
  const changed = Buffer.from(body);
  changed[changed.length - 1] = 0xff ^ (changed.at(-1) ?? 0);
  return changed;
};

/** Expects the frames that decoding has to yield. */
function samePixels(sent: readonly Uint8Array[] | null, { nativeFrames: stored = [] }: FixtureInstance): boolean {
  return (
    sent !== null && sent.length === stored.length && stored.every((frame, i) => Buffer.compare(frame, sent[i] ?? new Uint8Array()) === 0)
  );
}

// 6.3.1.3: uncompressed.
export const decompressed = check({
  id: 'wado-uri/transfer-syntax/compressed-images-are-decompressed',
  title: 'An image that is stored compressed without loss comes uncompressed with its original pixels',
  requires: ['WADO-URI-6.3.1.3-02'],
  given: { several: fixture('transfer-syntaxes'), fragments: fixture('fragments') },
  fault: on(asDicom, sendsBytes(lastByteChanged)),
  async run(t, { several, fragments }) {
    for (const of of [...several.instances.filter(each => each.transferSyntax === rleLossless), ...fragments.instances]) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of);
      if (uid !== explicitLittleEndian) {
        t.expect(`that "${of.name}", stored in ${nameOf(of.transferSyntax)}, comes in`, nameOf(uid), nameOf(explicitLittleEndian));
        continue;
      }
      t.expect(`that "${of.name}" has the original pixels`, samePixels(nativeFrames(dataSet, uid), of), true);
    }
  },
});

// PS3.10-2013 7.1: the data set is in the transfer syntax that the File Meta Information names.
export const asStated = check({
  id: 'wado-uri/transfer-syntax/the-one-that-is-stated',
  title: 'The data set is encoded in the transfer syntax that the File Meta Information states',
  requires: ['WADO-URI-6.3.1.3-03'],
  given: { several: fixture('transfer-syntaxes') },
  fault: on(
    asDicom,
    sendsBytes(body => Buffer.from(body.toString('latin1').replace('1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.2\0'), 'latin1')),
  ),
  async run(t, { several }) {
    for (const of of several.instances) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of);
      if (transferSyntax(uid)?.encapsulated) continue;
      t.expect(
        `that the data set of "${of.name}" is in ${nameOf(uid)}, with the original pixels`,
        samePixels(nativeFrames(dataSet, uid), of),
        true,
      );
    }
  },
});

// 8.2.11: neither Implicit VR nor Big Endian, not even when it is asked for.
export const neverImplicit = check({
  id: 'wado-uri/transfer-syntax/never-implicit-vr',
  title: 'Implicit VR Little Endian is never used',
  requires: ['WADO-URI-6.3.1.3-04'],
  given: { several: fixture('transfer-syntaxes') },
  fault: streamsBack('implicit-little-endian'),
  async run(t, { several }) {
    const of = instanceNamed(several, 'implicit-little-endian');
    for (const more of [{}, { transferSyntax: implicitLittleEndian }]) {
      const exchange = await askUri(t, uriQuery(of, { contentType: 'application/dicom', ...more }));
      if (exchange.response.status !== 200) {
        t.record('an object stored in Implicit VR, asked for so', `status ${exchange.response.status}`);
        continue;
      }
      t.expect(
        'the transfer syntax of an object stored in Implicit VR',
        readObject(t, exchange).transferSyntax,
        noneOf(implicitLittleEndian),
      );
    }
  },
});

export const neverBigEndian = check({
  id: 'wado-uri/transfer-syntax/never-big-endian',
  title: 'Explicit VR Big Endian is never used',
  requires: ['WADO-URI-6.3.1.3-05'],
  given: { several: fixture('transfer-syntaxes') },
  fault: streamsBack('big-endian'),
  async run(t, { several }) {
    const of = instanceNamed(several, 'big-endian');
    for (const more of [{}, { transferSyntax: explicitBigEndian }]) {
      const exchange = await askUri(t, uriQuery(of, { contentType: 'application/dicom', ...more }));
      if (exchange.response.status !== 200) {
        t.record('an object stored in Big Endian, asked for so', `status ${exchange.response.status}`);
        continue;
      }
      t.expect('the transfer syntax of an object stored in Big Endian', readObject(t, exchange).transferSyntax, noneOf(explicitBigEndian));
    }
  },
});

/** Whether WADO-RS gives an object in the transfer syntax of the fixture, so that this is possible for the target. */
async function canBeHad(t: Trial, of: FixtureInstance): Promise<boolean> {
  const exchange = await ask(t, instancePath(of), `${acceptDicom}; transfer-syntax=${of.transferSyntax}`);
  return exchange.response.status === 200 && objectsOf(t, exchange)[0]?.transferSyntax === of.transferSyntax;
}

// 8.2.11: what is possible is delivered. A target that stores objects in another form is not asked for what it does not have.
export const asAsked = check({
  id: 'wado-uri/transfer-syntax/the-stored-one-is-delivered',
  title: 'An object comes in the transfer syntax it is stored in when that is asked for',
  requires: ['WADO-URI-8.2.11-05'],
  given: { several: fixture('transfer-syntaxes'), fragments: fixture('fragments') },
  fault: on(
    /transferSyntax=/,
    hears(url => url.searchParams.delete('transferSyntax')),
  ),
  async run(t, { several, fragments }) {
    const never = [implicitLittleEndian, explicitBigEndian];
    for (const of of [...several.instances, ...fragments.instances].filter(each => !never.includes(each.transferSyntax))) {
      if (!(await canBeHad(t, of))) {
        t.record(`"${of.name}" in ${nameOf(of.transferSyntax)}`, 'cannot be had by WADO-RS either');
        continue;
      }
      const { transferSyntax: uid } = await dicomBy(t, of, { transferSyntax: of.transferSyntax });
      t.expect(`the transfer syntax of "${of.name}", asked for as it is stored`, nameOf(uid), nameOf(of.transferSyntax));
    }
  },
});

// 8.2.11: what is not possible comes in Explicit VR Little Endian; 406 from 2019b on. No server makes a video of a CT slice of 16 bits.
export const impossible = check({
  id: 'wado-uri/transfer-syntax/impossible-ones-fall-back',
  title: 'An object that cannot be had in the transfer syntax asked for comes in Explicit VR Little Endian',
  requires: ['WADO-URI-8.2.11-06'],
  given: { ct: fixture('ct') },
  fault: on(/transferSyntax=/, status(406)),
  async run(t, { ct }) {
    const { transferSyntax: uid } = await dicomBy(t, instanceNamed(ct, 'slice-1'), { transferSyntax: '1.2.840.10008.1.2.4.100' });
    t.expect('the transfer syntax of a CT image that was asked for in MPEG2', nameOf(uid), nameOf(explicitLittleEndian));
  },
});

// PS3.5-2013 8.2: lossless schemes give the pixels back.
export const lossless = check({
  id: 'wado-uri/transfer-syntax/lossless-ones-keep-the-pixels',
  title: 'Pixels in RLE that was asked for are the original ones',
  requires: ['WADO-URI-8.2.11-07'],
  given: { ct: fixture('ct'), several: fixture('transfer-syntaxes') },
  fault: on(/transferSyntax=/, sendsBytes(runsChanged)),
  async run(t, { ct, several }) {
    for (const of of [instanceNamed(ct, 'slice-1'), instanceNamed(several, 'rle-with-table')]) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of, { transferSyntax: rleLossless });
      t.record(`"${of.name}", asked for in RLE`, nameOf(uid));
      if (uid === rleLossless)
        t.expect(`that "${of.name}" in RLE has the original pixels`, samePixels(nativeFrames(dataSet, uid), of), true);
    }
  },
});

/** The first byte of the first segment behind the RLE header of 64 bytes is a count; the one behind it a value. */
function runsChanged(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const pixels = changed.indexOf(Buffer.from('e07f1000', 'hex'));
  const table = changed.readUInt32LE(pixels + 16);
  const value = pixels + 20 + table + 8 + 64 + 1;
  changed[value] = 0x55 ^ (changed[value] ?? 0);
  return changed;
}

// 2013 is silent; 400 from 2019b on.
export const nonsense = check({
  id: 'wado-uri/transfer-syntax/nonsense-is-no-server-error',
  title: 'A transferSyntax that is none is refused, or nothing comes of it',
  requires: ['WADO-URI-8.2.11-09'],
  given: { ct: fixture('ct') },
  fault: on(/transferSyntax=abc/, status(500)),
  async run(t, { ct }) {
    const slice = instanceNamed(ct, 'slice-1');
    for (const value of ['abc', slice.sopClassUID]) {
      const { status: got } = (await askUri(t, uriQuery(slice, { contentType: 'application/dicom', transferSyntax: value }))).response;
      t.expect(
        `the status for transferSyntax=${value}`,
        got,
        satisfying('200 or a 4xx status', (s: number) => s === 200 || isRefusal(s)),
      );
    }
  },
});

// Annex B.4: a DICOM object without identity in JPEG Baseline.
export const example4 = check({
  id: 'wado-uri/transfer-syntax/the-example-of-an-anonymous-object',
  title: 'The example of Annex B.4 is answered with an anonymous object in JPEG Baseline or Explicit VR Little Endian, or with an error',
  requires: ['WADO-URI-B-04'],
  given: { identified: fixture('identified') },
  fault: on(
    /anonymize=/,
    hears(url => url.searchParams.delete('anonymize')),
  ),
  async run(t, { identified }) {
    const image = instanceNamed(identified, 'second');
    const query = `${uriQuery(image)}&contentType=application%2Fdicom&anonymize=yes&transferSyntax=1.2.840.10008.1.2.4.50`;
    const exchange = await askUri(t, query);
    if (exchange.response.status !== 200)
      t.skip(`the target does not make objects anonymous, as it may (status ${exchange.response.status})`);
    t.expect('what the example of B.4 comes as', uriType(exchange), 'application/dicom');
    const { sopInstanceUID, transferSyntax: uid } = readObject(t, exchange);
    t.expect('the transfer syntax of the example of B.4', uid, anyOf('1.2.840.10008.1.2.4.50', explicitLittleEndian));
    t.expect('the SOP Instance UID of the example of B.4', sopInstanceUID, noneOf(image.sopInstanceUID));
  },
});
