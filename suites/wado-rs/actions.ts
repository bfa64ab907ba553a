import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { on, status } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets, acceptXml } from '../kit/media.ts';
import { imagesOf, instancesOf } from '../kit/pixels.ts';
import { ask, instancePath, seriesPath, studyPath } from '../kit/retrieve.ts';

// PS3.18-2013 6.5: all six actions, by these resources and without query parameters.
export const allSix = check({
  id: 'wado-rs/actions/all-six',
  title: 'All six retrieve actions are there',
  requires: [
    'WADO-RS-6.5-01',
    'WADO-RS-6.5-17',
    'WADO-RS-7-03',
    'WADO-RS-6.5.1-01',
    'WADO-RS-6.5.2-01',
    'WADO-RS-6.5.3-01',
    'WADO-RS-6.5.4-01',
    'WADO-RS-6.5.6-01',
  ],
  given: { multi: fixture('multi-frame') },
  fault: on(/\/frames\//, status(501)),
  async run(t, { multi }) {
    const [image] = imagesOf(multi);
    if (!image) return;
    const actions = [
      ['RetrieveStudy', studyPath(image), acceptDicom, 'WADO-RS-6.5.1-01'],
      ['RetrieveSeries', seriesPath(image), acceptDicom, 'WADO-RS-6.5.2-01'],
      ['RetrieveInstance', instancePath(image), acceptDicom, 'WADO-RS-6.5.3-01'],
      ['RetrieveFrames', `${instancePath(image)}/frames/1`, acceptOctets, 'WADO-RS-6.5.4-01'],
      ['RetrieveMetadata', `${studyPath(image)}/metadata`, acceptXml, 'WADO-RS-6.5.6-01'],
    ] as const;
    const statuses = await Promise.all(actions.map(async ([, path, accept]) => (await ask(t, path, accept)).response.status));
    const refused = actions.filter((_, i) => ![200, 206].includes(statuses[i] ?? 0)).map(([action]) => action);
    const absent = actions.filter((_, i) => [404, 405, 501].includes(statuses[i] ?? 0)).map(([action]) => action);
    t.expect('the actions that are not there', absent, []);
    for (const [i, [action, , accept, row]] of actions.entries())
      t.expect(`the status of ${action} of a multi-frame image with Accept: ${accept}`, statuses[i], anyOf(200, 206), { row });
    t.expect('the actions that do not succeed without query parameters', refused, [], { row: 'WADO-RS-6.5-17' });
    t.expect(
      'the forms in which a multi-frame image cannot be had',
      [acceptDicom, acceptOctets, acceptXml].filter(form =>
        actions.some(([, , accept], i) => accept === form && ![200, 206].includes(statuses[i] ?? 0)),
      ),
      [],
      { row: 'WADO-RS-7-03' },
    );
  },
});

// 7.1.2 to 7.4: what each kind of object can be had as.
export const otherObjects = check({
  id: 'wado-rs/actions/objects-without-pixels',
  title: 'Objects that are no images can be had as application/dicom and have metadata',
  requires: ['WADO-RS-7-05', 'WADO-RS-6.5.6-20'],
  given: { sr: fixture('sr') },
  fault: on(/\/instances\/[0-9.]+$/, status(406)),
  async run(t, { sr }) {
    for (const instance of instancesOf(sr).slice(0, 4)) {
      const { response } = await ask(t, instancePath(instance), acceptDicom);
      t.expect('the status of a structured report, asked for as application/dicom', response.status, 200);
    }
    const { response } = await ask(t, `${studyPath(sr)}/metadata`, acceptXml);
    t.record('the status of the metadata of structured reports', String(response.status));
  },
});

// RFC 2616 3.2.3: an escaped unreserved character is the same as the plain one.
export const escapes = check({
  id: 'wado-rs/actions/escaped-characters-in-the-path',
  title: 'A full stop in the path may be written %2E',
  requires: ['WADO-RS-HTTP-11'],
  given: { multi: fixture('multi-frame') },
  fault: on(/%2E/i, status(404)),
  async run(t, { multi }) {
    for (const image of imagesOf(multi).slice(0, 1)) {
      const plain = await ask(t, instancePath(image), acceptDicom);
      const escaped = await ask(t, instancePath({ ...image, sopInstanceUID: image.sopInstanceUID.replaceAll('.', '%2E') }), acceptDicom);
      t.expect('the status of an instance whose UID is written with %2E', escaped.response.status, plain.response.status);
    }
  },
});
