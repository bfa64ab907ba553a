import type { CorpusName } from '../../fixtures/corpus.ts';
import { uidRoot } from '../../fixtures/uids.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { type Agreement, agreement, type Disagreement, type Unresolved } from '../kit/agreement.ts';
import type { Content } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { onAccept, sendsText } from '../kit/faults.ts';
import { acceptOctets } from '../kit/media.ts';
import { modelAnswer, type ReadAnswer, readAnswer, searchesIn } from '../kit/models.ts';
import { ask, partsOf, studiesAtHand } from '../kit/retrieve.ts';
import { sameBytes } from '../kit/same.ts';

type Rows = readonly [RequirementId, ...RequirementId[]];
type Both = Readonly<Record<'xml' | 'json', ReadAnswer>>;

const mostStudies = 10;
const mostReferences = 6;

/** The same search in both forms; null where one of them cannot be had. */
async function both(t: Trial, resource: string): Promise<Both | null> {
  const [xml, json] = [await modelAnswer(t, resource, 'xml'), await modelAnswer(t, resource, 'json')];
  return xml && json ? { xml: readAnswer(t, xml), json: readAnswer(t, json) } : null;
}

/** How the results that both forms have compare, told apart by their UIDs. */
function compared({ xml, json }: Both): Agreement {
  const uids = (result: ReadAnswer['results'][number]) =>
    ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'].map(keyword => valueIn(result, keyword)).join(' ');
  const pairs = xml.results.flatMap(result => {
    const other = json.results.find(each => uids(each) === uids(result));
    return other ? [agreement(result, other)] : [];
  });
  return {
    disagreements: pairs.flatMap(each => each.disagreements),
    unresolved: pairs.flatMap(each => each.unresolved),
    missing: pairs.flatMap(each => each.missing),
  };
}

const rowsOfEmpty: readonly RequirementId[] = ['MODEL-JSON-F.2.5-01', 'MODEL-JSON-F.2.5-03'];

/** What is found in the JSON form alone: values of what XML gives without content, and children for the attributes of DicomAttribute. */
function inJsonAlone({ json }: Both, row: RequirementId): readonly string[] {
  const rows = row === 'MODEL-MAP-F.3.1-08' ? rowsOfEmpty : [row];
  return json.defects.filter(defect => rows.includes(defect.row)).map(({ what }) => what);
}

/** A check that XML and JSON results of the same search say the same, on fixtures and on whatever is there. What changed between the two requests is asked again. */
function mapping(claim: string, title: string, requires: Rows, names: readonly CorpusName[], fault: Fault): Check {
  return check({
    id: `qido-rs/model-mapping/${claim}`,
    title,
    requires,
    given: { studies: studiesAtHand(...names) },
    fault,
    async run(t, { studies }) {
      let pairs = 0;
      for (const resource of studies.slice(0, mostStudies).flatMap(searchesIn)) {
        let answers = await both(t, resource);
        if (answers && compared(answers).disagreements.length > 0) answers = await both(t, resource);
        if (!answers) continue;
        pairs += 1;
        const { disagreements, unresolved, missing } = compared(answers);
        if (missing.length > 0) t.record('attributes in one form only', 'found');
        for (const row of requires) {
          const found = disagreements.filter(each => each.row === row).map(each => told(each, resource));
          const claims = `what XML and JSON differ in, for ${answers.json.what}`;
          t.expect(claims, [...found, ...inJsonAlone(answers, row)].slice(0, 3), [], { row });
          if (row === 'MODEL-MAP-F.3.1-05') await expectSameBytes(t, answers, unresolved, row);
        }
      }
      if (pairs === 0) t.skip('the target does not have results in both forms, which is judged by itself');
    },
  });
}

/** A disagreement as a reader is told it; of somebody's data only where it is. */
const told = ({ attribute, xml, json }: Disagreement, resource: string): unknown =>
  resource.includes(uidRoot) ? { attribute, xml, json } : { attribute };

async function expectSameBytes(t: Trial, { xml }: Both, unresolved: readonly Unresolved[], row: RequirementId): Promise<void> {
  for (const each of unresolved.slice(0, mostReferences)) {
    const [left, right] = [await bytesOf(t, each.xml, xml), await bytesOf(t, each.json, xml)];
    if (left === null || right === null) continue;
    const same = typeof left !== 'string' && typeof right !== 'string' && sameBytes(left, right);
    t.expect(`what XML and JSON give for ${each.attribute}`, same ? 'the same bytes' : [left, right], 'the same bytes', { row });
  }
}

/** The bytes that a value is, or that its URL leads to; the status where it leads nowhere, null where there are no bytes to compare. */
async function bytesOf(t: Trial, content: Content, { exchange }: ReadAnswer): Promise<Uint8Array | string | null> {
  if (content.kind === 'inline') return content.bytes;
  if (content.kind !== 'reference' || content.uri === '') return null;
  const answer = await ask(t, new URL(content.uri, exchange.request.url).href, acceptOctets);
  const { status } = answer.response;
  if (status === 406) return null;
  return status === 200 ? (partsOf(t, answer)[0]?.body ?? 'nothing') : `status ${status}`;
}

const inJson = (change: (text: string) => string): Fault => onAccept(/json/, sendsText(change));
const inXml = (change: (text: string) => string): Fault => onAccept(/xml/, sendsText(change));

// PS3.18-2013 F.3.1, Table F.3.1-1.
export const attributes = mapping(
  'attributes',
  'XML and JSON results have the same attributes with the same VRs',
  ['MODEL-MAP-F.3.1-01', 'MODEL-MAP-F.3.1-07'],
  ['ct', 'every-vr'],
  inJson(text => text.replaceAll('"00080020":{"vr":"DA"', '"00080020":{"vr":"LO"')),
);

export const values = mapping(
  'values',
  'The values of XML and JSON results are the same, each in its place',
  ['MODEL-MAP-F.3.1-02'],
  ['empty-values', 'every-vr', 'limits'],
  inJson(text => text.replaceAll('"PRIMARY",null,', '"PRIMARY",')),
);

export const names = mapping(
  'person-names',
  'Names are the same in XML and JSON results, empty components included',
  ['MODEL-MAP-F.3.1-03'],
  ['empty-values', 'charset-japanese', 'every-vr'],
  inJson(text => text.replaceAll('^^^', '^')),
);

export const items = mapping(
  'items',
  'The items of XML and JSON results are the same, each in its place',
  ['MODEL-MAP-F.3.1-04'],
  ['nested', 'sr'],
  inJson(text => text.replaceAll('"Value":[{},', '"Value":[')),
);

export const binary = mapping(
  'binary-values',
  'Binary values are the same in XML and JSON results, inline or by reference',
  ['MODEL-MAP-F.3.1-05'],
  ['every-vr', 'limits'],
  inXml(text => text.replaceAll('AQIDBA==', 'AgEEAw==')),
);

export const privateAttributes = mapping(
  'private-attributes',
  'Private attributes of every creator are in XML and in JSON results',
  ['MODEL-MAP-F.3.1-06'],
  ['private'],
  inJson(text => text.replaceAll(/"00111102":\{[^}]*\},?/g, '').replaceAll(',}', '}')),
);

export const empty = mapping(
  'empty-attributes',
  'What is without content in XML results is without value in JSON results',
  ['MODEL-MAP-F.3.1-08'],
  ['empty-values'],
  inJson(text => text.replaceAll('{"vr":"LO"}', '{"vr":"LO","Value":[]}')),
);
