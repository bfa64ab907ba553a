import { createServer } from 'node:http';
import { corpus } from '../fixtures/corpus.ts';
import { missing, startOrthanc } from '../lab/orthanc/start.ts';
import { createMockServer } from '../mock-server/index.ts';
import { acceptDicom, acceptJson, acceptOctets, acceptXml } from '../suites/kit/media.ts';
import { storing } from '../suites/kit/store.ts';
import { load } from './load.ts';

/** Requests per second of the mock server beside Orthanc with the same studies and beside a bare node server that sends the same bytes. */
const [study] = corpus;
const [instance] = study?.instances ?? [];
if (!study || !instance) throw new Error('there are no fixtures');
const ofInstance = `studies/${study.studyInstanceUID}/series/${instance.seriesInstanceUID}/instances/${instance.sopInstanceUID}`;

const requests: readonly (readonly [string, string, string])[] = [
  ['search for studies, JSON', 'studies', acceptJson('2013')],
  ['search for one study, JSON', `studies?StudyInstanceUID=${study.studyInstanceUID}`, acceptJson('2013')],
  ['instances of a study, XML', `studies/${study.studyInstanceUID}/instances`, acceptXml],
  ['metadata of a study, XML', `studies/${study.studyInstanceUID}/metadata`, acceptXml],
  ['a study as DICOM objects', `studies/${study.studyInstanceUID}`, acceptDicom],
  ['a frame', `${ofInstance}/frames/1`, acceptOctets],
];

const mock = await createMockServer().listen();
const orthanc = missing === null ? await startOrthanc() : null;
if (orthanc) {
  for (const { instances } of corpus) {
    const { to, headers, body } = storing(instances.map(each => each.part10()));
    await fetch(`${orthanc.url}/${to}`, {
      method: 'POST',
      headers: (headers as [string, string][]).map(([n, v]) => [n, v]),
      body: body ?? null,
    });
  }
}

const rows: Record<string, string | number>[] = [];
for (const [what, resource, accept] of requests) {
  const url = `${mock.url.replace(/\/$/, '')}/${resource}`;
  const same = new Uint8Array(await (await fetch(url, { headers: { Accept: accept } })).arrayBuffer());
  const bare = createServer((_, response) => response.end(same));
  await new Promise<void>(resolve => bare.listen(0, '127.0.0.1', resolve));
  const address = bare.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const mine = await load(url, accept);
  const yardstick = await load(`http://127.0.0.1:${port}/`, accept);
  const other = orthanc ? await load(`${orthanc.url}/${resource}`, accept) : null;
  rows.push({
    request: what,
    bytes: same.length,
    'mock server, req/s': mine.requestsPerSecond,
    'bare node, req/s': yardstick.requestsPerSecond,
    'Orthanc, req/s': other?.requestsPerSecond ?? 'not installed',
  });
  bare.close();
}
console.table(rows);
await mock.close();
await orthanc?.stop();
