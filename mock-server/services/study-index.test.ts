import fc from 'fast-check';
import { expect, test } from 'vitest';
import { syntheticInstances } from '../../bench/synthetic.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { compileKeys, type MatchingKey } from '../dicom/match.ts';
import { createStore, type StoredInstance } from '../storage/store.ts';
import { createEntities } from './entities.ts';
import { createStudyIndex } from './study-index.ts';

const instances = [...syntheticInstances(40)];
/** Studies of few patients on few days, so that values meet. */
const crowded = instances.map((instance): StoredInstance => {
  const s = Number(instance.studyInstanceUID.split('.').at(-1));
  return {
    ...instance,
    dataSet: new Map([
      ...instance.dataSet,
      [tagOf('PatientID'), { vr: 'LO', values: [`P${s % 5}`] }],
      [tagOf('StudyDate'), { vr: 'DA', values: [`201305${String(1 + (s % 9)).padStart(2, '0')}`] }],
    ]),
  };
});

const key = (keyword: string, vr: MatchingKey['vr'], ...values: string[]): MatchingKey => ({ path: [tagOf(keyword)], vr, values });
const day = fc.integer({ min: 1, max: 10 }).map(n => `201305${String(n).padStart(2, '0')}`);
const keys = fc.oneof(
  day.map(date => key('StudyDate', 'DA', date)),
  fc.tuple(day, day).map(([a, b]) => key('StudyDate', 'DA', `${a}-${b}`)),
  day.map(date => key('StudyDate', 'DA', `-${date}`)),
  day.map(date => key('StudyDate', 'DA', `${date}-`)),
  fc.integer({ min: 0, max: 6 }).map(n => key('PatientID', 'LO', `P${n}`)),
  fc.constant(key('PatientID', 'LO', 'P*')),
  fc.integer({ min: 0, max: 45 }).map(n => key('AccessionNumber', 'SH', `A${n}`)),
  fc
    .array(fc.integer({ min: 0, max: 45 }), { minLength: 1, maxLength: 3 })
    .map(ns => key('StudyInstanceUID', 'UI', ...ns.map(n => `1.2.3.${n}`))),
);
const changes = fc.array(fc.tuple(fc.boolean(), fc.nat(crowded.length - 1)), { maxLength: 120 });

test('whatever comes and goes, the index leaves out nothing that matches, and keeps the order', () => {
  fc.assert(
    fc.property(changes, fc.array(keys, { minLength: 1, maxLength: 2 }), (steps, wanted) => {
      const store = createStore();
      const entities = createEntities(store);
      for (const [adds, n] of steps) {
        const instance = crowded[n]!;
        if (adds) store.add(instance);
        else store.remove(instance.studyInstanceUID, instance.seriesInstanceUID, instance.sopInstanceUID);
      }
      const matches = compileKeys(wanted);
      const found = (some: readonly MatchingKey[]) =>
        [...entities('study', some)].filter(entity => matches(entity)).map(({ studyInstanceUID }) => studyInstanceUID);
      expect(found(wanted)).toEqual(found([]));
    }),
    { numRuns: 300 },
  );
});

test('few candidates are looked at for a UID, a patient or a day', () => {
  const store = createStore();
  const index = createStudyIndex(store);
  for (const instance of syntheticInstances(4000)) store.add(instance);
  expect(index.size).toBe(4000);
  expect(index.candidates([key('StudyInstanceUID', 'UI', '1.2.3.7')])).toEqual(['1.2.3.7']);
  expect(index.candidates([key('PatientID', 'LO', 'P7')])).toHaveLength(4);
  expect(index.candidates([key('StudyDate', 'DA', '20130509')])?.length).toBeLessThan(5);
  expect(index.candidates([key('StudyDate', 'DA', '20100101-')])).toBe(null);
  expect(index.candidates([key('PatientID', 'LO', 'P*')])).toBe(null);
});
