import type { RequirementId } from '../../schemas/requirements.ts';
import { transferSyntaxes } from '../../schemas/transfer-syntaxes.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { objectsOf, type RetrievedObject, textIn } from '../kit/objects.ts';
import { frameShape, imagesOf, type StoredInstance } from '../kit/pixels.ts';
import { streamOf } from '../kit/read/stream.ts';
import { ask, instancePath } from '../kit/retrieve.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

const encapsulated = transferSyntaxes.filter(each => each.encapsulated).map(({ uid }) => uid);
const jpeg2000 = ['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91'] as const;
const named = (uid: string) => `${acceptDicom}; transfer-syntax=${uid}`;
const compressed = (request: Request) =>
  encapsulated.some(uid => new RegExp(`transfer-syntax="?${uid}(?![.\\d])`).test(request.headers.get('Accept') ?? ''));

/** An image in a transfer syntax; none where the target does not offer that. */
async function inSyntax(t: Trial, image: StoredInstance, uid: string): Promise<readonly RetrievedObject[]> {
  const exchange = await ask(t, instancePath(image), named(uid));
  return exchange.response.status === 200 ? objectsOf(t, exchange) : [];
}

/** A check that objects in compressed transfer syntaxes break none of these rows. */
function rules(claim: string, title: string, requires: Rows, fault: Fault): Check {
  return check({
    id: `wado-rs/encapsulation/${claim}`,
    title,
    requires,
    given: { fragments: fixture('fragments'), several: fixture('transfer-syntaxes') },
    fault: on(compressed, fault),
    async run(t, { fragments, several }) {
      const stored = [...imagesOf(fragments), ...imagesOf(several)].map(image => [image, image.transferSyntax] as const);
      const native = imagesOf(several)
        .slice(0, 1)
        .flatMap(image => encapsulated.map(uid => [image, uid] as const));
      const sent: RetrievedObject[] = [];
      for (const [image, uid] of [...stored.filter(([, uid]) => encapsulated.includes(uid)), ...native])
        sent.push(...(await inSyntax(t, image, uid)));
      if (sent.length === 0) t.skip('the target offers objects in no compressed transfer syntax');
      for (const row of requires) {
        const found = sent.flatMap(({ defects }) => defects.filter(defect => defect.row === row).map(({ what }) => what));
        t.expect(`the defects in ${sent.length} objects with compressed pixel data`, [...new Set(found)].slice(0, 3), [], { row });
      }
    },
  });
}

const pixelData = Buffer.from([0xe0, 0x7f, 0x10, 0x00]);
/** A file whose Pixel Data, from their tag on, are changed. */
const sendsPixels = (change: (pixels: Buffer) => Buffer): Fault =>
  sendsParts(all =>
    all.map(part => {
      const body = Buffer.from(part.body);
      const at = body.lastIndexOf(pixelData);
      return { ...part, body: at === -1 ? body : Buffer.concat([body.subarray(0, at), change(body.subarray(at))]) };
    }),
  );
/** Tag, VR, reserved bytes and length; then the tag and the length of the first item. */
const header = 12;
const firstItem = header + 8;

// PS3.5-2013 A.4: OB, of undefined length.
export const form = rules(
  'undefined-length',
  'Compressed Pixel Data have the VR OB and an undefined length',
  ['WADO-RS-ENC-01'],
  sendsPixels(pixels => {
    pixels.write('OW', 4, 'latin1');
    return pixels;
  }),
);

// A.4: an offset for each frame, counted from the first item behind the table, or none at all.
export const table = rules(
  'basic-offset-table',
  'The Basic Offset Table is empty or tells where each frame begins',
  ['WADO-RS-ENC-02'],
  sendsPixels(pixels => {
    for (let at = firstItem; at < firstItem + pixels.readUInt32LE(header + 4); at += 4)
      pixels.writeUInt32LE(pixels.readUInt32LE(at) + firstItem, at);
    return pixels;
  }),
);

export const fragments = rules(
  'fragments-of-even-length',
  'Fragments have an even length, and a delimiter of length 0 ends them',
  ['WADO-RS-ENC-03'],
  sendsPixels(pixels => {
    pixels.writeUInt32LE(4, pixels.length - 4);
    return pixels;
  }),
);

