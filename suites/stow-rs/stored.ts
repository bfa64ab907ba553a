import { check } from '../harness/check.ts';
import { noneOf, satisfying } from '../harness/expected.ts';
import { valueIn } from '../kit/documents.ts';
import { hearsParts, on, onBody, status } from '../kit/faults.ts';
import { missing, ways } from '../kit/kept.ts';
import { storing } from '../kit/store.ts';
import { inParts, storeXml } from '../kit/store-metadata.ts';
import { expectStored, freshStudy, namesOf, send, store, stores } from '../kit/stored.ts';

const posts = (request: Request) => request.method === 'POST';
const several = /\r\nContent-Type: application\/dicom[\s\S]*\r\nContent-Type: application\/dicom/;

// PS3.18-2013 6.6 and 6.6.1.1: POST to {SERVICE}/studies stores; Table 6.6.1-1 has the statuses.
export const action = check({
  id: 'stow-rs/stored/store-instances-is-supported',
  title: 'A POST of a DICOM object to /studies is answered as a store request, by one final status',
  requires: ['STOW-RS-6.6-01', 'STOW-RS-6.6.1.1-01', 'STOW-RS-6.6.1.1-09', 'STOW-RS-6.6.1.1-23', 'STOW-RS-6.6.1.3-01'],
  writes: true,
  fault: on(posts, status(415)),
  async run(t) {
    const study = await freshStudy(t, 'ct', 1);
    const answer = await store(t, study.instances);
    // Which of the two forms it takes is not for this requirement to say.
    const [instance] = study.instances;
    const inOtherForm = [404, 501].includes(answer.status) && instance ? await storeXml(t, inParts(instance)) : answer;
    t.expect('the status of POST /studies', inOtherForm.status, noneOf(404, 501), { row: 'STOW-RS-6.6-01', also: ['STOW-RS-6.6.1.1-01'] });
    t.expect('the status of POST /studies', answer.status, noneOf(405), { row: 'STOW-RS-6.6.1.1-09' });
    const final = satisfying('one status from 200 to 599 for all instances, so not 207', (s: number) => s >= 200 && s < 600 && s !== 207);
    t.expect('the status of POST /studies', answer.status, final, { row: 'STOW-RS-6.6.1.3-01' });
    t.expect(
      'the status of POST /studies with multipart/related; type="application/dicom"',
      answer.status,
      noneOf(400, 404, 406, 415, 501),
      {
        row: 'STOW-RS-6.6.1.1-23',
      },
    );
    t.record('the status for a CT image', String(answer.status));
  },
});

// 6.6 and 6.6.1.1 note: Store Instances creates what was not there; the study need not exist beforehand.
export const found = check({
  id: 'stow-rs/stored/what-is-acknowledged-is-there',
  title: 'The instances of a new study that are acknowledged as stored are found or retrieved afterwards',
  requires: ['STOW-RS-6.6-02', 'STOW-RS-6.6.1.1-18'],
  given: { ways },
  writes: true,
  // Seen in the field: a store request that is answered 200 and forgotten.
  fault: onBody(
    several,
    hearsParts(parts => parts.slice(0, 1)),
  ),
  async run(t) {
    const study = await freshStudy(t, 'mixed');
    const answer = await store(t, study.instances);
    t.expect('the status of storing the first instances of a study', answer.status, noneOf(404), { row: 'STOW-RS-6.6.1.1-18' });
    if (![200, 202].includes(answer.status)) t.skip(`nothing of the study was stored (status ${answer.status})`);
    // 6.6.1.2: a server may coerce attributes and then warns; UIDs may be among them.
    const warned = answer.stored.filter(({ attributes }) => valueIn(attributes, 'WarningReason') !== '');
    const told = answer.status === 200 ? study.instances : study.instances.filter(each => namesOf([each], answer.stored).length > 0);
    const asPosted = told.filter(each => namesOf([each], warned).length === 0);
    t.expect('the instances acknowledged as stored that are not there afterwards', await missing(t, asPosted), []);
  },
});

