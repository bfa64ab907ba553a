import { expect, test } from 'vitest';
import { corpus, studyNamed } from '../../../fixtures/corpus.ts';
import { Unreadable } from './defect.ts';
import { readPart10 } from './part10.ts';

const instances = corpus.flatMap(({ name, instances }) => instances.map(instance => [`${name}/${instance.name}`, instance] as const));
const slice = () => Buffer.from(studyNamed('ct').instances[0]?.part10() ?? []);
const compressed = (name: string) => {
  const instance = studyNamed('fragments').instances.find(each => each.name === name) ?? expect.unreachable();
  return Buffer.from(instance.part10());
};

/** The rows of what is wrong with a file. */
function rows(file: Uint8Array): readonly (string | undefined)[] {
  try {
    return [...new Set(readPart10(file).defects.map(defect => defect.row))];
  } catch (error) {
    return error instanceof Unreadable ? [error.row] : [String(error)];
  }
}

test.each(instances)('%s is read without a defect', (_, instance) => {
  // Some fixtures have something in their preamble on purpose.
  const used = instance
    .part10()
    .subarray(0, 128)
    .some(byte => byte !== 0);
  expect(readPart10(instance.part10()).defects.map(({ row }) => row)).toEqual(used ? ['WADO-RS-P10-02'] : []);
});

const changed = (file: Buffer, change: (file: Buffer) => void) => {
  change(file);
  return file;
};
const table = (file: Buffer) => file.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0])) + 12;

test.each(['II*\0', 'MM\0*'])('a preamble that begins with %j is that of a TIFF file', start => {
  expect(rows(changed(slice(), file => file.write(start, 0, 'latin1')))).toEqual([]);
});

test.each([
  ['no prefix', slice().subarray(132), ['WADO-RS-P10-01']],
  ['a preamble that is not zero', changed(slice(), file => file.fill(1, 0, 4)), ['WADO-RS-P10-02']],
  ['group 2 in Implicit VR', changed(slice(), file => file.fill(0, 136, 138)), ['WADO-RS-P10-03']],
  ['a wrong group length', changed(slice(), file => file.writeUInt8(1, 140)), ['WADO-RS-P10-04']],
  ['a second file', Buffer.concat([slice(), slice()]), ['WADO-RS-P10-09']],
  ['bytes behind the data set', Buffer.concat([slice(), Buffer.of(13, 10)]), ['WADO-RS-P10-09']],
  [
    'VR OW for encapsulated Pixel Data',
    changed(compressed('one-with-table'), file => file.write('OW', table(file) - 8)),
    ['WADO-RS-ENC-01'],
  ],
  ['a wrong offset', changed(compressed('one-with-table'), file => file.writeUInt32LE(8, table(file) + 8)), ['WADO-RS-ENC-02']],
  [
    'too many frames for the fragments',
    changed(compressed('one-without-table'), file => file.writeUInt8(0x39, file.indexOf('IS\x02\x003 ') + 4)),
    ['WADO-RS-ENC-04'],
  ],
  ['a delimiter with a length', changed(compressed('one-without-table'), file => file.writeUInt8(1, file.length - 4)), ['WADO-RS-ENC-03']],
] as const)('%s is told', (_, file, expected) => {
  expect(rows(file)).toEqual(expected);
});
