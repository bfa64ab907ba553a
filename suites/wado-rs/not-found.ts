import { corpus } from '../../fixtures/corpus.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { on, status } from '../kit/faults.ts';
import { acceptDicom, acceptOctets, acceptXml } from '../kit/media.ts';
import { objectsOf } from '../kit/objects.ts';
import { unknownUid } from '../kit/offers.ts';
import { anyInstance, ask, someStudies } from '../kit/retrieve.ts';

const unknown = (level: string) => new RegExp(`/${level}/2\\.25\\.1(?=[/?]|$)`);
const emptySuccess = (): Response =>
  new Response('\r\n--x--\r\n', { status: 200, headers: { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=x' } });

// PS3.18-2013 6.5.7: 404 for a resource that does not exist.
export const study = check({
  id: 'wado-rs/not-found/unknown-study',
  title: 'A study that does not exist is answered 404',
  requires: ['WADO-RS-6.5.1-10'],
  fault: on(unknown('studies'), () => async () => emptySuccess()),
  async run(t) {
    const { response } = await ask(t, `studies/${unknownUid}`, acceptDicom);
    t.expect('the status for a study that does not exist', response.status, 404);
  },
});

export const series = check({
  id: 'wado-rs/not-found/unknown-series',
  title: 'A series that does not exist, in a study that does, is answered 404',
  requires: ['WADO-RS-6.5.2-04'],
  given: { any: anyInstance },
  fault: on(unknown('series'), () => async () => emptySuccess()),
  async run(t, { any }) {
    const { response } = await ask(t, `${any.studyPath}/series/${unknownUid}`, acceptDicom);
    t.expect('the status for a series that does not exist in a study that does', response.status, 404);
  },
});

export const instance = check({
  id: 'wado-rs/not-found/unknown-instance',
  title: 'An instance that does not exist, in a series that does, is answered 404',
  requires: ['WADO-RS-6.5.3-06'],
  given: { any: anyInstance },
  fault: on(unknown('instances'), status(500)),
  async run(t, { any }) {
    const { response } = await ask(t, `${any.seriesPath}/instances/${unknownUid}`, acceptDicom);
    t.expect('the status for an instance that does not exist in a series that does', response.status, 404);
  },
});

export const frames = check({
  id: 'wado-rs/not-found/frames-of-unknown-parents',
  title: 'Frames of an unknown instance, series or study are answered 404',
  requires: ['WADO-RS-6.5.4-25', 'WADO-RS-6.5.7-04'],
  given: { any: anyInstance },
  fault: on(/2\.25\.1\/.*frames|2\.25\.1\/frames/, status(500)),
  async run(t, { any }) {
    const paths = {
      'an instance that does not exist': `${any.seriesPath}/instances/${unknownUid}/frames/1`,
      'a series that does not exist': `${any.studyPath}/series/${unknownUid}/instances/${any.sopInstanceUID}/frames/1`,
      'a study that does not exist': `studies/${unknownUid}/series/${any.seriesInstanceUID}/instances/${any.sopInstanceUID}/frames/1`,
    };
    for (const [what, path] of Object.entries(paths)) {
      const { response } = await ask(t, path, acceptOctets);
      const row = what.startsWith('a study') ? 'WADO-RS-6.5.7-04' : 'WADO-RS-6.5.4-25';
      t.expect(`the status for a frame of ${what}`, response.status, 404, { row });
    }
  },
});

export const metadata = check({
  id: 'wado-rs/not-found/metadata-of-an-unknown-study',
  title: 'The metadata of a study that does not exist are answered 404',
  requires: ['WADO-RS-6.5.6-18'],
  fault: on(/studies\/2\.25\.1\/metadata/, status(204)),
  async run(t) {
    const { response } = await ask(t, `studies/${unknownUid}/metadata`, acceptXml);
    t.expect('the status for the metadata of a study that does not exist', response.status, 404);
  },
});

/** The longest proper prefix of a UID that is itself a legal UID and not one of these, or null. */
function prefixOf(uid: string, others: readonly string[]): string | null {
  for (let shorter = uid.slice(0, -1); shorter !== ''; shorter = shorter.slice(0, -1)) {
    if (/^[0-2](\.(0|[1-9][0-9]*))+$/.test(shorter) && !others.includes(shorter)) return shorter;
  }
  return null;
}

// PS3.18-2013 6.5.1.1: {StudyInstanceUID} is the UID of a single study.
export const wholeUids = check({
  id: 'wado-rs/not-found/a-prefix-of-a-uid-is-another-uid',
  title: 'A UID in the path is matched as a whole',
  requires: ['WADO-RS-6.5-21'],
  given: { any: anyInstance },
  fault: server => async request => {
    const response = await server(request);
    return response.status === 404 && !/2\.25\.1(\/|$)/.test(request.url) ? emptySuccess() : response;
  },
  async run(t, { any }) {
    const others = [...corpus, ...(await t.given(someStudies))].map(study => study.studyInstanceUID);
    const prefix = prefixOf(any.studyInstanceUID, others) ?? t.skip('the UID of the study has no prefix that is a legal UID');
    const exchange = await ask(t, `studies/${prefix}`, acceptDicom);
    const { status } = exchange.response;
    t.expect('the status for a study UID that lacks its last digit', status, anyOf(404, 400, 410, 200, 206));
    if (status >= 400) return;
    // The shorter UID may be that of another study.
    const sent = new Set(objectsOf(t, exchange).map(object => object.studyInstanceUID));
    t.expect('the Study Instance UIDs of what is sent for a study UID that lacks its last digit', sent, new Set([prefix]));
  },
});