/** The items of encapsulated Pixel Data joined into one behind an empty table. */
function inOneFragment(pixels: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let at = firstItem + pixels.readUInt32LE(header + 4);
  while (pixels.readUInt16LE(at + 2) === 0xe000) {
    const length = pixels.readUInt32LE(at + 4);
    pieces.push(pixels.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const item = (length: number) => {
    const tag = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    tag.writeUInt32LE(length, 4);
    return tag;
  };
  const whole = Buffer.concat(pieces);
  return Buffer.concat([pixels.subarray(0, header), item(0), item(whole.length), whole, pixels.subarray(at)]);
}

// A.4.1 to A.4.4 and 8.2.5 to 8.2.7.
export const frames = rules(
  'a-fragment-holds-one-frame',
  'No fragment holds parts of two frames',
  ['WADO-RS-ENC-04'],
  sendsPixels(inOneFragment),
);

/** What the target makes of an uncompressed gray and a colour image, asked for in JPEG 2000. */
async function madeInJpeg2000(t: Trial, images: readonly StoredInstance[]): Promise<readonly RetrievedObject[]> {
  const made: RetrievedObject[] = [];
  for (const image of images) for (const uid of jpeg2000) made.push(...(await inSyntax(t, image, uid)));
  if (made.length === 0) t.skip('the target does not compress images as JPEG 2000');
  return made;
}

const codeStreamOf = ({ dataSet }: RetrievedObject) => {
  const pixels = dataSet.get('7FE00010');
  return streamOf(Buffer.concat(pixels && 'fragments' in pixels ? pixels.fragments : []));
};

// PS3.5-2013 A.4.4: the header of a JP2 file is not part of the pixel data.
export const bareStream = check({
  id: 'wado-rs/encapsulation/jpeg-2000-without-a-file-header',
  title: 'Objects that the server compresses as JPEG 2000 hold the code stream without a JP2 file around it',
  requires: ['WADO-RS-ENC-07'],
  given: { colour: fixture('colour') },
  fault: on(
    compressed,
    sendsPixels(pixels => {
      const start = pixels.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
      const box = Buffer.from('0000000c6a5020200d0a870a00000000', 'hex');
      if (start === -1) return pixels;
      pixels.writeUInt32LE(pixels.readUInt32LE(start - 4) + box.length, start - 4);
      return Buffer.concat([pixels.subarray(0, start), box, pixels.subarray(start)]);
    }),
  ),
  async run(t, { colour }) {
    for (const object of await madeInJpeg2000(t, imagesOf(colour))) {
      const stream = codeStreamOf(object);
      t.expect(`that the pixel data in ${object.transferSyntax} lie in a JP2 file`, stream.kind === 'jpeg-2000' && stream.boxed, false);
    }
  },
});

// PS3.5-2013 8.2.4: the photometric interpretation tells which transformation was applied.
export const transformation = check({
  id: 'wado-rs/encapsulation/jpeg-2000-names-its-colour-transformation',
  title: 'Photometric Interpretation names the transformation that JPEG 2000 applied to colour',
  requires: ['WADO-RS-ENC-08'],
  given: { colour: fixture('colour') },
  fault: on(
    compressed,
    sendsParts(all =>
      all.map(part => ({ ...part, body: Buffer.from(part.body.toString('latin1').replace(/YBR_(RCT|ICT)/, 'RGB    '), 'latin1') })),
    ),
  ),
  async run(t, { colour }) {
    const images = imagesOf(colour).filter(({ dataSet }) => frameShape(dataSet)?.samples === 3);
    for (const object of await madeInJpeg2000(t, images)) {
      const stream = codeStreamOf(object);
      if (stream.kind !== 'jpeg-2000') continue;
      const { reversible, componentTransformation } = stream;
      const told = textIn(object.dataSet, 'PhotometricInterpretation');
      const right = componentTransformation ? (reversible ? 'YBR_RCT' : 'YBR_ICT') : anyOf('RGB', 'YBR_FULL');
      t.expect(
        `the Photometric Interpretation where the ${reversible ? 'reversible' : 'irreversible'} transformation is ${componentTransformation ? '' : 'not '}applied`,
        told,
        right,
      );
    }
    t.record('transfer syntaxes asked for', jpeg2000.join(', '));
  },
});
