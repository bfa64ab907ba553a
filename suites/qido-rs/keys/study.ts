import { type Check, check } from '../../harness/check.ts';
import { firstOf, textOf } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { unknownUid } from '../../kit/offers.ts';
import { eachStudy, ignores, type KeyTrial, tryKey } from './key-check.ts';

// PS3.18-2013 6.7.1.2.1.1, Table 6.7.1-1: the matching keys that a search for studies supports.
const studyKey = (id: string, name: string, key: KeyTrial): Check =>
  check({
    id,
    title: `A search for studies filters by ${name}, named by keyword and by tag`,
    requires: [key.row],
    given: { ct: fixture('ct'), other: fixture('search-series') },
    fault: ignores(key.path),
    async run(t, { ct, other }) {
      await tryKey(t, 'study', eachStudy([ct, other]), key);
    },
  });

export const studyDate = studyKey('qido-rs/keys/studies-by-study-date', 'Study Date', {
  path: 'StudyDate',
  row: 'QIDO-RS-6.7.1.2.1.1-01',
  nobodys: '19010101',
});

export const studyTime = studyKey('qido-rs/keys/studies-by-study-time', 'Study Time', {
  path: 'StudyTime',
  row: 'QIDO-RS-6.7.1.2.1.1-02',
  nobodys: '235958',
});

export const accessionNumber = studyKey('qido-rs/keys/studies-by-accession-number', 'Accession Number', {
  path: 'AccessionNumber',
  row: 'QIDO-RS-6.7.1.2.1.1-03',
  nobodys: 'NO-SUCH-NUMBER',
});

export const modalitiesInStudy = studyKey('qido-rs/keys/studies-by-modalities-in-study', 'Modalities in Study', {
  path: 'ModalitiesInStudy',
  row: 'QIDO-RS-6.7.1.2.1.1-04',
  nobodys: 'ZZ',
});

export const referringPhysicianName = studyKey('qido-rs/keys/studies-by-referring-physician-name', "Referring Physician's Name", {
  path: 'ReferringPhysicianName',
  row: 'QIDO-RS-6.7.1.2.1.1-05',
  nobodys: 'Nobody',
});

export const patientName = studyKey('qido-rs/keys/studies-by-patient-name', "Patient's Name", {
  path: 'PatientName',
  row: 'QIDO-RS-6.7.1.2.1.1-06',
  nobodys: 'Nobody',
});

export const patientID = studyKey('qido-rs/keys/studies-by-patient-id', 'Patient ID', {
  path: 'PatientID',
  row: 'QIDO-RS-6.7.1.2.1.1-07',
  nobodys: 'NO-SUCH-PATIENT',
});

export const studyID = studyKey('qido-rs/keys/studies-by-study-id', 'Study ID', {
  path: 'StudyID',
  row: 'QIDO-RS-6.7.1.2.1.1-09',
  nobodys: 'NO-SUCH-STUDY',
});

export const studyInstanceUid = check({
  id: 'qido-rs/keys/studies-by-study-instance-uid',
  title: 'A search for studies filters by Study Instance UID, named by keyword and by tag',
  requires: ['QIDO-RS-6.7.1.2.1.1-08'],
  given: { ct: fixture('ct'), other: fixture('search-series') },
  fault: ignores('StudyInstanceUID'),
  async run(t, { ct, other }) {
    const key = { path: 'StudyInstanceUID', row: 'QIDO-RS-6.7.1.2.1.1-08', nobodys: unknownUid } as const;
    // A date that both have not in common keeps the list short where the key is ignored.
    for (const study of [ct, other]) {
      const resource = `studies?StudyDate=${textOf(firstOf(study), 'StudyDate')}`;
      await tryKey(t, 'study', [{ resource, studies: [study] }], key);
    }
  },
});
