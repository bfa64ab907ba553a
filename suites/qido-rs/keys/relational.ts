import { requiredMatchingKeys } from '../../../schemas/search-attributes.ts';
import { check } from '../../harness/check.ts';
import { on } from '../../kit/faults.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { offeredRelational, offers } from '../../kit/givens/relational.ts';
import { eachStudy, ignores, type KeyTrial, tryKey } from './key-check.ts';

/** Values that no fixture has, by the attribute's keyword; those of the other keys are text. */
const nobodys: Readonly<Record<string, string>> = {
  StudyDate: '19010101',
  StudyTime: '235958',
  ModalitiesInStudy: 'ZZ',
  ReferringPhysicianName: 'Nobody',
  PatientName: 'Nobody',
  Modality: 'ZZ',
  SeriesInstanceUID: '2.25.1',
  SeriesNumber: '777',
  PerformedProcedureStepStartDate: '19010101',
  PerformedProcedureStepStartTime: '235958',
};

const keysOf = (level: 'study' | 'series', row: KeyTrial['row']): readonly KeyTrial[] =>
  requiredMatchingKeys[level]
    // The UID of the study says in each search which study is looked at; the sequence has no value of its own.
    .filter(({ keywords }) => keywords !== 'StudyInstanceUID' && keywords !== 'RequestAttributesSequence')
    .map(({ keywords }) => ({ path: keywords, row, nobodys: nobodys[keywords] ?? 'NO-SUCH-VALUE' }));

// PS3.18-2013 6.7.1.2.1.2: without the UID of the study in the path all keys of the study level are supported.
export const seriesByStudyKeys = check({
  id: 'qido-rs/keys/relational-series-by-study-keys',
  title: 'A search for series across all studies filters by each required key of the study level',
  requires: ['QIDO-RS-6.7.1.2.1.2-09'],
  given: { offered: offers('series of all studies'), ct: fixture('ct'), other: fixture('search-series') },
  fault: on(/\/dicom-web\/series/, ignores('StudyID')),
  async run(t, { ct, other }) {
    for (const key of keysOf('study', 'QIDO-RS-6.7.1.2.1.2-09')) await tryKey(t, 'series', eachStudy([ct, other], 'series'), key);
  },
});

// PS3.18-2013 6.7.1.2.1.3: the same for instances.
export const instancesByStudyKeys = check({
  id: 'qido-rs/keys/relational-instances-by-study-keys',
  title: 'A search for instances across all studies filters by each required key of the study level',
  requires: ['QIDO-RS-6.7.1.2.1.3-04'],
  given: { offered: offers('instances of all studies'), ct: fixture('ct'), other: fixture('search-series') },
  fault: on(/\/dicom-web\/instances/, ignores('AccessionNumber')),
  async run(t, { ct, other }) {
    for (const key of keysOf('study', 'QIDO-RS-6.7.1.2.1.3-04')) await tryKey(t, 'instance', eachStudy([ct, other], 'instances'), key);
  },
});

// PS3.18-2013 6.7.1.2.1.3: without the UID of the series in the path all keys of the series level are supported.
export const instancesBySeriesKeys = check({
  id: 'qido-rs/keys/relational-instances-by-series-keys',
  title: 'A search for instances across series filters by each required key of the series level',
  requires: ['QIDO-RS-6.7.1.2.1.3-05'],
  given: { offered: offeredRelational, study: fixture('search-series') },
  fault: on(/\/instances/, ignores('Modality')),
  async run(t, { offered, study }) {
    const ofStudy = offered.has('instances of a study')
      ? [{ resource: `studies/${study.studyInstanceUID}/instances`, studies: [study] }]
      : [];
    const scopes = [...ofStudy, ...(offered.has('instances of all studies') ? eachStudy([study], 'instances') : [])];
    if (scopes.length === 0) t.skip('the target refuses the relational searches for instances, which edition 2013 leaves to it');
    for (const key of keysOf('series', 'QIDO-RS-6.7.1.2.1.3-05')) {
      for (const scope of scopes) await tryKey(t, 'instance', [scope], key);
    }
  },
});
