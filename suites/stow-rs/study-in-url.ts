import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import { hears, on } from '../kit/faults.ts';
import { missing, present, ways } from '../kit/kept.ts';
import { ask, studyPath } from '../kit/retrieve.ts';
import { postBad, postMixed } from '../kit/store-outcomes.ts';
import { expectStored, freshStudy, namesOf, skipWhenFull, store } from '../kit/stored.ts';
import { posts } from './module.ts';

const ofStudy = (request: Request) => posts(request) && /\/studies\/.+/.test(new URL(request.url).pathname);
const ignoresStudy = on(
  ofStudy,
  hears(url => {
    url.pathname = url.pathname.replace(/\/studies\/.*/, '/studies');
  }),
);

// PS3.18-2013 6.6.1.1: {SERVICE}/studies/{StudyInstanceUID} stores instances of that study, which need not exist.
export const accepted = check({
  id: 'stow-rs/study-in-url/instances-of-that-study-are-stored',
  title: 'A POST to /studies/{StudyInstanceUID} stores instances of that study, new as it is',
  requires: ['STOW-RS-6.6.1.1-02', 'STOW-RS-6.6.1.1-18'],
  given: { ways },
  writes: true,
  fault: on(ofStudy, () => async () => new Response('No such study', { status: 404, headers: { 'Content-Type': 'text/plain' } })),
  async run(t) {
    const study = await freshStudy(t, 'ct', 2);
    const answer = await store(t, study.instances, { study: study.studyInstanceUID });
    t.expect(
      'the status of POST /studies/{StudyInstanceUID} of a new study',
      answer.status,
      satisfying('no 404, 405 or 501', (s: number) => ![404, 405, 501].includes(s)),
      { row: 'STOW-RS-6.6.1.1-02', also: ['STOW-RS-6.6.1.1-18'] },
    );
    expectStored(t, answer, 'instances of the study in the URL');
    t.expect('the instances of the study in the URL that are not there', await missing(t, study.instances), []);
  },
});

// 6.6.1.1: instances not matching the StudyInstanceUID shall be rejected.
export const rejected = check({
  id: 'stow-rs/study-in-url/instances-of-other-studies-are-rejected',
  title: 'Instances of another study than the one in the URL are not stored, neither there nor in their own study',
  requires: ['STOW-RS-6.6.1.1-05', 'STOW-RS-6.6.1.1-08'],
  given: { ways },
  writes: true,
  // Seen in the field: accepted, whatever the URL says.
  fault: ignoresStudy,
  async run(t) {
    for (const { what, answer, bad } of [await postMixed(t), await postBad(t)]) {
      t.expect(
        'the instances listed as stored, although they are of another study than the one in the URL',
        namesOf(bad, answer.stored),
        [],
      );
      t.expect(`the instances that are there after ${what}, although they are of another`, await present(t, bad), [], {
        row: 'STOW-RS-6.6.1.1-08',
      });
      // Relabelled: under the study of the URL.
      const inUrl = new URL(answer.exchange.request.url).pathname.split('/').at(-1) ?? '';
      const relabelled = await present(
        t,
        bad.map(({ seriesInstanceUID, sopInstanceUID, name }) => ({ studyInstanceUID: inUrl, seriesInstanceUID, sopInstanceUID, name })),
      );
      t.expect('the instances of another study that are there under the study of the URL', relabelled, []);
    }
  },
});

// 6.6.1.1 rejects the instances that do not match; the others are instances of the study.
export const neighbours = check({
  id: 'stow-rs/study-in-url/matching-instances-are-stored-all-the-same',
  title: 'An instance of another study in the request does not keep those of the study from being stored',
  requires: ['STOW-RS-6.6.1.1-06'],
  given: { ways },
  writes: true,
  fault: server => async request => {
    if (!ofStudy(request)) return server(request);
    const response = await server(request.clone());
    return response.status === 202 ? new Response('Another study', { status: 400, headers: { 'Content-Type': 'text/plain' } }) : response;
  },
  async run(t) {
    const { what, answer, good } = await postMixed(t);
    skipWhenFull(t, answer, what);
    t.expect(`the status of ${what}`, answer.status, anyOf(200, 202));
    t.expect(`the instances of the study in the URL that are not there after ${what}`, await missing(t, good), []);
  },
});

const invalid = { 'with a letter in it': '1.2.x', 'of 65 characters': `2.25.${'1'.repeat(60)}`, 'with an empty component': '1..2' };

// 6.6.1.1, note: the UID in the URL has to be a valid one.
export const validUid = check({
  id: 'stow-rs/study-in-url/invalid-uids-are-refused',
  title: 'A study UID in the URL that is none is refused, and nothing is stored',
  requires: ['STOW-RS-6.6.1.1-20'],
  given: { ways },
  writes: true,
  fault: ignoresStudy,
  async run(t) {
    for (const [what, uid] of Object.entries(invalid)) {
      const { instances } = await freshStudy(t, 'ct', 1);
      const { status } = await store(t, instances, { study: uid });
      t.expect(
        `the status of POST /studies/{UID} with a UID ${what}`,
        status,
        satisfying('a status from 400 to 499', (s: number) => s >= 400 && s < 500),
      );
      t.expect(`the instances that are there after POST /studies/{UID} with a UID ${what}`, await present(t, instances), []);
      const created = await ask(t, studyPath({ studyInstanceUID: uid }), null);
      t.expect(`the status of GET /studies/{UID} with a UID ${what}, after a store request for it`, created.response.status, noneOf(200));
    }
  },
});
