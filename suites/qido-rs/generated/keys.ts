import type { RequirementId } from '../../../schemas/requirements.ts';
import type { SearchLevel } from '../../../schemas/search-attributes.ts';
import { dayAfter, dayBefore } from '../../kit/days.ts';
import { spellings } from '../keys/key-check.ts';
import { type Entity, valuesOf } from './entities.ts';
import { codeForms, dateForms, type Form, nameForms, numberForms, textForms, timeForms, uidForms } from './forms.ts';
import { isFree, type Kind } from './freedom.ts';

/** Numbers from 0 to 1 that choose among what there is. */
export interface Draw {
  readonly key: number;
  readonly form: number;
  readonly source: number;
  readonly other: number;
  readonly at: number;
}

/** Keys that belong together, and what they leave to the server. */
export interface Keys {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** What they are about: dates and their times belong together, and so do the attributes of a sequence. */
  readonly about: string;
  /** How many attributes they name. */
  readonly count: number;
  readonly row: RequirementId;
  readonly mayRefuse: boolean;
  isFree(entity: Entity): boolean;
}

/** Makes keys of values that entities have; null where none has any. */
interface KeyKind {
  make(draw: Draw, entities: readonly Entity[]): Keys | null;
}

const pick = <T>(all: readonly T[], at: number): T | undefined => all[Math.floor(at * all.length)];
/** Blanks at the ends of a value mean nothing, so what is cut out of a value has none. */
const storedIn = (entities: readonly Entity[], path: string) => [
  ...new Set(entities.flatMap(entity => valuesOf(entity, path)).filter(value => !/\s/.test(value) && !value.includes('='))),
];

const single = (path: string, kind: Kind, forms: readonly Form[]): KeyKind => ({
  make(draw, entities) {
    const values = storedIn(entities, path);
    const [stored, other] = [pick(values, draw.source), pick(values, draw.other)];
    const form = pick(forms, draw.form);
    if (stored === undefined || other === undefined || !form) return null;
    const made = [form.make(stored, draw.at, other)].flat();
    // Either spelling names the attribute.
    const name = spellings(path)[draw.at < 0.8 ? 0 : 1];
    return {
      pairs: made.map(value => [name, value] as const),
      about: (path.split('.')[0] ?? '').replace(/(Date|Time)$/, ''),
      count: 1,
      row: form.row,
      mayRefuse: form.mayRefuse ?? false,
      isFree: entity => isFree(kind, made, valuesOf(entity, path)),
    };
  },
});

const hours = ['003000', '090000', '110000', '123000', '143000', '223500', '233000'];

/** PS3.18-2013 6.7.1.2.1: ranges of one form are one interval; a single date stands by itself. `zone` gives Timezone Offset From UTC, too. */
const combined = (stem: string, row: RequirementId, zone: boolean): KeyKind => ({
  make(draw, entities) {
    const having = zone ? entities.filter(entity => valuesOf(entity, 'TimezoneOffsetFromUTC').length > 0) : entities;
    const date = pick(storedIn(having, `${stem}Date`), draw.source);
    const [from, to] = [pick(hours, draw.at), pick(hours, draw.other)];
    if (date === undefined || from === undefined || to === undefined) return null;
    const begin = pick([date, dayBefore(date)], draw.form * 7 - Math.floor(draw.form * 7));
    const end = pick([date, dayAfter(date)], draw.form * 5 - Math.floor(draw.form * 5));
    const forms: readonly (readonly [string, string, RequirementId])[] = [
      [`${begin}-${end}`, begin === end ? [from, to].sort().join('-') : `${from}-${to}`, row],
      [`${begin}-`, `${from}-`, 'QIDO-RS-6.7.1.2.1-35'],
      [`-${end}`, `-${to}`, 'QIDO-RS-6.7.1.2.1-35'],
      ...(zone ? [] : ([[date, [from, to].sort().join('-'), 'QIDO-RS-6.7.1.2.1-36']] as const)),
    ];
    const [dates, times, decides] = pick(forms, draw.form) ?? ['', '', row];
    const offset = pick(['+0000', '+0900', '-0800'], draw.other) ?? '';
    return {
      pairs: [[`${stem}Date`, dates], [`${stem}Time`, times], ...(zone ? [['TimezoneOffsetFromUTC', offset] as const] : [])],
      about: stem,
      count: zone ? 3 : 2,
      row: zone ? 'QIDO-RS-6.7.1.2.1-49' : decides,
      mayRefuse: false,
      // Without an offset of its own, a stored time is in whatever zone the server takes for granted.
      isFree: entity =>
        valuesOf(entity, `${stem}Date`).length === 0 ||
        valuesOf(entity, `${stem}Time`).length === 0 ||
        (zone && valuesOf(entity, 'TimezoneOffsetFromUTC').length === 0),
    };
  },
});

