import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpus } from '../../../fixtures/corpus.ts';
import { dataSets } from '../../../fixtures/generators.ts';
import { writePart10 } from '../../../fixtures/part10/write.ts';
import { toJsonModel } from '../../../mock-server/dicom/json-model.ts';
import { toNativeXml } from '../../../mock-server/dicom/native-xml.ts';
import type { DataSet } from '../../../schemas/data-set.ts';
import { deflatedLittleEndian, explicitBigEndian, explicitLittleEndian } from '../../../schemas/transfer-syntaxes.ts';
import { agreement } from '../agreement.ts';
import { differences } from '../compare.ts';
import { jsonSchemaDefects, xmlSchemaDefects } from '../schemas.ts';
import { Unreadable } from './defect.ts';
import { readJsonResults } from './json-model.ts';
import { readNativeXml } from './native-xml.ts';
import { readPart10 } from './part10.ts';

const instances = corpus.flatMap(({ name, instances: all }) => all.map(instance => [`${name}/${instance.name}`, instance] as const));

/** Encapsulated pixel data are nowhere inline, so the writers are told to refer to them. */
const options = { bulkDataUri: (_: unknown, element: object) => ('fragments' in element ? 'http://pacs.example/pixels' : null) };

const inJson = (dataSet: DataSet) => readJsonResults(Buffer.from(`[${toJsonModel(dataSet, options)}]`));
const inXml = (dataSet: DataSet) => readNativeXml(Buffer.from(toNativeXml(dataSet, options)));

/** What the models cannot say: 2013 has no form for numbers that are not finite in JSON. */
const saysInJson = (name: string) => !name.startsWith('not-finite/');

/** A data set in a form that compares: bytes as text, and floating point numbers as precise as they are stored. */
function plain(dataSet: DataSet): unknown {
  return [...dataSet].map(([tag, element]) => {
    if ('bytes' in element) return [tag, element.vr, Buffer.from(element.bytes).toString('hex')];
    if ('fragments' in element) return [tag, element.offsets, element.fragments.map(each => Buffer.from(each).toString('hex'))];
    if ('items' in element) return [tag, element.items.map(plain)];
    return [tag, element.vr, element.vr === 'FL' ? element.values.map(Math.fround) : element.values];
  });
}

describe('each fixture is read as it was written', () => {
  test.each(instances)('%s as a file', (_, { part10, dataSet }) => {
    const { value, defects } = readPart10(part10());
    // A preamble may be other than zero, and that of one fixture is.
    expect(defects.filter(({ row }) => row !== 'WADO-RS-P10-02')).toEqual([]);
    expect(plain(value.dataSet)).toEqual(plain(dataSet));
  });

  test.each(instances.filter(([name]) => saysInJson(name)))('%s in the DICOM JSON Model', async (_, { dataSet }) => {
    const { value, defects } = inJson(dataSet);
    expect(defects).toEqual([]);
    expect(differences(dataSet, value[0] ?? [])).toEqual([]);
    expect(await jsonSchemaDefects(JSON.parse(`[${toJsonModel(dataSet, options)}]`))).toEqual([]);
  });

  test.each(instances)('%s in the Native DICOM Model', async (_, { dataSet }) => {
    const { value, defects } = inXml(dataSet);
    expect(defects).toEqual([]);
    expect(differences(dataSet, value)).toEqual([]);
    expect(await xmlSchemaDefects(Buffer.from(toNativeXml(dataSet, options)))).toEqual([]);
  });

  test.each(instances.filter(([name]) => saysInJson(name)))('%s: both models say the same', (_, { dataSet }) => {
    expect(agreement(inXml(dataSet).value, inJson(dataSet).value[0] ?? [])).toEqual({ disagreements: [], unresolved: [], missing: [] });
  });
});

test('any data set is read as it was written, in every transfer syntax with explicit VRs', () => {
  const syntaxes = fc.constantFrom(explicitLittleEndian, explicitBigEndian, deflatedLittleEndian);
  fc.assert(
    fc.property(dataSets(), syntaxes, fc.constantFrom('explicit' as const, 'undefined' as const), (dataSet, transferSyntax, lengths) => {
      expect(plain(readPart10(writePart10(dataSet, { transferSyntax, lengths })).value.dataSet)).toEqual(plain(dataSet));
    }),
  );
});

test('any data set says the same in both models as in itself', () => {
  fc.assert(
    fc.property(dataSets(), dataSet => {
      const [json, xml] = [inJson(dataSet), inXml(dataSet)];
      expect([...json.defects, ...xml.defects]).toEqual([]);
      expect(differences(dataSet, json.value[0] ?? [])).toEqual([]);
      expect(differences(dataSet, xml.value)).toEqual([]);
      expect(agreement(xml.value, json.value[0] ?? [])).toEqual({ disagreements: [], unresolved: [], missing: [] });
    }),
  );
});

test('of a file nothing but Unreadable is thrown, whatever its bytes', () => {
  const [first] = instances;
  const file = first?.[1].part10() ?? new Uint8Array();
  const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(changes, fc.nat(file.length), (all, length) => {
      const bytes = Uint8Array.from(file);
      for (const [at, byte] of all) bytes[at] = byte;
      try {
        readPart10(bytes.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(Unreadable);
      }
    }),
    { numRuns: 500 },
  );
});
