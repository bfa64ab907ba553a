import type { FixtureStudy } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { noneOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { sendsJson } from '../kit/faults.ts';
import { firstOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { availability, expectForm, expectPresent, expectValues, utcOffset } from '../kit/result-rows.ts';
import { attributeIn, find, findUnlessRefused, textsIn, uidsOf } from '../kit/search.ts';

/** PS3.18-2013 Table 6.7.1-2b: the rows without condition. */
export const instanceRows = {
  SOPClassUID: 'QIDO-RS-6.7.1.2.2.3-02',
  SOPInstanceUID: 'QIDO-RS-6.7.1.2.2.3-03',
  InstanceAvailability: 'QIDO-RS-6.7.1.2.2.3-04',
  RetrieveURL: 'QIDO-RS-6.7.1.2.2.3-06',
  InstanceNumber: 'QIDO-RS-6.7.1.2.2.3-07',
} as const satisfies Readonly<Record<string, RequirementId>>;

/** The rows for images. */
const ofImages = {
  Rows: 'QIDO-RS-6.7.1.2.2.3-08',
  Columns: 'QIDO-RS-6.7.1.2.2.3-09',
  BitsAllocated: 'QIDO-RS-6.7.1.2.2.3-10',
} as const satisfies Readonly<Record<string, RequirementId>>;

/** The results for the instances of each series, asked for series by series, since only that is never a relational search. */
async function eachInstance(t: Trial, study: FixtureStudy) {
  const series = [...new Set(study.instances.map(({ seriesInstanceUID }) => seriesInstanceUID))];
  const found = await Promise.all(series.map(uid => find(t, `studies/${study.studyInstanceUID}/series/${uid}/instances`)));
  return found.flatMap(({ results }) =>
    results.flatMap(result => {
      const instance = study.instances.find(({ sopInstanceUID }) => sopInstanceUID === uidsOf('instance', [result])[0]);
      return instance ? [{ result, instance, what: `the result for ${study.name}/${instance.name}` }] : [];
    }),
  );
}

export const present = check({
  id: 'qido-rs/results-instance/every-row-of-the-table',
  title: 'Each instance result has every unconditional attribute of Table 6.7.1-2b, with the stored value',
  requires: ['QIDO-RS-6.7.1.2.2.3-02', ...Object.values(instanceRows).slice(1)],
  given: { mixed: fixture('mixed') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '00080016': _, ...row }) => row)),
  async run(t, { mixed }) {
    const some = await find(t, `studies/${mixed.studyInstanceUID}/series/${firstOf(mixed).seriesInstanceUID}/instances`);
    const uids = uidsOf('instance', some.results);
    for (const uid of uids) t.expect('the SOP Instance UID of a result', uid, noneOf(''), { row: instanceRows.SOPInstanceUID });
    t.expect('the number of results that repeat another', uids.length - new Set(uids).size, 0, { row: instanceRows.SOPInstanceUID });
    for (const { result, instance, what } of await eachInstance(t, mixed)) {
      expectPresent(t, result, instanceRows, what);
      expectValues(t, result, instance, instanceRows, what);
      expectForm(
        t,
        result,
        'InstanceAvailability',
        availability,
        'ONLINE, NEARLINE, OFFLINE or UNAVAILABLE',
        instanceRows.InstanceAvailability,
        what,
      );
    }
  },
});

// Table 6.7.1-2b: the rows that only images have.
export const images = check({
  id: 'qido-rs/results-instance/images-have-their-size',
  title: 'Results for images have Rows, Columns and Bits Allocated; results for other instances do not',
  requires: ['QIDO-RS-6.7.1.2.2.3-08', 'QIDO-RS-6.7.1.2.2.3-09', 'QIDO-RS-6.7.1.2.2.3-10', 'QIDO-RS-6.7.1.2.2.3-12'],
  given: { mixed: fixture('mixed') },
  fault: sendsJson((rows: Record<string, unknown>[]) =>
    rows.map(row => ({ '00280010': { vr: 'US' }, '00280011': { vr: 'US' }, '00280100': { vr: 'US' }, ...row })),
  ),
  async run(t, { mixed }) {
    for (const { result, instance, what } of await eachInstance(t, mixed)) {
      if (instance.dataSet.has(tagOf('Rows'))) {
        expectPresent(t, result, ofImages, what);
        expectValues(t, result, instance, ofImages, what);
        continue;
      }
      for (const keyword of Object.keys(ofImages)) {
        const row = 'QIDO-RS-6.7.1.2.2.3-12';
        t.expect(`${keyword} in ${what}, which is no image`, attributeIn(result, keyword) ? 'present' : 'absent', 'absent', { row });
      }
    }
  },
});

export const frames = check({
  id: 'qido-rs/results-instance/number-of-frames',
  title: 'Results for multi-frame images have Number of Frames; results for single-frame images do not',
  requires: ['QIDO-RS-6.7.1.2.2.3-11', 'QIDO-RS-6.7.1.2.2.3-13'],
  given: { ct: fixture('ct'), multi: fixture('multi-frame') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(({ '00280008': _, ...row }) => row)),
  async run(t, { ct, multi }) {
    for (const { result, instance, what } of [...(await eachInstance(t, ct)), ...(await eachInstance(t, multi))]) {
      const row = { NumberOfFrames: 'QIDO-RS-6.7.1.2.2.3-11' } as const;
      if (instance.dataSet.has(tagOf('NumberOfFrames'))) {
        expectPresent(t, result, row, what);
        expectValues(t, result, instance, row, what);
      } else if (instance.dataSet.has(tagOf('Rows'))) {
        const isThere = attributeIn(result, 'NumberOfFrames') ? 'present' : 'absent';
        t.expect(`NumberOfFrames (0028,0008) in ${what}, a single-frame image`, isThere, 'absent', { row: 'QIDO-RS-6.7.1.2.2.3-13' });
      }
    }
  },
});

export const timezone = check({
  id: 'qido-rs/results-instance/offset-from-utc',
  title: 'An instance result has Timezone Offset From UTC if the instance has it',
  requires: ['QIDO-RS-6.7.1.2.2.3-05'],
  given: { zone: fixture('search-timezone') },
  fault: sendsJson((rows: Record<string, unknown>[]) => rows.map(row => ({ ...row, '00080201': { vr: 'SH', Value: ['CET'] } }))),
  async run(t, { zone }) {
    const instances = `studies/${zone.studyInstanceUID}/series/${firstOf(zone).seriesInstanceUID}/instances`;
    const { results } = await find(t, instances);
    t.expect('the instances found in a series', results.length > 0 ? 'some' : 'none', 'some');
    for (const result of results) {
      expectForm(
        t,
        result,
        'TimezoneOffsetFromUTC',
        utcOffset,
        'an offset from UTC such as +0100',
        'QIDO-RS-6.7.1.2.2.3-05',
        'an instance result',
      );
    }
    const named = ((await findUnlessRefused(t, `${instances}?includefield=00080201`)) ?? []).flatMap(each =>
      textsIn(each, 'TimezoneOffsetFromUTC'),
    );
    const given = results.flatMap(each => textsIn(each, 'TimezoneOffsetFromUTC'));
    if (named.length > 0) t.expect('Timezone Offset From UTC of an instance that has one', given, named);
  },
});
