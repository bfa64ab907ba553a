import { check } from '../harness/check.ts';
import { on, sendsJson } from '../kit/faults.ts';
import { someStudies } from '../kit/retrieve.ts';
import { find, textsIn } from '../kit/search.ts';

/** PS3.4-2013 C.4.1.1.3.2, from what can be had at once to what cannot be had. */
const terms = ['ONLINE', 'NEARLINE', 'OFFLINE', 'UNAVAILABLE'];

// PS3.4-2013 C.4.1.1.3.2: where instances differ, the availability of the study is that of the least available one.
export const leastAvailable = check({
  id: 'qido-rs/availability/of-the-least-available-instance',
  title: 'Instance Availability of a study is that of its least available instance',
  requires: ['QIDO-RS-6.7.1.2.2.1-25'],
  given: { studies: someStudies },
  fault: on(
    /\/instances/,
    sendsJson((rows: Record<string, unknown>[]) =>
      rows.map((row, i) => (i === 0 ? { ...row, '00080056': { vr: 'CS', Value: ['OFFLINE'] } } : row)),
    ),
  ),
  async run(t, { studies }) {
    for (const { studyInstanceUID, series } of studies) {
      const [study] = (await find(t, `studies?StudyInstanceUID=${studyInstanceUID}`)).results;
      const [said] = study ? textsIn(study, 'InstanceAvailability') : [];
      const ranks: number[] = [];
      for (const { seriesInstanceUID } of series.slice(0, 10)) {
        const { results } = await find(t, `studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances`);
        ranks.push(...results.flatMap(result => textsIn(result, 'InstanceAvailability')).map(term => terms.indexOf(term)));
      }
      const known = ranks.filter(rank => rank >= 0);
      if (said === undefined || !terms.includes(said) || known.length === 0) {
        t.record('Instance Availability of a study and of its instances', 'not given for both');
        continue;
      }
      // Series beyond those that were looked at may be less available.
      const least = Math.max(...known);
      const atLeast = series.length > 10 ? Math.max(least, terms.indexOf(said)) : least;
      t.expect('Instance Availability of a study, beside that of its instances', said, terms[atLeast]);
    }
  },
});
