import type { FixtureInstance } from '../../fixtures/recipe.ts';
import type { Trial } from '../harness/trial.ts';
import { changes, discarded, retrieved } from '../kit/kept.ts';
import type { RetrievedObject } from '../kit/objects.ts';
import { freshStudy, type Reported, store } from '../kit/stored.ts';
import { attributeOf } from './module.ts';

/** An instance that was stored, what the answer says of it, and what it has become. */
export interface Look {
  readonly instance: FixtureInstance;
  readonly status: number;
  readonly item: Reported;
  readonly object: RetrievedObject | null;
  /** The attributes that were discarded: they were neither coerced nor corrected (PS3.18-2013 6.6.1.3.2.1.1 tells them apart). */
  readonly gone: readonly string[];
  /** The patient and study attributes whose values differ. */
  readonly coerced: readonly string[];
  readonly warnings: readonly string[];
}

/** PS3.18-2013 6.6.1.2: what servers coerce and correct belongs to patient and study. */
export const coercible = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'AccessionNumber',
  'StudyDescription',
  'StudyDate',
  'StudyID',
  'ReferringPhysicianName',
];

/** Stores instances and looks at what is said of them, and at what became of them. */
export async function look(t: Trial, at: 'the module' | 'the object'): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const name of ['mixed', 'private'] as const) {
    const { instances } = await freshStudy(t, name);
    const { status, stored } = await store(t, instances);
    for (const item of stored) {
      const instance = instances.find(({ sopInstanceUID }) => sopInstanceUID === item.sopInstanceUID);
      if (!instance) continue;
      const content = attributeOf(item.attributes, 'WarningReason')?.content;
      const object = at === 'the object' ? await retrieved(t, instance) : null;
      const differing = object ? changes(instance, object) : [];
      const whereOf = (all: typeof differing) => all.map(({ where }) => where);
      const gone = whereOf(differing.filter(({ got }) => got === discarded));
      const changed = whereOf(differing.filter(({ got }) => got !== discarded));
      const coerced = changed.filter(where => coercible.some(keyword => where.startsWith(`${keyword} (`)));
      looks.push({
        instance,
        status,
        item,
        object,
        gone,
        coerced,
        warnings: content?.kind === 'values' ? content.values.map(String) : [],
      });
    }
  }
  t.record('instances stored with a warning', String(looks.filter(({ warnings }) => warnings.length > 0).length));
  if (at === 'the object')
    t.record(
      'instances of which patient or study attributes were changed',
      String(looks.filter(({ coerced }) => coerced.length > 0).length),
    );
  return looks;
}
