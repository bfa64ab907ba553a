import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { on, sendsParts, sendsStatus, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets, acceptXml } from '../kit/media.ts';
import { objects, objectsOf } from '../kit/objects.ts';
import { instancesOf } from '../kit/pixels.ts';
import { ask, fetched, instancePath, mediaTypeOf, parametersOf, partsOf, seriesPath, studyPath } from '../kit/retrieve.ts';

const ofStudy = /\/studies\/[0-9.]+$/;
const ofSeries = /\/series\/[0-9.]+$/;
const ofInstance = /\/instances\/[0-9.]+$/;

// PS3.18-2013 6.5.1.2.1: every instance of the study, one part each.
export const study = check({
  id: 'wado-rs/objects/every-instance-of-a-study-once',
  title: 'A study comes with each of its instances exactly once, one part each',
  requires: ['WADO-RS-6.5.1-02', 'WADO-RS-6.5.1-01', 'WADO-RS-6.5.1-03', 'WADO-RS-6.5.1-04', 'WADO-RS-6.5-05'],
  given: { ct: fixture('ct'), mixed: fixture('mixed') },
  fault: on(
    ofStudy,
    sendsParts(all => all.slice(1)),
  ),
  async run(t, given) {
    for (const each of Object.values(given)) {
      const sent = await objects(t, studyPath(each), acceptDicom, { row: 'WADO-RS-6.5.1-01' });
      const uids = sent.map(object => object.sopInstanceUID);
      t.expect(
        'the SOP Instance UIDs that come twice in a study',
        uids.filter((uid, i) => uids.indexOf(uid) !== i),
        [],
        { row: 'WADO-RS-6.5.1-04' },
      );
      const foreign = sent.filter(object => object.studyInstanceUID !== each.studyInstanceUID).length;
      t.expect('the instances of other studies in a study', foreign, 0, { row: 'WADO-RS-6.5.1-03' });
      const stored = instancesOf(each).map(instance => instance.sopInstanceUID);
      t.expect(
        'the instances of a study that do not come',
        stored.filter(uid => !uids.includes(uid)),
        [],
      );
      t.expect('the number of parts of a study', sent.length, stored.length, { row: 'WADO-RS-6.5-05' });
    }
  },
});

// 6.5.2.2.1: every instance of the series, and no other.
export const series = check({
  id: 'wado-rs/objects/every-instance-of-a-series-once',
  title: 'A series comes with each of its own instances exactly once',
  requires: ['WADO-RS-6.5.2-02', 'WADO-RS-6.5.2-01'],
  given: { ct: fixture('ct') },
  fault: on(ofSeries, server => request => server(new Request(request.url.replace(/\/series\/.*/, ''), request))),
  async run(t, { ct }) {
    const stored = instancesOf(ct);
    for (const seriesInstanceUID of new Set(stored.map(instance => instance.seriesInstanceUID))) {
      const sent = await objects(t, seriesPath({ ...ct, seriesInstanceUID }), acceptDicom, { row: 'WADO-RS-6.5.2-01' });
      const wanted = stored.filter(instance => instance.seriesInstanceUID === seriesInstanceUID).map(instance => instance.sopInstanceUID);
      t.expect('the SOP Instance UIDs that come for a series', sent.map(object => object.sopInstanceUID).sort(), wanted.sort());
    }
  },
});

// 6.5: all responses are multipart, even that of a single object.
export const instance = check({
  id: 'wado-rs/objects/an-instance-in-multipart',
  title: 'An instance comes as the only part of a multipart message',
  requires: ['WADO-RS-6.5.3-04', 'WADO-RS-6.5-03', 'WADO-RS-6.5.3-02'],
  given: { ct: fixture('ct') },
  fault: on(ofInstance, server => async request => {
    const response = await server(request);
    return new Response(response.body, { status: response.status, headers: { 'Content-Type': 'application/dicom' } });
  }),
  async run(t, { ct }) {
    for (const each of instancesOf(ct).slice(0, 1)) {
      const exchange = await fetched(t, instancePath(each), acceptDicom);
      t.expect('the Content-Type of an instance', mediaTypeOf(exchange), 'multipart/related');
      const others = {
        'a frame': [`${instancePath(each)}/frames/1`, acceptOctets],
        metadata: [`${studyPath(each)}/metadata`, acceptXml],
      } as const;
      for (const [what, [path, accept]] of Object.entries(others))
        t.expect(`the Content-Type of ${what}`, mediaTypeOf(await fetched(t, path, accept)), 'multipart/related', {
          row: 'WADO-RS-6.5-03',
        });
      t.expect('the number of parts of an instance', partsOf(t, exchange).length, 1, { row: 'WADO-RS-6.5.3-02' });
    }
  },
});

