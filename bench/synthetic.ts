import type { StoredInstance } from '../mock-server/storage/store.ts';
import type { Element, Tag } from '../schemas/data-set.ts';
import { tagOf } from '../schemas/dictionary.ts';
import { sopClasses } from '../schemas/sop-classes.ts';
import { explicitLittleEndian } from '../schemas/transfer-syntaxes.ts';

const perStudy = 10;
const perSeries = 5;
const days = 3650;
const file = new Uint8Array();
const octets = { length: 0 } as unknown as StoredInstance['octets'];

const text = (vr: 'CS' | 'DA' | 'IS' | 'LO' | 'PN' | 'SH' | 'TM' | 'UI', ...values: string[]): Element => ({ vr, values });
const dayAt = (n: number) => new Date(Date.UTC(2010, 0, 1 + (n % days))).toISOString().slice(0, 10).replaceAll('-', '');
const [image, report] = ['CT', 'SR'].map(modality => text('CS', modality));
const instanceNumbers = Array.from({ length: perStudy }, (_, i) => text('IS', String(i + 1)));
const sopClass = text('UI', sopClasses['CT Image Storage']);

/** Instances without pixels, as a store keeps them: ten for each study, in two series, over ten years and a thousand patients. Elements are shared where they are equal. */
export function* syntheticInstances(studies: number): Generator<StoredInstance> {
  for (let s = 0; s < studies; s += 1) {
    const studyInstanceUID = `1.2.3.${s}`;
    const ofStudy: readonly (readonly [Tag, Element])[] = [
      [tagOf('StudyDate'), text('DA', dayAt(s * 7))],
      [tagOf('StudyTime'), text('TM', `${String(s % 24).padStart(2, '0')}1500`)],
      [tagOf('AccessionNumber'), text('SH', `A${s}`)],
      [tagOf('PatientName'), text('PN', `SMITH${s}^JOHN`)],
      [tagOf('PatientID'), text('LO', `P${s % 1000}`)],
      [tagOf('StudyInstanceUID'), text('UI', studyInstanceUID)],
      [tagOf('StudyID'), text('SH', String(s))],
    ];
    for (let i = 0; i < perStudy; i += 1) {
      const series = Math.floor(i / perSeries);
      const seriesInstanceUID = `${studyInstanceUID}.${series + 1}`;
      const sopInstanceUID = `${seriesInstanceUID}.${i + 1}`;
      yield {
        studyInstanceUID,
        seriesInstanceUID,
        sopInstanceUID,
        sopClassUID: sopClasses['CT Image Storage'],
        transferSyntax: explicitLittleEndian,
        file,
        octets,
        size: 0,
        dataSet: new Map<Tag, Element>([
          [tagOf('SOPClassUID'), sopClass],
          [tagOf('SOPInstanceUID'), text('UI', sopInstanceUID)],
          [tagOf('Modality'), (series === 0 ? image : report) ?? text('CS')],
          ...ofStudy,
          [tagOf('SeriesInstanceUID'), text('UI', seriesInstanceUID)],
          [tagOf('InstanceNumber'), instanceNumbers[i] ?? text('IS')],
        ]),
      };
    }
  }
}
