import type { CorpusName } from '../../fixtures/corpus.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { differencesFromHeld } from '../kit/as-held.ts';
import type { Difference } from '../kit/compare.ts';
import { documents } from '../kit/documents.ts';
import { on, sendsText } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { instancesOf } from '../kit/pixels.ts';
import { studyPath } from '../kit/retrieve.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];

/** A check that the metadata of a fixture study say what was stored, as far as these requirements go. */
function stored(claim: string, title: string, requires: Rows, name: CorpusName, fault: Fault): Check {
  return check({
    id: `wado-rs/metadata-values/${claim}`,
    title,
    requires,
    given: { study: fixture(name) },
    fault: on(/\/metadata$/, fault),
    async run(t, { study }) {
      const sent = await documents(t, `${studyPath(study)}/metadata`);
      for (const instance of instancesOf(study)) {
        const document = sent.find(each => each.sopInstanceUID === instance.sopInstanceUID);
        if (!document) continue;
        const found = await differencesFromHeld(t, instance, document.attributes);
        for (const row of requires)
          t.expect('the attributes whose metadata are not what was stored', words(found.filter(each => each.row === row)), [], { row });
      }
      t.record('documents compared', String(sent.length));
    },
  });
}

const most = 3;

/** Differences in words: where, what was stored and what the metadata say. */
function words(found: readonly Difference[]): readonly unknown[] {
  return found.slice(0, most).map(({ where, stored: was, got }) => ({ attribute: where, stored: was, got }));
}

const element = (tag: string) =>
  new RegExp(`<DicomAttribute [^>]*tag="${tag}"[^>]*?(/>|>(?:(?!</?DicomAttribute)[\\s\\S])*</DicomAttribute>)`, 'g');
const without = (tag: string) => sendsText(text => text.replaceAll(element(tag), ''));
const within = (tag: string, change: (xml: string) => string) => sendsText(text => text.replaceAll(element(tag), change));

// PS3.18-2013 6.5.6: the metadata are all attributes of the study.
export const all = stored(
  'every-attribute',
  'The metadata of an image have every attribute with its value',
  ['WADO-RS-6.5.6-09', 'MODEL-XML-A.1.5-31'],
  'ct',
  without('00280030'),
);

export const everyVr = stored(
  'every-vr',
  'Values of every VR come back as they were stored',
  [
    'WADO-RS-6.5.6-09',
    'MODEL-XML-A.1.5-39',
    'MODEL-XML-A.1.5-23',
    'MODEL-XML-A.1.5-30',
    'WADO-RS-6.5.6-15',
    'MODEL-XML-A.1.5-13',
    'MODEL-XML-A.1.5-31',
    'MODEL-XML-A.1.5-35',
  ],
  'every-vr',
  within('00080054', xml => xml.replace('</Value>', '\\').replace(/\\\s*<Value number="2">/, '\\')),
);

export const privateAttributes = stored(
  'private-attributes',
  'Private attributes of several creators come back',
  ['MODEL-XML-A.1.5-34', 'WADO-RS-6.5.6-09'],
  'private',
  sendsText(text => text.replaceAll(/<DicomAttribute [^>]*privateCreator="CONFTEST TWO"[^>]*>[\s\S]*?<\/DicomAttribute>/g, '')),
);

export const empty = stored(
  'empty-values',
  'Empty attributes come back empty, and empty values keep their places',
  ['MODEL-XML-A.1.5-14', 'MODEL-XML-A.1.5-12', 'WADO-RS-6.5.6-09', 'MODEL-XML-A.1.5-21', 'MODEL-XML-A.1.5-19', 'MODEL-XML-A.1.5-36'],
  'empty-values',
  within('00080008', xml => xml.replace(/<Value number="3"[\s\S]*?(?=<Value number="4")/, '').replace('number="4"', 'number="3"')),
);

export const nested = stored(
  'sequences',
  'Sequences come back item by item, empty items included',
  ['MODEL-XML-A.1.5-17', 'MODEL-XML-A.1.5-19', 'WADO-RS-6.5.6-09'],
  'nested',
  within('00081150', () => ''),
);

export const report = stored(
  'content-of-a-report',
  'The content of a structured report comes back at every depth',
  ['WADO-RS-6.5.6-09', 'MODEL-XML-A.1.5-17', 'WADO-RS-6.5.6-20'],
  'sr',
  sendsText(text => text.replaceAll(element('0040A160'), '')),
);

export const whiteSpace = stored(
  'white-space-and-limits',
  'Long values, white space and numbers at their limits come back as they were stored',
  ['MODEL-XML-A.1.5-25', 'WADO-RS-6.5.6-09'],
  'limits',
  within('00204000', xml => xml.replace(/(<Value[^>]*>)\s+/, '$1')),
);

/** Text as a server sends it that forgot to convert it: bytes read as Latin alphabet No. 1. */
const mangled = sendsText(text =>
  Buffer.from(
    text.replaceAll(/[\x80-\xff]+/g, bytes => Buffer.from(bytes, 'latin1').toString('utf8').replaceAll(/./gu, '?')),
    'latin1',
  ).toString('latin1'),
);

const characterSets = [
  'charset-latin-1',
  'charset-cyrillic',
  'charset-greek',
  'charset-japanese',
  'charset-japanese-katakana',
  'charset-korean',
  'charset-gb18030',
  'charset-utf-8',
] as const;
const words1 = (name: string) => name.replace('charset-', '');

/** Each character set is a check of its own, so that one that a server does not know is one finding. */
export const [latin1, cyrillic, greek, japanese, katakana, korean, gb18030, utf8] = characterSets.map(name =>
  stored(
    words1(name),
    `Text in the character set of the fixture "${words1(name)}" comes back right`,
    ['MODEL-XML-A.1.5-24', 'MODEL-XML-A.1.5-21'],
    name,
    mangled,
  ),
);