// 6.6: Store Instances appends to what is there.
export const added = check({
  id: 'stow-rs/stored/instances-are-added-to-a-study',
  title: 'A second store request adds its instance to the study and leaves the first one there',
  requires: ['STOW-RS-6.6-03'],
  given: { ways },
  writes: true,
  // Refused because the study exists: the first two requests are that of the given and the one that makes the study.
  fault: server => {
    let requests = 0;
    return request => (posts(request) && ++requests > 2 ? status(409)(server)(request) : server(request));
  },
  async run(t) {
    const [first, second] = (await freshStudy(t, 'ct', 2)).instances;
    if (!first || !second) return;
    expectStored(t, await store(t, [first]), 'the first instance of a study');
    expectStored(t, await store(t, [second]), 'the second instance of a study in a request of its own');
    t.expect('the instances that are not there after the second request', await missing(t, [first, second]), []);
  },
});

// 6.6 and 6.6.1: one part is one instance, and one request has one or many.
export const many = check({
  id: 'stow-rs/stored/many-instances-in-one-request',
  title: 'A request with fifty parts stores fifty instances, each reported on its own',
  requires: ['STOW-RS-6.6-06', 'STOW-RS-6.6.1-01', 'STOW-RS-6.6.1.3.2-17'],
  given: { stores, ways },
  writes: true,
  fault: onBody(
    several,
    hearsParts(parts => parts.slice(0, 1)),
  ),
  async run(t) {
    const studies = await Promise.all(Array.from({ length: 5 }, () => freshStudy(t, 'ct', 10)));
    const instances = studies.flatMap(study => study.instances);
    const answer = await store(t, instances);
    expectStored(t, answer, 'fifty instances in one request', { row: 'STOW-RS-6.6.1-01' });
    if (answer.module) {
      t.expect('the instances listed for a request of fifty', answer.stored.length + answer.failed.length, instances.length);
      const uids = new Set(answer.stored.map(item => item.sopInstanceUID));
      t.expect('the different SOP Instance UIDs listed as stored for fifty instances', uids.size, instances.length, {
        row: 'STOW-RS-6.6.1.3.2-17',
      });
    }
    t.expect(
      'the instances of fifty that are not there',
      await missing(
        t,
        instances.filter((_, i) => i % 10 === 9),
      ),
      [],
      { row: 'STOW-RS-6.6.1-01' },
    );
  },
});

// 6.6.1.1: without {StudyInstanceUID} the instances may be of several studies.
export const severalStudies = check({
  id: 'stow-rs/stored/several-studies-in-one-request',
  title: 'A request to /studies stores instances of two studies',
  requires: ['STOW-RS-6.6.1-02'],
  given: { stores, ways },
  writes: true,
  fault: onBody(several, status(400)),
  async run(t) {
    const instances = [...(await freshStudy(t, 'ct', 1)).instances, ...(await freshStudy(t, 'ct', 1)).instances];
    expectStored(t, await store(t, instances), 'instances of two studies');
    t.expect('the instances of two studies that are not there', await missing(t, instances), []);
  },
});

// 6.6.1.1 defines no query parameters, and RFC 2616 5.1.2 leaves the reaction to the server.
export const query = check({
  id: 'stow-rs/stored/unknown-query-parameters-do-no-harm',
  title: 'A store request with an unknown query parameter is answered in order, and what it acknowledges is there',
  requires: ['STOW-RS-6.6-02', 'STOW-RS-6.6.1.1-21'],
  given: { stores, ways },
  writes: true,
  fault: on(/\?x-unknown=1$/, status(200)),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 1);
    const ask = storing(instances.map(instance => instance.part10()));
    const { status: code } = await send(t, { ...ask, to: 'studies?x-unknown=1' });
    t.record('the status of a store request with an unknown query parameter', String(code));
    if (![200, 202].includes(code)) return;
    t.expect('the acknowledged instances that are not there', await missing(t, instances), []);
  },
});