// 6.5.1.2.1: the types that stand on the message and on each part.
export const labels = check({
  id: 'wado-rs/objects/labels',
  title: 'DICOM objects are labelled application/dicom, on the message and on each part',
  requires: ['WADO-RS-6.5.1-06', 'WADO-RS-6.5.1-05', 'WADO-RS-6.5.2-05', 'WADO-RS-6.5.1-07'],
  given: { ct: fixture('ct') },
  fault: sendsParts(all =>
    all.map(part => ({ ...part, headers: part.headers.map(line => line.replace('application/dicom', 'application/octet-stream')) })),
  ),
  async run(t, { ct }) {
    for (const each of instancesOf(ct).slice(0, 1)) {
      for (const [level, path] of [
        ['study', studyPath(each)],
        ['series', seriesPath(each)],
      ] as const) {
        const exchange = await fetched(t, path, acceptDicom);
        const row = 'WADO-RS-6.5.1-05';
        t.expect(`the Content-Type of a ${level}`, mediaTypeOf(exchange), 'multipart/related', { row });
        t.expect(
          `the type parameter of a ${level}`,
          parametersOf(exchange).get('type')?.split(';')[0]?.toLowerCase(),
          'application/dicom',
          { row },
        );
        const sent = objectsOf(t, exchange);
        const types = [...new Set(sent.map(({ part }) => part.mediaType))];
        t.expect(`the Content-Type of the parts of a ${level}`, types, ['application/dicom'], {
          row: level === 'study' ? 'WADO-RS-6.5.1-06' : 'WADO-RS-6.5.2-05',
        });
        for (const { part, transferSyntax } of sent) {
          const named = part.parameters.get('transfer-syntax');
          if (named !== undefined)
            t.record(
              'the transfer-syntax on a part',
              named === transferSyntax ? 'that of the file' : `${named}, but the file is in ${transferSyntax}`,
            );
        }
      }
    }
  },
});

// 6.5.7: complete success is 200; 206 says that something is missing.
export const success = check({
  id: 'wado-rs/objects/complete-answers-are-200',
  title: 'What comes completely comes with status 200',
  requires: ['WADO-RS-6.5.7-02', 'WADO-RS-6.5.7-01'],
  given: { ct: fixture('ct') },
  fault: on(ofStudy, sendsStatus(206)),
  async run(t, { ct }) {
    const { response } = await ask(t, studyPath(ct), acceptDicom);
    const sent = (await objects(t, studyPath(ct))).length;
    if (sent !== instancesOf(ct).length) t.skip(`the study does not come completely (${sent} of ${instancesOf(ct).length} instances)`);
    t.expect('the status of a study that comes completely', response.status, anyOf(200, 201, 202, 203, 204));
    t.expect('the status of a study that comes completely', response.status, 200, { row: 'WADO-RS-6.5.7-01' });
  },
});

// 6.5.1.1: {SERVICE}/studies/... is hierarchical, so a child under another parent does not exist.
export const parents = check({
  id: 'wado-rs/objects/under-their-own-parents-only',
  title: 'A series or instance under another study, or instance under another series, is answered 404',
  requires: ['WADO-RS-6.5.3-05', 'WADO-RS-6.5.2-03'],
  given: { ct: fixture('ct'), other: fixture('mixed') },
  fault: server => async request => {
    const response = await server(request);
    return response.status === 404 ? status(200)(server)(request) : response;
  },
  async run(t, { ct, other }) {
    const [known] = instancesOf(ct);
    const [stranger] = instancesOf(other);
    if (!known || !stranger) return;
    const sibling = instancesOf(ct).find(each => each.seriesInstanceUID !== known.seriesInstanceUID);
    const { studyInstanceUID } = other;
    const series = await ask(t, seriesPath({ ...known, studyInstanceUID }), acceptDicom);
    t.expect('the status for a series under another study', series.response.status, 404, { row: 'WADO-RS-6.5.2-03' });
    const wrong = {
      'its own series under another study': { ...known, studyInstanceUID },
      'the series and study of another': { ...stranger, sopInstanceUID: known.sopInstanceUID },
      ...(sibling && { 'another series of its study': { ...known, seriesInstanceUID: sibling.seriesInstanceUID } }),
    };
    for (const [where, uids] of Object.entries(wrong)) {
      const { response } = await ask(t, instancePath(uids), acceptDicom);
      t.expect(`the status for an instance under ${where}`, response.status, 404);
    }
  },
});
