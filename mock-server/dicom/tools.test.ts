import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { corpus } from '../../fixtures/corpus.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet } from '../../schemas/data-set.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { nativeDicomModelXsd } from '../../schemas/xsd/native-dicom-model.ts';
import { agreement } from '../../suites/kit/agreement.ts';
import type { Attributes } from '../../suites/kit/compare.ts';
import { readJsonResults } from '../../suites/kit/read/json-model.ts';
import { readNativeXml } from '../../suites/kit/read/native-xml.ts';
import { toJsonModel } from './json-model.ts';
import { toNativeXml } from './native-xml.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined;
const dcmtk = missing('dcm2json') || missing('dcm2xml') ? 'DCMTK, which is not installed' : '';
const libxml = missing('xmllint') ? 'xmllint, which is not installed' : '';
const title = (text: string, without: string) => (without ? `${text} (not run: needs ${without})` : text);

/** What the tools can convert: no fragments, and text in UTF-8, since DCMTK with the C library's tables does not know code extensions. */
function convertible(dataSet: DataSet): DataSet {
  const utf8 = dataSet.has('00080005') ? [['00080005', { vr: 'CS', values: ['ISO_IR 192'] }] as const] : [];
  return new Map(
    [...[...dataSet].filter(([tag, element]) => tag !== '00080005' && !('fragments' in element)), ...utf8].sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
}

const instances = corpus.flatMap(study =>
  study.instances.map(({ name, dataSet }) => [`${study.name}/${name}`, convertible(dataSet)] as const),
);

function converted(tool: string, args: readonly string[], dataSet: DataSet): Buffer {
  const path = join(folder, 'object.dcm');
  writeFileSync(path, writePart10(dataSet, { transferSyntax: explicitLittleEndian, lengths: 'explicit' }));
  const { stdout, stderr, status } = spawnSync(tool, [...args, path], { maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${tool} ended with status ${status}: ${stderr.toString('latin1')}`);
  return stdout;
}

/** What the two forms differ in, and what one of them lacks. */
function told(xml: Attributes, json: Attributes) {
  const { disagreements, missing: lacking } = agreement(xml, json);
  return [
    ...disagreements.map(({ attribute, xml: a, json: b }) => ({ attribute, a, b })),
    ...lacking.map(attribute => ({ attribute, a: '?', b: '?' })),
  ];
}

/** In what DCMTK 3.6.7 differs, by the attribute, and why. */
const differently: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'empty-values/empty-values': {
    'OtherPatientNames (0010,1001)': 'dcm2xml repeats the name before an empty one',
    '(0011,000D) of "CONFTEST EMPTY"': 'dcm2xml repeats the group before an empty one',
  },
};

/** dcm2json ends with an error where a number is not finite. */
const inJson = instances.filter(([name]) => !name.startsWith('not-finite/'));

describe.skipIf(dcmtk)(title('DCMTK', dcmtk), () => {
  test.each(inJson)('dcm2json writes what is written of %s', (_, dataSet) => {
    const theirs = readJsonResults(converted('dcm2json', ['-fc'], dataSet)).value[0] ?? [];
    const ours = readJsonResults(Buffer.from(`[${toJsonModel(dataSet)}]`)).value[0] ?? [];
    expect(told(ours, theirs)).toEqual([]);
  });

  test.each(instances)('dcm2xml writes what is written of %s', (name, dataSet) => {
    const theirs = readNativeXml(converted('dcm2xml', ['--native-format', '+Xn', '+U8'], dataSet)).value;
    const ours = readNativeXml(Buffer.from(toNativeXml(dataSet))).value;
    const found = told(ours, theirs);
    const expected = Object.keys(differently[name] ?? {});
    expect(found.filter(({ attribute }) => !expected.includes(attribute))).toEqual([]);
    expect(found.map(({ attribute }) => attribute)).toEqual(expected);
  });
});

describe.skipIf(libxml)(title('xmllint', libxml), () => {
  test('finds every document valid against the schema', () => {
    const schema = join(folder, 'native.xsd');
    writeFileSync(schema, nativeDicomModelXsd);
    const paths = instances.map(([, dataSet], i) => {
      const path = join(folder, `${i}.xml`);
      writeFileSync(path, toNativeXml(dataSet));
      return path;
    });
    const { stderr, status } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...paths]);
    expect(
      stderr
        .toString()
        .split('\n')
        .filter(line => line !== '' && !line.endsWith(' validates')),
    ).toEqual([]);
    expect(status).toBe(0);
  });
});
