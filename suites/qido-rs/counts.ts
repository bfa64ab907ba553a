import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { sendsJson } from '../kit/faults.ts';
import { textOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { heldStudies } from '../kit/givens/holdings.ts';
import { attributeIn, find, findUnlessRefused, notCut, textsIn, uidsOf, warning299 } from '../kit/search.ts';

type Row = Record<string, { vr?: string; Value?: unknown[] }>;

/** What a study result and the searches below it say of a study. */
async function counted(t: Trial, study: string) {
  const above = await find(t, `studies?StudyInstanceUID=${study}`);
  const [result] = above.results;
  const below = await find(t, `studies/${study}/series`);
  const number = (keyword: string) => (result ? Number(textsIn(result, keyword)[0] ?? Number.NaN) : Number.NaN);
  const series = await Promise.all(
    uidsOf('series', below.results).map(async uid => {
      const { results, exchange } = await find(t, `studies/${study}/series/${uid}/instances`);
      return { uid, instances: uidsOf('instance', results), isCut: warning299(exchange) !== '' };
    }),
  );
  return {
    said: { series: number('NumberOfStudyRelatedSeries'), instances: number('NumberOfStudyRelatedInstances') },
    modalities: result ? textsIn(result, 'ModalitiesInStudy') : [],
    ofSeries: below.results.flatMap(each => textsIn(each, 'Modality')),
    bySeries: below.results.map(each => Number(textsIn(each, 'NumberOfSeriesRelatedInstances')[0] ?? Number.NaN)),
    series,
    isCut: warning299(below.exchange) !== '' || series.some(each => each.isCut),
  };
}

type Counted = Awaited<ReturnType<typeof counted>>;

/** What is said beside what is found; what the target does not say, or does not tell below, is left out. */
function compared(
  of: Counted,
): readonly { readonly claim: string; readonly said: unknown; readonly found: unknown; readonly row: RequirementId }[] {
  const counts = [
    ['Number of Study Related Series (0020,1206)', of.said.series, of.series.length],
    ['Number of Study Related Instances (0020,1208)', of.said.instances, of.series.reduce((sum, each) => sum + each.instances.length, 0)],
    ...of.bySeries.map((said, i) => ['Number of Series Related Instances (0020,1209)', said, of.series[i]?.instances.length ?? 0] as const),
  ] as const;
  const [said, found] = [[...of.modalities].sort(), [...new Set(of.ofSeries)].sort()];
  const isTold = said.length > 0 && found.length > 0;
  return [
    ...counts
      .filter(([, number]) => !Number.isNaN(number))
      .map(([claim, number, there]) => ({ claim, said: number, found: there, row: 'QIDO-RS-6.7.1.2.1-47' as const })),
    ...(isTold ? [{ claim: 'Modalities in Study (0008,0061)', said, found, row: 'QIDO-RS-6.7.1.2.1-46' as const }] : []),
  ];
}

const disagrees = (of: Counted): boolean => compared(of).some(({ said, found }) => JSON.stringify(said) !== JSON.stringify(found));

// PS3.4-2013 C.3.4: the counting attributes and Modalities in Study say what the lower levels hold.
export const law = check({
  id: 'qido-rs/counts/agree-with-lower-levels',
  title: 'Counts and modalities of a study are those that searches for its series and instances find',
  requires: ['QIDO-RS-6.7.1.2.1-47', 'QIDO-RS-6.7.1.2.1-46'],
  given: { held: heldStudies },
  fault: sendsJson((rows: Row[]) =>
    rows.map(row => (row['00201208'] ? { ...row, '00201208': { vr: 'IS', Value: [Number(row['00201208'].Value?.[0]) + 1] } } : row)),
  ),
  async run(t, { held }) {
    for (const { studyInstanceUID } of held) {
      let found = await counted(t, studyInstanceUID);
      if (found.isCut) {
        t.record('a study with more series or instances than the target sends at once', 'not judged');
        continue;
      }
      // The content may have changed between the searches: look again before anybody is accused.
      if (disagrees(found)) found = await counted(t, studyInstanceUID);
      for (const { claim, said, found: wanted, row } of compared(found)) t.expect(claim, said, wanted, { row });
    }
  },
});

// PS3.4-2013 C.3.4: all distinct values of Modality in the study; C.2.2.3: all values are returned though one matches.
export const modalities = check({
  id: 'qido-rs/counts/modalities-in-study',
  title: 'Modalities in Study has each modality of the study once, also when one of them was searched for',
  requires: ['QIDO-RS-6.7.1.2.1-46', 'QIDO-RS-6.7.1.2.1-45'],
  given: { ct: fixture('ct'), mixed: fixture('mixed') },
  fault: sendsJson((rows: Row[]) => rows.map(row => ({ ...row, '00080061': { vr: 'CS', Value: row['00080061']?.Value?.slice(0, 1) } }))),
  async run(t, { ct, mixed }) {
    for (const study of [ct, mixed]) {
      const wanted = [...new Set(study.instances.map(each => textOf(each, 'Modality')))].sort();
      for (const [query, row] of [
        ['', 'QIDO-RS-6.7.1.2.1-46'],
        ['&ModalitiesInStudy=SR', 'QIDO-RS-6.7.1.2.1-45'],
      ] as const) {
        const { results } = await find(t, `studies?StudyInstanceUID=${study.studyInstanceUID}${query}`, { row });
        for (const result of results) {
          if (!attributeIn(result, 'ModalitiesInStudy')) {
            t.record('Modalities in Study', 'not returned, which is judged by itself');
            continue;
          }
          const words = query === '' ? '' : ', found by ModalitiesInStudy=SR';
          t.expect(`Modalities in Study of the study "${study.name}"${words}`, [...textsIn(result, 'ModalitiesInStudy')].sort(), wanted, {
            row,
          });
        }
      }
    }
  },
});

// PS3.4-2013 C.3.4: an instance counts once, in however many encodings the server keeps it.
export const onceEach = check({
  id: 'qido-rs/counts/each-instance-once',
  title: 'Each instance is counted and returned once',
  requires: ['QIDO-RS-6.7.1.2.1-60', 'QIDO-RS-6.7.1.2.1-47'],
  given: { ct: fixture('ct') },
  fault: sendsJson((rows: Row[]) => (rows.some(row => row['00080018']) ? rows.flatMap(row => [row, row]) : rows)),
  async run(t, { ct }) {
    const [study] = (await find(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}`)).results;
    const [said] = study ? textsIn(study, 'NumberOfStudyRelatedInstances') : [];
    if (said !== undefined)
      t.expect('Number of Study Related Instances of the study "ct"', Number(said), ct.instances.length, { row: 'QIDO-RS-6.7.1.2.1-47' });
    for (const series of new Set(ct.instances.map(({ seriesInstanceUID }) => seriesInstanceUID))) {
      const wanted = ct.instances.filter(({ seriesInstanceUID }) => seriesInstanceUID === series).length;
      const { results } = notCut(t, await find(t, `studies/${ct.studyInstanceUID}/series/${series}/instances`));
      t.expect(`the number of results for a series of ${wanted} instances`, results.length, wanted);
    }
    // An attribute of PS3.4 that is no row of the tables.
    const sopClasses = (
      (await findUnlessRefused(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}&includefield=SOPClassesInStudy`)) ?? []
    ).flatMap(each => textsIn(each, 'SOPClassesInStudy'));
    const wanted = [...new Set(ct.instances.map(({ sopClassUID }) => sopClassUID))].sort();
    if (sopClasses.length > 0)
      t.expect('SOP Classes in Study of the study "ct"', [...sopClasses].sort(), wanted, { row: 'QIDO-RS-6.7.1.2.1-47' });
  },
});
