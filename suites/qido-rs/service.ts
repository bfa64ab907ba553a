import { check } from '../harness/check.ts';
import { hears, on, status } from '../kit/faults.ts';
import { firstOf, textOf } from '../kit/finding.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { find, uidsOf } from '../kit/search.ts';

// PS3.18-2013 6.7: an implementation supports all three searches.
export const studies = check({
  id: 'qido-rs/service/studies-are-searched',
  title: 'A search for studies finds the studies that match',
  requires: ['QIDO-RS-6.7-01', 'QIDO-RS-6.7.1.1-01', 'QIDO-RS-6.7.1.1-08', 'QIDO-RS-6.7.1.2-01'],
  given: { ct: fixture('ct') },
  fault: on(/\/studies\?/, status(501)),
  async run(t, { ct }) {
    const byUid = await find(t, `studies?StudyInstanceUID=${ct.studyInstanceUID}`);
    t.expect('the studies found by a Study Instance UID', uidsOf('study', byUid.results), [ct.studyInstanceUID], {
      also: ['QIDO-RS-6.7.1.1-08', 'QIDO-RS-6.7.1.2-01'],
    });
    const id = encodeURIComponent(textOf(firstOf(ct), 'PatientID'));
    const { results } = await find(t, `studies?PatientID=${id}`, { row: 'QIDO-RS-6.7.1.1-01' });
    const seen = uidsOf('study', results).includes(ct.studyInstanceUID) ? 'found' : 'not found';
    t.expect('the study with a Patient ID', seen, 'found', { row: 'QIDO-RS-6.7.1.1-01' });
  },
});

export const series = check({
  id: 'qido-rs/service/series-of-a-study-are-searched',
  title: 'A search for the series of a study finds all of them and no others',
  requires: ['QIDO-RS-6.7-02', 'QIDO-RS-6.7.1.1-02', 'QIDO-RS-6.7.1.2.1-02'],
  given: { ct: fixture('ct'), mixed: fixture('mixed') },
  // Keys are applied to the series of all studies.
  fault: on(
    /\/series\?Modality=/,
    hears(url => {
      url.pathname = url.pathname.replace(/\/studies\/[\d.]+/, '');
    }),
  ),
  async run(t, { ct, mixed }) {
    for (const { studyInstanceUID, name, instances } of [ct, mixed]) {
      const wanted = new Set(instances.map(({ seriesInstanceUID }) => seriesInstanceUID));
      const { results } = await find(t, `studies/${studyInstanceUID}/series`);
      t.expect(`the series found in the study "${name}"`, new Set(uidsOf('series', results)), wanted, { row: 'QIDO-RS-6.7.1.1-02' });
      const ofCt = instances.filter(each => textOf(each, 'Modality') === 'CT').map(({ seriesInstanceUID }) => seriesInstanceUID);
      const byKey = await find(t, `studies/${studyInstanceUID}/series?Modality=CT`, { row: 'QIDO-RS-6.7.1.2.1-02' });
      t.expect(`the CT series found in the study "${name}"`, new Set(uidsOf('series', byKey.results)), new Set(ofCt), {
        row: 'QIDO-RS-6.7.1.2.1-02',
      });
    }
  },
});

export const instances = check({
  id: 'qido-rs/service/instances-of-a-series-are-searched',
  title: 'A search for the instances of a series finds all of them and no others',
  requires: ['QIDO-RS-6.7-03', 'QIDO-RS-6.7.1.1-04'],
  given: { mixed: fixture('mixed') },
  fault: on(
    /\/series\/[\d.]+\/instances/,
    hears(url => {
      url.pathname = url.pathname.replace(/\/series\/[\d.]+/, '');
    }),
  ),
  async run(t, { mixed }) {
    const { studyInstanceUID } = mixed;
    for (const uid of new Set(mixed.instances.map(({ seriesInstanceUID }) => seriesInstanceUID))) {
      const wanted = mixed.instances
        .filter(({ seriesInstanceUID }) => seriesInstanceUID === uid)
        .map(({ sopInstanceUID }) => sopInstanceUID);
      const { results } = await find(t, `studies/${studyInstanceUID}/series/${uid}/instances`);
      t.expect('the instances found in a series', new Set(uidsOf('instance', results)), new Set(wanted), { row: 'QIDO-RS-6.7.1.1-04' });
    }
  },
});

/** Their values need no encoding. */
const fiveKeys = ['PatientID', 'StudyTime', 'AccessionNumber', 'StudyDate', 'StudyID'];

// PS3.18-2013 6.7.1.1: zero or more {attributeID}={value} pairs; without any the query component is empty.
export const numberOfKeys = check({
  id: 'qido-rs/service/any-number-of-keys',
  title: 'A search may have no matching key, one or five, and empty pairs change nothing',
  requires: ['QIDO-RS-6.7.1.1-21', 'QIDO-RS-6.7.1.1-10'],
  given: { ct: fixture('ct') },
  fault: on(/\/studies\?limit=2$/, status(400)),
  async run(t, { ct }) {
    const none = await find(t, 'studies?limit=2');
    t.expect('whether a search for studies without keys finds any', none.results.length > 0 ? 'some' : 'none', 'some');
    const pairs = fiveKeys.map(key => `${key}=${encodeURIComponent(textOf(firstOf(ct), key))}`);
    for (const some of [pairs.slice(0, 1), pairs]) {
      const found = uidsOf('study', (await find(t, `studies?${some.join('&')}`)).results);
      t.expect(`the study that ${some.length} keys describe`, found.includes(ct.studyInstanceUID) ? 'found' : 'not found', 'found');
    }
    const series = `studies/${ct.studyInstanceUID}/series`;
    const whole = uidsOf('series', (await find(t, series)).results);
    for (const query of ['?&', '?limit=50&']) {
      const { results } = await find(t, series + query, { row: 'QIDO-RS-6.7.1.1-10' });
      t.expect(`the series found by ${query}`, uidsOf('series', results), whole, { row: 'QIDO-RS-6.7.1.1-10' });
    }
  },
});
