import { type Check, check } from '../../harness/check.ts';
import { firstOf } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { unknownUid } from '../../kit/offers.ts';
import { ignores, type KeyTrial, tryKey } from './key-check.ts';

// PS3.18-2013 6.7.1.2.1.3, Table 6.7.1-1b: the matching keys that a search for instances supports.
const instanceKey = (id: string, name: string, key: KeyTrial): Check =>
  check({
    id,
    title: `A search for instances filters by ${name}, named by keyword and by tag`,
    requires: [key.row],
    given: { study: fixture('ct') },
    fault: ignores(key.path),
    async run(t, { study }) {
      const { studyInstanceUID, seriesInstanceUID } = firstOf(study);
      const ofSeries = { ...study, instances: study.instances.filter(each => each.seriesInstanceUID === seriesInstanceUID) };
      const resource = `studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances`;
      await tryKey(t, 'instance', [{ resource, studies: [ofSeries] }], key);
    },
  });

export const sopClassUid = instanceKey('qido-rs/keys/instances-by-sop-class-uid', 'SOP Class UID', {
  path: 'SOPClassUID',
  row: 'QIDO-RS-6.7.1.2.1.3-01',
  nobodys: unknownUid,
});

export const sopInstanceUid = instanceKey('qido-rs/keys/instances-by-sop-instance-uid', 'SOP Instance UID', {
  path: 'SOPInstanceUID',
  row: 'QIDO-RS-6.7.1.2.1.3-02',
  nobodys: unknownUid,
});

export const instanceNumber = instanceKey('qido-rs/keys/instances-by-instance-number', 'Instance Number', {
  path: 'InstanceNumber',
  row: 'QIDO-RS-6.7.1.2.1.3-03',
  nobodys: '777',
});
