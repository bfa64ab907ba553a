import { check } from '../harness/check.ts';
import { hearsHeaders, on } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptDicom, acceptOctets, acceptXml } from '../kit/media.ts';
import { anyInstance, ask, seriesPath, studyPath } from '../kit/retrieve.ts';

const impossible = 'multipart/related; type="application/x-unknown"';
const ignoresAccept = (accept: string) => hearsHeaders({ Accept: accept });
const asksFor = (path: RegExp, accept: RegExp) => (request: Request) =>
  path.test(new URL(request.url).pathname) && accept.test(request.headers.get('Accept') ?? '');

// PS3.18-2013 6.5.1.2 and Table 6.5-2: what cannot be given in any requested form is 406.
export const objects = check({
  id: 'wado-rs/not-acceptable/unknown-type',
  title: 'A study, series or instance in a type that does not exist is answered 406',
  requires: ['WADO-RS-6.5-ACC-09', 'WADO-RS-6.5.7-05'],
  given: { any: anyInstance },
  fault: on(asksFor(/\/studies\//, /x-unknown/), ignoresAccept(acceptDicom)),
  async run(t, { any }) {
    const resources = { study: any.studyPath, series: any.seriesPath, instance: any.instancePath };
    for (const [level, path] of Object.entries(resources)) {
      const { response } = await ask(t, path, impossible);
      const row = level === 'study' ? 'WADO-RS-6.5.7-05' : 'WADO-RS-6.5-ACC-09';
      t.expect(`the status for a ${level} with Accept: ${impossible}`, response.status, 406, { row });
    }
    const image = await ask(t, any.instancePath, 'image/vnd.example');
    t.expect('the status for an instance with Accept: image/vnd.example', image.response.status, 406);
  },
});

// Table 6.5-1: MPEG-2 Main Level has 8 bits and whole television pictures, so the slices of the fixture cannot be encoded so.
export const transferSyntax = check({
  id: 'wado-rs/not-acceptable/impossible-transfer-syntax',
  title: 'Objects in a transfer syntax that they cannot be encoded in are answered 406',
  requires: ['WADO-RS-6.5.1-09', 'WADO-RS-6.5.2-06'],
  given: { ct: fixture('ct') },
  fault: on(asksFor(/\/studies\//, /4\.100/), ignoresAccept(acceptDicom)),
  async run(t, { ct }) {
    const accept = `${acceptDicom}; transfer-syntax=1.2.840.10008.1.2.4.100`;
    const study = await ask(t, studyPath(ct), accept);
    t.expect(`the status for a CT study with Accept: ${accept}`, study.response.status, 406);
    for (const instance of ct.instances.slice(0, 1)) {
      const series = await ask(t, seriesPath({ ...ct, ...instance }), accept);
      t.expect(`the status for a CT series with Accept: ${accept}`, series.response.status, 406, { row: 'WADO-RS-6.5.2-06' });
    }
  },
});

export const metadata = check({
  id: 'wado-rs/not-acceptable/metadata-as-dicom',
  title: 'Metadata in a type that metadata do not have are answered 406',
  requires: ['WADO-RS-6.5.6-19'],
  given: { any: anyInstance },
  fault: on(/\/metadata$/, ignoresAccept(acceptXml)),
  async run(t, { any }) {
    for (const accept of [acceptDicom, impossible]) {
      const { response } = await ask(t, any.metadataPath, accept);
      t.expect(`the status for metadata with Accept: ${accept}`, response.status, 406);
    }
  },
});

// 6.5.4: a CT slice is no video.
export const frames = check({
  id: 'wado-rs/not-acceptable/frame-in-an-impossible-type',
  title: 'A frame in a type that it cannot have is answered 406',
  requires: ['WADO-RS-6.5.4-23'],
  given: { any: anyInstance },
  fault: on(/\/frames\//, ignoresAccept(acceptOctets)),
  async run(t, { any }) {
    const known = await ask(t, `${any.instancePath}/frames/1`, acceptOctets);
    if (known.response.status !== 200) t.skip('the first instance of the target has no frames');
    for (const accept of [impossible, acceptDicom]) {
      const { response } = await ask(t, `${any.instancePath}/frames/1`, accept);
      t.expect(`the status for a frame with Accept: ${accept}`, response.status, 406);
    }
  },
});
