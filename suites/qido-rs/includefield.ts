import type { Tag } from '../../schemas/data-set.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import type { Attributes } from '../kit/compare.ts';
import { hears, hearsKey, on, sendsJson, status } from '../kit/faults.ts';
import { firstOf, textOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { attributeIn, find, findUnlessRefused, sendSearch, textsIn, uidsOf } from '../kit/search.ts';

/** Whether the target can return a study attribute: shown by returning it when it alone is named, by tag or by keyword. */
async function canReturn(t: Trial, resource: string, keyword: string): Promise<boolean> {
  for (const name of [tagOf(keyword), keyword]) {
    const results = await findUnlessRefused(t, `${resource}${resource.includes('?') ? '&' : '?'}includefield=${name}`);
    if (results?.some(result => attributeIn(result, keyword))) return true;
  }
  return false;
}

const optional = ['StudyDescription', 'PatientBirthDate'] as const;

// PS3.18-2013 6.7.1.1: includefield may occur any number of times, by tag or by keyword.
export const named = check({
  id: 'qido-rs/includefield/named-attributes-are-returned',
  title: 'Attributes named by includefield are returned, by tag and by keyword, several at once',
  requires: ['QIDO-RS-6.7.1.1-44', 'QIDO-RS-6.7.1.1-46', 'QIDO-RS-6.7.1.2.2.1-20', 'QIDO-RS-6.7.1.1-49'],
  given: { ct: fixture('ct') },
  // Only the last one counts.
  fault: hears(url => {
    const all = url.searchParams.getAll('includefield');
    if (all.length > 1) url.searchParams.set('includefield', all.at(-1) ?? '');
  }),
  async run(t, { ct }) {
    const study = `studies?StudyInstanceUID=${ct.studyInstanceUID}`;
    const [result] = (await find(t, study)).results;
    const isDefault = result ? attributeIn(result, 'StudyDescription') : undefined;
    t.record('StudyDescription without includefield', isDefault ? 'returned' : 'not returned');
    if (!(await canReturn(t, study, 'StudyDescription'))) t.skip('the target does not return StudyDescription, which it need not support');
    for (const name of ['StudyDescription', tagOf('StudyDescription')]) {
      const [by] = (await find(t, `${study}&includefield=${name}`)).results;
      const got = by ? textsIn(by, 'StudyDescription') : [];
      t.expect(`StudyDescription (0008,1030), named as includefield=${name}`, got, [textOf(firstOf(ct), 'StudyDescription')], {
        row: 'QIDO-RS-6.7.1.1-46',
      });
    }
    for (const others of [
      'includefield=00081030&includefield=00100030',
      'includefield=PatientSex&includefield=StudyDescription&includefield=PatientBirthDate',
    ]) {
      const [by] = (await find(t, `${study}&${others}`)).results;
      for (const keyword of optional)
        t.expect(`${keyword}, one of several that includefield names`, by && attributeIn(by, keyword) ? 'present' : 'absent', 'present', {
          also: ['QIDO-RS-6.7.1.2.2.1-20'],
        });
    }
    const { response } = await sendSearch(t, `${study}&includefield=00081030,00100030`);
    t.record('a list with a comma in one includefield', `status ${response.status}`);
  },
});

const names = (results: readonly Attributes[]): ReadonlySet<Tag> => new Set(results.flatMap(result => result.map(({ tag }) => tag)));

/** A few attributes of each level that no table of results has. */
const candidates = {
  study: ['StudyDescription', 'PatientComments', 'OtherPatientIDs', 'PatientAge', 'ProcedureCodeSequence'],
  series: ['BodyPartExamined', 'PatientPosition', 'SeriesDate', 'Manufacturer', 'InstitutionName', 'FrameOfReferenceUID'],
  instance: ['ImageType', 'ContentDate', 'AcquisitionNumber', 'SliceThickness', 'WindowCenter'],
} as const;

// PS3.18-2013 6.7.1.1 and 6.7.1.2.2: all is every available attribute of the level.
export const all = check({
  id: 'qido-rs/includefield/all',
  title: 'includefield=all returns every attribute of the level that is returned when it is named',
  requires: ['QIDO-RS-6.7.1.1-45', 'QIDO-RS-6.7.1.2.2.1-21', 'QIDO-RS-6.7.1.2.2.2-16', 'QIDO-RS-6.7.1.2.2.3-16'],
  given: { ct: fixture('ct') },
  fault: hearsKey('includefield', value => (value === 'all' ? 'PatientID' : value)),
  async run(t, { ct }) {
    const series = `studies/${ct.studyInstanceUID}/series`;
    for (const [level, resource, row] of [
      ['study', `studies?StudyInstanceUID=${ct.studyInstanceUID}&`, 'QIDO-RS-6.7.1.2.2.1-21'],
      ['series', `${series}?`, 'QIDO-RS-6.7.1.2.2.2-16'],
      ['instance', `${series}/${firstOf(ct).seriesInstanceUID}/instances?limit=1&`, 'QIDO-RS-6.7.1.2.2.3-16'],
    ] as const) {
      const [plain, whole] = [await find(t, resource.slice(0, -1)), await find(t, `${resource}includefield=all`)];
      const everything = names(whole.results);
      for (const tag of names(plain.results))
        t.expect(`${tag} in ${level} results with includefield=all`, everything.has(tag) ? 'present' : 'absent', 'present');
      for (const keyword of candidates[level]) {
        const byName = (await findUnlessRefused(t, `${resource}includefield=${keyword}`)) ?? [];
        if (!names(byName).has(tagOf(keyword))) continue;
        t.expect(
          `${keyword}, which can be had by name, in ${level} results with includefield=all`,
          everything.has(tagOf(keyword)) ? 'present' : 'absent',
          'present',
          { row },
        );
      }
    }
  },
});

// PS3.18-2013 6.7.1.1: an attribute in includefield is like a key of universal matching.
export const neverFilters = check({
  id: 'qido-rs/includefield/never-filters',
  title: 'includefield does not change what is found, also where an entity lacks the attribute',
  requires: ['QIDO-RS-6.7.1.1-47', 'QIDO-RS-6.7.1.1-48'],
  given: { ct: fixture('ct'), without: fixture('search-no-description') },
  fault: on(
    /includefield=StudyDescription/,
    sendsJson((rows: Record<string, { Value?: unknown }>[]) => rows.filter(row => row['00081030']?.Value)),
  ),
  async run(t, { ct, without }) {
    for (const study of [ct, without]) {
      const results = await findUnlessRefused(t, `studies?StudyInstanceUID=${study.studyInstanceUID}&includefield=StudyDescription`);
      t.expect(`the studies found by the UID of "${study.name}" with includefield=StudyDescription`, uidsOf('study', results ?? []), [
        study.studyInstanceUID,
      ]);
    }
    const row = 'QIDO-RS-6.7.1.1-48';
    const id = textOf(firstOf(ct), 'PatientID');
    const both = await findUnlessRefused(t, `studies?PatientID=${encodeURIComponent(id)}&includefield=PatientID`, { row });
    const others = (both ?? []).filter(result => textsIn(result, 'PatientID').some(each => each !== id)).length;
    t.expect('the results of other patients for PatientID as key and in includefield', others, 0, { row });
    if (both)
      t.expect(
        'the study found by PatientID as key and in includefield',
        uidsOf('study', both).includes(ct.studyInstanceUID) ? 'found' : 'not found',
        'found',
        { row },
      );
  },
});

// PS3.18-2013 6.7.1.2.2: what describes lower levels is not returned; what is not supported is left out.
export const levels = check({
  id: 'qido-rs/includefield/attributes-of-lower-levels',
  title: 'Attributes of lower levels are not returned though includefield names them',
  requires: ['QIDO-RS-6.7.1.2.2.1-22', 'QIDO-RS-6.7.1.2.2.2-18'],
  given: { ct: fixture('ct') },
  fault: on(
    /includefield=Modality/,
    sendsJson((rows: Record<string, unknown>[]) => rows.map(row => ({ ...row, '00080060': { vr: 'CS', Value: ['CT'] } }))),
  ),
  async run(t, { ct }) {
    for (const [resource, lower, row] of [
      [`studies?StudyInstanceUID=${ct.studyInstanceUID}&`, ['Modality', 'SOPClassUID'], 'QIDO-RS-6.7.1.2.2.1-22'],
      [`studies/${ct.studyInstanceUID}/series?`, ['SOPInstanceUID', 'InstanceNumber'], 'QIDO-RS-6.7.1.2.2.2-18'],
    ] as const) {
      const results = await findUnlessRefused(t, resource + lower.map(keyword => `includefield=${keyword}`).join('&'), { row });
      if (results === null) t.record(`includefield=${lower[0]}`, 'refused');
      for (const keyword of lower) {
        const isThere = results?.some(result => attributeIn(result, keyword)) ?? false;
        t.expect(`${keyword}, an attribute of a lower level that includefield names`, isThere ? 'present' : 'absent', 'absent', { row });
      }
    }
  },
});

export const unsupported = check({
  id: 'qido-rs/includefield/unsupported-attributes',
  title: 'An attribute that is not supported is left out, without an error',
  requires: ['QIDO-RS-6.7.1.2.2.1-23'],
  given: { ct: fixture('ct') },
  fault: on(/includefield=PatientBreedDescription/, status(501)),
  async run(t, { ct }) {
    for (const keyword of ['PatientBreedDescription', 'ClinicalTrialSponsorName', 'ServiceEpisodeID']) {
      const { response } = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&includefield=${keyword}`);
      t.expect(`the status for includefield=${keyword}`, response.status, 200);
    }
    const odd = await sendSearch(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&includefield=NotAKeyword`);
    t.expect('the status for an includefield that is no attribute', odd.response.status, anyOf(200, 400));
  },
});
