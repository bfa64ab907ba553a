import { check } from '../../harness/check.ts';
import { hears, on } from '../../kit/faults.ts';
import { expectFinding, firstOf, uidsFound } from '../../kit/finding.ts';
import { fixture } from '../../kit/givens/fixture.ts';
import { unknownUid } from '../../kit/offers.ts';

const firstOnly = (key: string) =>
  on(
    new RegExp(`${key}=`),
    hears(url => {
      const [first] = url.searchParams.getAll(key);
      if (first !== undefined) url.searchParams.set(key, first.split(',')[0] ?? '');
    }),
  );

// PS3.18-2013 6.7.1.1: an attribute with UID list matching may be repeated; each value is a member of the list.
export const repeatedUids = check({
  id: 'qido-rs/matching/uid-list-by-repeated-keys',
  title: 'Repeated UID keys find what has any of the UIDs',
  requires: ['QIDO-RS-6.7.1.1-36', 'QIDO-RS-6.7.1.2.1-10', 'QIDO-RS-6.7.1.2.1.1-08'],
  given: { ct: fixture('ct'), other: fixture('multi-frame') },
  fault: firstOnly('StudyInstanceUID'),
  async run(t, { ct, other }) {
    const uids = [ct.studyInstanceUID, other.studyInstanceUID];
    const found = await uidsFound(t, 'study', `studies?${uids.map(uid => `StudyInstanceUID=${uid}`).join('&')}`);
    t.expect('the studies found by two Study Instance UIDs in repeated keys', new Set(found), new Set(uids));
    const one = await uidsFound(t, 'study', `studies?StudyInstanceUID=${unknownUid}&StudyInstanceUID=${ct.studyInstanceUID}`);
    t.expect('the studies found by an unknown and a known UID', one, [ct.studyInstanceUID], {
      row: 'QIDO-RS-6.7.1.2.1-10',
      also: ['QIDO-RS-6.7.1.2.1.1-08'],
    });
  },
});

// The example of 6.7.1.1 has both UIDs in one value.
export const commaUids = check({
  id: 'qido-rs/matching/uid-list-by-commas',
  title: 'UIDs separated by commas find what has any of them',
  requires: ['QIDO-RS-6.7.1.1-37', 'QIDO-RS-6.7.1.1-38', 'QIDO-RS-6.7.1.1-39'],
  given: { ct: fixture('ct'), other: fixture('multi-frame') },
  fault: firstOnly('StudyInstanceUID'),
  async run(t, { ct, other }) {
    const uids = [ct.studyInstanceUID, other.studyInstanceUID];
    for (const [comma, row] of [
      ['%2C', 'QIDO-RS-6.7.1.1-37'],
      [',', 'QIDO-RS-6.7.1.1-38'],
    ] as const) {
      const found = await uidsFound(t, 'study', `studies?StudyInstanceUID=${uids.join(comma)}`, { row, mayRefuse: true });
      t.expect(`the studies found by two Study Instance UIDs with ${comma} between them`, new Set(found ?? []), new Set(uids), { row });
    }
    const backslash = await uidsFound(t, 'study', `studies?StudyInstanceUID=${uids.join('%5C')}`, { mayRefuse: true });
    t.record('a UID list with backslashes', backslash?.length === 2 ? 'accepted' : 'not accepted');
  },
});

export const lowerLevels = check({
  id: 'qido-rs/matching/uid-lists-at-the-lower-levels',
  title: 'UID lists work for series, instances and SOP classes, too',
  requires: ['QIDO-RS-6.7.1.2.1-11', 'QIDO-RS-6.7.1.2.1.2-02', 'QIDO-RS-6.7.1.2.1.3-01', 'QIDO-RS-6.7.1.2.1.3-02'],
  given: { ct: fixture('ct') },
  fault: firstOnly('SOPInstanceUID'),
  async run(t, { ct }) {
    const study = `studies/${ct.studyInstanceUID}`;
    const series = [...new Set(ct.instances.map(({ seriesInstanceUID }) => seriesInstanceUID))];
    const [firstSeries = ''] = series;
    const inFirst = ct.instances.filter(({ seriesInstanceUID }) => seriesInstanceUID === firstSeries);
    const instances = inFirst.slice(0, 3).map(({ sopInstanceUID }) => sopInstanceUID);
    const repeated = (key: string, uids: readonly string[]) => uids.map(uid => `${key}=${uid}`).join('&');

    const one = await uidsFound(t, 'series', `${study}/series?SeriesInstanceUID=${firstSeries}`, { row: 'QIDO-RS-6.7.1.2.1.2-02' });
    t.expect('the series found by one Series Instance UID', one, [firstSeries], { row: 'QIDO-RS-6.7.1.2.1.2-02' });
    const all = await uidsFound(t, 'series', `${study}/series?${repeated('SeriesInstanceUID', series)}`);
    t.expect('the series found by a list of Series Instance UIDs', new Set(all), new Set(series));

    const below = `${study}/series/${firstSeries}/instances`;
    const three = await uidsFound(t, 'instance', `${below}?${repeated('SOPInstanceUID', instances)}`, { row: 'QIDO-RS-6.7.1.2.1.3-02' });
    t.expect('the instances found by a list of SOP Instance UIDs', new Set(three), new Set(instances), { row: 'QIDO-RS-6.7.1.2.1.3-02' });

    const { sopClassUID } = firstOf(ct);
    const ofClass = await uidsFound(t, 'instance', `${below}?${repeated('SOPClassUID', [unknownUid, sopClassUID])}`, {
      row: 'QIDO-RS-6.7.1.2.1.3-01',
    });
    const expected = inFirst.filter(instance => instance.sopClassUID === sopClassUID).map(({ sopInstanceUID }) => sopInstanceUID);
    t.expect('the instances found by a list of SOP Class UIDs', new Set(ofClass), new Set(expected), { row: 'QIDO-RS-6.7.1.2.1.3-01' });
    const ofOther = await uidsFound(t, 'instance', `${below}?SOPClassUID=${unknownUid}`, { row: 'QIDO-RS-6.7.1.2.1.3-01' });
    t.expect('the instances found by a SOP Class UID that none has', ofOther, [], { row: 'QIDO-RS-6.7.1.2.1.3-01' });
  },
});

// PS3.4-2013 C.2.2.3: a multi-valued attribute matches if any of its values does.
export const anyValue = check({
  id: 'qido-rs/matching/any-of-several-values',
  title: 'Modalities in Study matches by any of its values',
  requires: ['QIDO-RS-6.7.1.2.1-44', 'QIDO-RS-6.7.1.2.1.1-04'],
  given: { ct: fixture('ct') },
  fault: on(
    /ModalitiesInStudy=SR/,
    hears(url => url.searchParams.set('ModalitiesInStudy', 'XX')),
  ),
  async run(t, { ct }) {
    await expectFinding(t, ct, [
      { query: 'ModalitiesInStudy=CT', finds: true },
      { query: 'ModalitiesInStudy=SR', finds: true },
      { query: 'ModalitiesInStudy=US', finds: false, row: 'QIDO-RS-6.7.1.2.1.1-04' },
    ]);
  },
});
