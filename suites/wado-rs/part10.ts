import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import type { Given } from '../harness/given.ts';
import { Skip } from '../harness/outcome.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom } from '../kit/media.ts';
import { imagesOf } from '../kit/pixels.ts';
import { type Defect, Unreadable } from '../kit/read/defect.ts';
import { readPart10 } from '../kit/read/part10.ts';
import { ask, instancePath, parts, partsOf, someStudies, studyPath } from '../kit/retrieve.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

const ofInstance = /\/instances\/[0-9.]+$/;
const asked = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.70'];

/** What is wrong with a file; where it cannot be read, that alone. */
function defectsOf(file: Uint8Array): readonly Defect[] {
  try {
    return readPart10(file).defects;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [{ row: error.row ?? 'WADO-RS-P10-07', what: error.message }];
  }
}

/** Files of all kinds that can be had: whole studies of whatever is held, the fixtures as they are sent unasked, and each image in other transfer syntaxes. */
async function files(t: Trial): Promise<readonly Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  try {
    for (const study of (await t.given(someStudies)).slice(0, 2))
      bodies.push(...(await parts(t, studyPath(study), acceptDicom, { row: 'WADO-RS-6.5-05' })).map(part => part.body));
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
  }
  for (const image of imagesOf(await t.given(fixture('transfer-syntaxes')))) {
    bodies.push(...(await parts(t, instancePath(image), acceptDicom, { row: 'WADO-RS-6.5-05' })).map(part => part.body));
    for (const uid of asked) {
      const exchange = await ask(t, instancePath(image), `${acceptDicom}; transfer-syntax=${uid}`);
      if (exchange.response.status === 200) bodies.push(...partsOf(t, exchange, { row: 'WADO-RS-6.5-05' }).map(part => part.body));
    }
  }
  return bodies;
}

/** What is wrong with the files that can be had; they are asked for once in a run. */
const defectsOfFiles: Given<readonly Defect[]> = {
  key: 'defects of retrieved DICOM files',
  provide: async t => (await files(t)).flatMap(defectsOf),
};

/** A check that the retrieved files break none of these rows. */
function file(claim: string, title: string, requires: Rows, fault: Fault): Check {
  return check({
    id: `wado-rs/part10/${claim}`,
    title,
    requires,
    given: { several: fixture('transfer-syntaxes') },
    fault: on(ofInstance, fault),
    async run(t) {
      const found = await t.given(defectsOfFiles);
      for (const row of requires) {
        const words = [...new Set(found.filter(defect => defect.row === row).map(({ what }) => what))];
        t.expect('the defects in the retrieved DICOM files', words.slice(0, 3), [], { row });
      }
    },
  });
}

const changes = (change: (body: Buffer) => Buffer): Fault =>
  sendsParts(all => all.map(part => ({ ...part, body: change(Buffer.from(part.body)) })));
const behindPrefix = 132;
/** Group length: tag, VR, length and value take twelve bytes. */
const afterGroupLength = behindPrefix + 12;

/** A file without one element of its group 2, whose length is set right. */
function without(element: number): (body: Buffer) => Buffer {
  return body => {
    const end = afterGroupLength + body.readUInt32LE(behindPrefix + 8);
    for (let at = afterGroupLength; at < end; ) {
      const long = ['OB', 'UN'].includes(body.toString('latin1', at + 4, at + 6));
      const next = at + (long ? 12 + body.readUInt32LE(at + 8) : 8 + body.readUInt16LE(at + 6));
      if (body.readUInt16LE(at + 2) === element) {
        body.writeUInt32LE(end - afterGroupLength - (next - at), behindPrefix + 8);
        return Buffer.concat([body.subarray(0, at), body.subarray(next)]);
      }
      at = next;
    }
    return body;
  };
}

/** Where the value of an element of group 2 with a short VR begins. */
function placeOf(body: Buffer, element: number): number {
  return body.indexOf(Buffer.of(2, 0, element & 0xff, element >> 8), behindPrefix) + 8;
}

// PS3.10-2013 7.1: 128 bytes, zero where they are not used, and DICM.
export const prefix = file(
  'preamble-and-prefix',
  'A retrieved object begins with 128 bytes of preamble and DICM',
  ['WADO-RS-P10-01', 'WADO-RS-P10-02'],
  changes(body => body.subarray(behindPrefix)),
);

// 7.1: group 2 is in Explicit VR Little Endian, whatever the data set is in, and knows its length.
export const group2 = file(
  'file-meta-information',
  'The File Meta Information is in Explicit VR Little Endian and tells its length',
  ['WADO-RS-P10-04', 'WADO-RS-P10-03', 'WADO-RS-P10-11'],
  changes(body => {
    body.writeUInt32LE(body.readUInt32LE(behindPrefix + 8) + 2, behindPrefix + 8);
    return body;
  }),
);

// 7.1, Table 7.1-1: the elements of type 1, and the pair of private ones.
export const elements = file(
  'required-elements',
  'The File Meta Information has its version and an Implementation Class UID',
  ['WADO-RS-P10-08', 'WADO-RS-P10-05', 'WADO-RS-P10-12'],
  changes(without(0x12)),
);

export const uids = file(
  'uids-of-the-data-set',
  'The File Meta Information names the SOP Class and SOP Instance of the data set',
  ['WADO-RS-P10-06'],
  changes(body => {
    body.write('2', placeOf(body, 0x03), 'latin1');
    body.write('7', placeOf(body, 0x03) + 2, 'latin1');
    return body;
  }),
);

export const transferSyntax = file(
  'transfer-syntax-of-the-data-set',
  'The File Meta Information names the transfer syntax that the data set is in',
  ['WADO-RS-P10-07', 'WADO-RS-P10-13'],
  changes(body => {
    const at = placeOf(body, 0x10);
    const { length } = '1.2.840.10008.1.2.1';
    // Implicit VR under the name of Explicit VR Little Endian, one digit longer and so without padding.
    return body.toString('latin1', at, at + length + 1) === '1.2.840.10008.1.2.1\0'
      ? Buffer.from(body.fill('2', at + length - 1, at + length))
      : body;
  }),
);

// 7.1 and 7.2: one data set and nothing else.
export const alone = file(
  'one-data-set-and-nothing-else',
  'A retrieved object is one data set, without elements of the groups that are none of its own, and nothing follows it',
  ['WADO-RS-P10-10', 'WADO-RS-P10-09'],
  changes(body => {
    const end = afterGroupLength + body.readUInt32LE(behindPrefix + 8);
    // Message ID (0000,0110), as in a network message, in Explicit VR Little Endian.
    return Buffer.concat([body.subarray(0, end), Buffer.from([0, 0, 0x10, 1, 0x55, 0x53, 2, 0, 1, 0]), body.subarray(end)]);
  }),
);