const request = 'RequestAttributesSequence';

/** PS3.4-2013 C.2.2.2.6: two keys below one sequence, of values that stand in one item or in two. */
const sameItem: KeyKind = {
  make(draw, entities) {
    const paths = [`${request}.RequestedProcedureID`, `${request}.ScheduledProcedureStepID`] as const;
    const [one, other] = [pick(storedIn(entities, paths[0]), draw.source), pick(storedIn(entities, paths[1]), draw.other)];
    if (one === undefined || other === undefined) return null;
    return {
      pairs: [
        [spellings(paths[0])[1], one],
        [spellings(paths[1])[1], other],
      ],
      about: request,
      count: 2,
      row: 'QIDO-RS-6.7.1.2.1-40',
      mayRefuse: false,
      isFree: entity => paths.some(path => valuesOf(entity, path).length === 0),
    };
  },
};

/** PS3.18-2013 Tables 6.7.1-1 to 6.7.1-1b: the required keys; the matching of optional ones is the server's choice. */
const required: Readonly<Record<SearchLevel, readonly KeyKind[]>> = {
  study: [
    single('PatientID', 'text', textForms),
    single('PatientID', 'text', textForms),
    single('AccessionNumber', 'text', textForms),
    single('StudyID', 'text', textForms),
    single('StudyDate', 'date', dateForms),
    single('StudyDate', 'date', dateForms),
    single('StudyTime', 'time', timeForms),
    single('ModalitiesInStudy', 'code', codeForms),
    single('PatientName', 'name', nameForms('QIDO-RS-6.7.1.2.1.1-06')),
    single('ReferringPhysicianName', 'name', nameForms('QIDO-RS-6.7.1.2.1.1-05')),
    combined('Study', 'QIDO-RS-6.7.1.2.1-33', false),
    combined('Study', 'QIDO-RS-6.7.1.2.1-33', true),
    single('StudyInstanceUID', 'uid', uidForms),
  ],
  series: [
    single(
      'Modality',
      'code',
      codeForms.map(form => ({ ...form, row: form.row === 'QIDO-RS-6.7.1.2.1-44' ? 'QIDO-RS-6.7.1.2.1.2-01' : form.row })),
    ),
    single('SeriesNumber', 'number', numberForms),
    single('SeriesNumber', 'number', numberForms),
    single('PerformedProcedureStepStartDate', 'date', dateForms),
    single('PerformedProcedureStepStartTime', 'time', timeForms),
    combined('PerformedProcedureStepStart', 'QIDO-RS-6.7.1.2.1-34', false),
    single(
      `${request}.ScheduledProcedureStepID`,
      'text',
      textForms.map(form => ({ ...form, row: 'QIDO-RS-6.7.1.2.1-43' })),
    ),
    sameItem,
    sameItem,
    single('SeriesInstanceUID', 'uid', uidForms),
  ],
  instance: [
    single('InstanceNumber', 'number', numberForms),
    single('SOPClassUID', 'uid', uidForms),
    single('SOPInstanceUID', 'uid', uidForms),
  ],
};

/** The keys that a search has to support below what its path names. */
export function kindsFor(level: SearchLevel, above: 'nothing' | SearchLevel): readonly KeyKind[] {
  const levels = (['study', 'series', 'instance'] as const).slice(0, { study: 1, series: 2, instance: 3 }[level]);
  const named = { nothing: 0, study: 1, series: 2, instance: 3 }[above];
  return levels.slice(named).flatMap(each => required[each]);
}
