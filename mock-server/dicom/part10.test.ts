import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { dataSets } from '../../fixtures/generators.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { attributeByTag } from '../../schemas/dictionary.ts';
import { deflatedLittleEndian, explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { MalformedObject, readPart10 } from './part10.ts';

/** A data set in a form that compares: bytes as text, and floating point numbers as precise as they are stored. */
function plain(dataSet: DataSet): unknown {
  return [...dataSet].map(([tag, element]) => {
    if ('bytes' in element) return [tag, element.vr, Buffer.from(element.bytes).toString('hex')];
    if ('fragments' in element) return [tag, element.offsets, element.fragments.map(each => Buffer.from(each).toString('hex'))];
    if ('items' in element) return [tag, element.items.map(plain)];
    return [tag, element.vr, element.vr === 'FL' ? element.values.map(Math.fround) : element.values];
  });
}

const instances = corpus.flatMap(study => study.instances.map(each => [`${study.name}/${each.name}`, each] as const));

test.each(instances)('%s is read as it was written', (_, { part10, dataSet, transferSyntax }) => {
  const read = readPart10(part10());
  expect(read.transferSyntax).toBe(transferSyntax);
  expect(plain(read.dataSet)).toEqual(plain(dataSet));
});

test('any data set is read as it was written, in every uncompressed transfer syntax', () => {
  const syntaxes = fc.constantFrom(explicitLittleEndian, explicitBigEndian, deflatedLittleEndian);
  fc.assert(
    fc.property(dataSets(), syntaxes, fc.constantFrom('explicit' as const, 'undefined' as const), (dataSet, transferSyntax, lengths) => {
      expect(plain(readPart10(writePart10(dataSet, { transferSyntax, lengths })).dataSet)).toEqual(plain(dataSet));
    }),
    { numRuns: 50 },
  );
});

/** Whether PS3.6 leaves the VR of an attribute open, as in `US or SS`. */
const leavesVrOpen = (dataSet: DataSet): boolean =>
  [...dataSet].some(
    ([tag, element]) => (attributeByTag(tag)?.vrs.length ?? 0) > 1 || ('items' in element && element.items.some(leavesVrOpen)),
  );

// PS3.5-2013 A.1: the VR is that of the dictionary, so private attributes have none.
test('standard attributes are read as they were written in Implicit VR', () => {
  fc.assert(
    fc.property(dataSets({ privateAttributes: false }), dataSet => {
      fc.pre(!leavesVrOpen(dataSet));
      expect(plain(readPart10(writePart10(dataSet, { transferSyntax: implicitLittleEndian, lengths: 'explicit' })).dataSet)).toEqual(
        plain(dataSet),
      );
    }),
    { numRuns: 50 },
  );
});

const [first] = instances;
const file = first?.[1].part10() ?? new Uint8Array();

test.each([
  ['no bytes', new Uint8Array(), 'no DICM'],
  ['a preamble alone', new Uint8Array(132), 'no DICM'],
  ['a file without File Meta Information', Buffer.concat([new Uint8Array(128), Buffer.from('DICM')]), 'names no transfer syntax'],
])('%s is refused, and the sentence says why', (_, bytes, why) => {
  expect(() => readPart10(bytes)).toThrow(MalformedObject);
  expect(() => readPart10(bytes)).toThrow(why);
});

test('a file that ends too soon is refused wherever it ends', () => {
  for (let length = 0; length < file.length; length += 1) {
    try {
      // Between two elements of the data set nothing tells that something is missing.
      readPart10(file.subarray(0, length));
    } catch (error) {
      expect(error, `of ${length} bytes`).toBeInstanceOf(MalformedObject);
    }
  }
});

test('nothing but MalformedObject is thrown, whatever the bytes', () => {
  const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(changes, all => {
      const bytes = Uint8Array.from(file);
      for (const [at, byte] of all) bytes[at] = byte;
      try {
        readPart10(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedObject);
      }
    }),
    { numRuns: 500 },
  );
});
