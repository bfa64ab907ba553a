import { createHash } from 'node:crypto';
import { writePart10 } from '../../fixtures/part10/write.ts';
import { type ProfileAction, profileRow } from '../../schemas/confidentiality-profile.ts';
import type { DataSet, Element, Tag, Vr } from '../../schemas/data-set.ts';
import { isPrivate, tagOf } from '../../schemas/dictionary.ts';
import { textOf } from '../dicom/values.ts';
import { inMemory } from '../storage/octets.ts';
import type { StoredInstance } from '../storage/store.ts';

/** An object that is not anonymised, since what it shows cannot be looked through; the message is a sentence that says why. */
export class NotAnonymised extends Error {}

/**
 * The object without patient identification: the Basic Application Level Confidentiality Profile of PS3.15-2013 E.1 at every level of nesting, in a new PS3.10 file that keeps nothing
 * of the preamble and the File Meta Information. UIDs are replaced by the same ones each time. An object that is anonymous already stays as it is. Pixels are not
 * searched for text: an object that says that it has burned in annotation is refused with NotAnonymised.
 */
export function anonymise(instance: StoredInstance): StoredInstance {
  const { dataSet } = instance;
  const isAnonymous = textOf(dataSet, 'PatientIdentityRemoved') === 'YES';
  if (!isAnonymous && textOf(dataSet, 'BurnedInAnnotation') === 'YES')
    throw new NotAnonymised('The object has annotation burned in, which is not removed here, so it is not anonymised.');
  const changed = isAnonymous ? dataSet : ascending([...withoutIdentity(dataSet), ...whatWasDone()]);
  const uid = (keyword: string) => textOf(changed, keyword);
  const file = writePart10(changed, { transferSyntax: instance.transferSyntax });
  return {
    ...instance,
    studyInstanceUID: uid('StudyInstanceUID'),
    seriesInstanceUID: uid('SeriesInstanceUID'),
    sopInstanceUID: uid('SOPInstanceUID'),
    dataSet: changed,
    file,
    octets: inMemory(file),
    size: file.length,
  };
}

const ascending = (elements: readonly (readonly [Tag, Element])[]): DataSet =>
  new Map([...new Map(elements)].sort(([a], [b]) => (a < b ? -1 : 1)));

/** PS3.15-2013 E.1.1, steps 6 to 8. */
function whatWasDone(): readonly (readonly [Tag, Element])[] {
  const code: DataSet = ascending([
    [tagOf('CodeValue'), { vr: 'SH', values: ['113100'] }],
    [tagOf('CodingSchemeDesignator'), { vr: 'SH', values: ['DCM'] }],
    [tagOf('CodeMeaning'), { vr: 'LO', values: ['Basic Application Confidentiality Profile'] }],
  ]);
  return [
    [tagOf('PatientIdentityRemoved'), { vr: 'CS', values: ['YES'] }],
    [tagOf('DeidentificationMethod'), { vr: 'LO', values: ['PS3.15 Basic Application Level Confidentiality Profile'] }],
    [tagOf('DeidentificationMethodCodeSequence'), { vr: 'SQ', items: [code] }],
    [tagOf('LongitudinalTemporalInformationModified'), { vr: 'CS', values: ['REMOVED'] }],
  ];
}

function withoutIdentity(dataSet: DataSet): DataSet {
  return new Map(
    [...dataSet].flatMap(([tag, element]): readonly (readonly [Tag, Element])[] => {
      if (isPrivate(tag)) return [];
      const row = profileRow(tag);
      const left = row ? treated(element, row.action) : within(element);
      return left ? [[tag, left]] : [];
    }),
  );
}

/** What the rows of the profile leave alone still has items that they are about. */
const within = (element: Element): Element => ('items' in element ? { ...element, items: element.items.map(withoutIdentity) } : element);

/** E.1.1 and Table E.1-1a: where the type of an attribute decides, the most that any type allows is taken away and every IOD stays satisfied. */
function treated(element: Element, action: ProfileAction): Element | null {
  switch (action) {
    case 'X':
      return null;
    case 'Z':
    case 'X/Z':
      return emptied(element);
    case 'U':
    case 'X/Z/U*':
      return 'items' in element ? within(element) : replaced(element);
    default:
      return dummy(element);
  }
}

function emptied(element: Element): Element {
  if ('items' in element) return { ...element, items: [] };
  if ('values' in element) return { ...element, values: [] } as Element;
  return { vr: 'OB', bytes: new Uint8Array() };
}

const dummies: Readonly<Partial<Record<Vr, string>>> = {
  ...{ AS: '000Y', CS: 'NONE', DA: '19000101', DS: '0', DT: '19000101000000', IS: '0', TM: '000000' },
  ...{ LO: 'ANONYMOUS', LT: 'ANONYMOUS', PN: 'ANONYMOUS', SH: 'ANONYMOUS', ST: 'ANONYMOUS', UT: 'ANONYMOUS' },
};

function dummy(element: Element): Element {
  const text = dummies[element.vr];
  if ('items' in element) return within(element);
  if (element.vr === 'UI') return replaced(element);
  return text !== undefined && 'values' in element && element.values.length > 0
    ? ({ ...element, values: [text] } as Element)
    : emptied(element);
}

function replaced(element: Element): Element {
  return element.vr === 'UI' ? { ...element, values: element.values.map(anonymousUid) } : emptied(element);
}

/** Another UID, the same one for the same UID (PS3.5-2013 B.2); those that the standard assigns stay. */
export function anonymousUid(uid: string): string {
  if (uid === '' || uid.startsWith('1.2.840.10008.')) return uid;
  const hash = createHash('sha256').update(`anonymous ${uid}`).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}
