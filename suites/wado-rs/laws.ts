import { check } from '../harness/check.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { acceptDicom } from '../kit/media.ts';
import { objects, type RetrievedObject } from '../kit/objects.ts';
import { anyInstance, instancePath, parts, seriesPath, someStudies, studyPath } from '../kit/retrieve.ts';

const uidsOf = (retrieved: readonly RetrievedObject[]): string[] => retrieved.map(object => object.sopInstanceUID).sort();

/** Expects two looks at one thing to agree; what changed in between is looked at again before anybody is accused. */
async function agree<V>(t: Trial, claim: string, one: () => Promise<V>, other: () => Promise<V>): Promise<void> {
  const [first, second] = [await one(), await other()];
  const differs = JSON.stringify(first) !== JSON.stringify(second);
  const [wanted, got] = differs ? [await one(), await other()] : [first, second];
  t.expect(claim, got, wanted);
}

// PS3.18-2013 6.5.1 and 6.5.2: the study is its series, and a series is its instances.
export const studyIsItsSeries = check({
  id: 'wado-rs/laws/a-study-is-the-union-of-its-series',
  title: 'Retrieving the series of a study one by one gives what retrieving the study gives',
  requires: ['WADO-RS-6.5.2-08', 'WADO-RS-6.5.2-02'],
  given: { held: someStudies },
  fault: on(
    /\/series\/[0-9.]+$/,
    sendsParts(all => [...all, ...all.slice(0, 1)]),
  ),
  async run(t, { held }) {
    for (const study of held.slice(0, 2)) {
      // What search finds may be cut, so the series are those of the instances that come as well.
      const series = new Set(study.series.map(({ seriesInstanceUID }) => seriesInstanceUID));
      const asStudy = async () => {
        const inStudy = await objects(t, studyPath(study));
        for (const { seriesInstanceUID } of inStudy) series.add(seriesInstanceUID);
        return uidsOf(inStudy);
      };
      const bySeries = async () => {
        const found: string[] = [];
        for (const seriesInstanceUID of series) {
          const inSeries = await objects(t, seriesPath({ ...study, seriesInstanceUID }));
          const strangers = inSeries.filter(object => object.seriesInstanceUID !== seriesInstanceUID).length;
          t.expect('the instances of other series in a series', strangers, 0, { row: 'WADO-RS-6.5.2-02' });
          found.push(...uidsOf(inSeries));
        }
        return found.sort();
      };
      await agree(t, 'the SOP Instance UIDs of a study, retrieved series by series', asStudy, bySeries);
    }
  },
});

const mostInstances = 12;

export const seriesIsItsInstances = check({
  id: 'wado-rs/laws/a-series-is-the-union-of-its-instances',
  title: 'Each instance of a series, retrieved alone, is what the series holds',
  requires: ['WADO-RS-6.5.3-03', 'WADO-RS-6.5.3-02', 'WADO-RS-6.5.3-01'],
  given: { held: someStudies },
  fault: server => async request => {
    const { pathname } = new URL(request.url);
    return server(/\/instances\/[0-9.]+$/.test(pathname) ? new Request(request.url.replace(/\/instances\/.*/, ''), request) : request);
  },
  async run(t, { held }) {
    for (const { studyInstanceUID, series } of held.slice(0, 1)) {
      for (const { seriesInstanceUID, sopInstanceUIDs } of series.slice(0, 2)) {
        for (const sopInstanceUID of sopInstanceUIDs.slice(0, mostInstances)) {
          const alone = await objects(t, instancePath({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }), acceptDicom, {
            row: 'WADO-RS-6.5.3-01',
          });
          t.expect('the number of parts of an instance', alone.length, 1, { row: 'WADO-RS-6.5.3-02' });
          const uids = alone.map(object => [object.studyInstanceUID, object.seriesInstanceUID, object.sopInstanceUID]);
          t.expect('the Study, Series and SOP Instance UID of an instance', uids, [[studyInstanceUID, seriesInstanceUID, sopInstanceUID]]);
        }
      }
    }
  },
});

// RFC 2616 9.1.1: GET does nothing but retrieve.
export const repeated = check({
  id: 'wado-rs/laws/the-same-request-twice',
  title: 'The same request, repeated, gets the same objects',
  requires: ['WADO-RS-HTTP-01'],
  given: { any: anyInstance },
  fault: server => {
    let asked = 0;
    const without = sendsParts(all => all.map(part => ({ ...part, body: part.body.subarray(0, -2) })))(server);
    return request => (/\/instances\/[0-9.]+$/.test(new URL(request.url).pathname) && asked++ > 0 ? without(request) : server(request));
  },
  async run(t, { any }) {
    const bodies = async () => (await parts(t, any.instancePath, acceptDicom)).map(part => part.body);
    const first = await bodies();
    for (let i = 0; i < 2; i++) t.expect('the parts of an instance, asked for again', await bodies(), first);
  },
});
