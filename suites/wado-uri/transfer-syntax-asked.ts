import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
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
import { decodeFrame } from '../kit/decode.ts';
import { hears, on, sendsBytes, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { objectsOf } from '../kit/objects.ts';
import { frameShape } from '../kit/pixels.ts';
import { ask, instancePath } from '../kit/retrieve.ts';
import { askUri, dicomBy, instanceNamed, isRefusal, readObject, uriType } from '../kit/uri.ts';
import { uriQuery } from '../kit/uri-query.ts';

const nameOf = (uid: string) => transferSyntax(uid)?.name ?? uid;

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

/** RLE, JPEG Lossless, JPEG-LS Lossless and JPEG 2000 Lossless. */
const losslessOnes = [rleLossless, '1.2.840.10008.1.2.4.70', '1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.90'];

/** The one frame of an image, decoded; a sentence where it cannot be, null where nobody here can. */
async function frameIn(dataSet: DataSet): Promise<Uint8Array | string | null> {
  const [shape, pixels] = [frameShape(dataSet), dataSet.get(tagOf('PixelData'))];
  if (!shape || !pixels || !('fragments' in pixels)) return 'no encapsulated pixel data';
  return decodeFrame(Buffer.concat(pixels.fragments), shape);
}

// PS3.5-2013 8.2: lossless schemes give the pixels back.
export const lossless = check({
  id: 'wado-uri/transfer-syntax/lossless-ones-keep-the-pixels',
  title: 'Pixels in a lossless transfer syntax that was asked for are the original ones',
  requires: ['WADO-URI-8.2.11-07'],
  given: { ct: fixture('ct') },
  fault: on(/transferSyntax=1.2.840.10008.1.2.5/, sendsBytes(runsChanged)),
  async run(t, { ct }) {
    const of = instanceNamed(ct, 'slice-1');
    for (const wanted of losslessOnes) {
      const { dataSet, transferSyntax: uid } = await dicomBy(t, of, { transferSyntax: wanted });
      t.record(`a CT image, asked for in ${nameOf(wanted)}`, nameOf(uid));
      const frame = uid === wanted ? await frameIn(dataSet) : null;
      if (frame === null) continue;
      const original = of.nativeFrames?.[0] ?? new Uint8Array();
      const got = typeof frame === 'string' ? frame : Buffer.compare(frame, original) === 0 ? 'the original pixels' : 'other pixels';
      t.expect(`what the CT image in ${nameOf(uid)} decodes to`, got, 'the original pixels');
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
