import { createRequire } from 'node:module';
import { createClientAsync } from 'soap';
import { expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { repositoryUniqueId } from '../../fixtures/uids.ts';
import { namespaces, registryStatuses, wsActions } from '../../schemas/wado-ws.ts';
import { judging, notFound, unexpected } from './judging.ts';

const require = createRequire(import.meta.url);

function firstOf(name: 'ct' | 'multi-frame') {
  const [first] = studyNamed(name).instances;
  if (!first) throw new Error(`the study ${name} is empty`);
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = first;
  return { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
}

/** What a client has to be seen doing: otherwise nothing was judged. */
const unseen = (checks: readonly string[], topics: readonly string[]) => topics.filter(topic => !checks.some(id => id.startsWith(topic)));

test('dicomweb-client searches and retrieves', async () => {
  const instance = firstOf('multi-frame');
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
  Object.assign(globalThis, { XMLHttpRequest: require('xhr2') });
  const { api } = require('dicomweb-client');
  const octets = [{ mediaType: 'application/octet-stream' }];
  const lossless = [{ mediaType: 'image/jls', transferSyntaxUID: '1.2.840.10008.1.2.4.80' }, ...octets];
  const { result, wrong, passed } = await judging('2020c', {}, async ({ rs: url }) => {
    const client = new api.DICOMwebClient({ url });
    const studies = await client.searchForStudies({
      queryParams: {
        PatientName: 'CONF*^*',
        StudyDate: '20000101-20991231',
        includefield: '00081030,00100040',
        fuzzymatching: true,
        limit: 5,
      },
    });
    const series = await client.searchForSeries({ studyInstanceUID, queryParams: { Modality: '*', '00080021': '-20991231' } });
    await client.searchForInstances({ studyInstanceUID, seriesInstanceUID });
    await client.searchForInstances({ queryParams: { SOPInstanceUID: [sopInstanceUID, '1.2.3'] } });
    await client.retrieveStudyMetadata({ studyInstanceUID });
    await client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID });
    const [metadata] = [await client.retrieveInstanceMetadata(instance)].flat();
    await client.retrieveStudy({ studyInstanceUID });
    await client.retrieveSeries({ studyInstanceUID, seriesInstanceUID });
    const object = await client.retrieveInstance(instance);
    const frames = await client.retrieveInstanceFrames({ ...instance, frameNumbers: [2, 1], mediaTypes: octets });
    await client.retrieveInstanceFrames({ ...instance, frameNumbers: [1], mediaTypes: lossless });
    await client.retrieveBulkData({ BulkDataURI: metadata['7FE00010'].BulkDataURI, mediaTypes: octets });
    return { studies: studies.length, series: series.length, object: object.byteLength, frames: frames.length };
  });
  expect(result).toEqual({ studies: 5, series: 1, object: expect.any(Number), frames: 2 });
  expect(unexpected('dicomweb-client', wrong)).toEqual([]);
  expect(notFound('dicomweb-client', wrong)).toEqual([]);
  expect(unseen(passed, ['qido-rs/client-keys/', 'qido-rs/client-values/', 'wado-rs/client-resources/', 'wado-rs/client-accept/'])).toEqual(
    [],
  );
});

test('soap calls the three actions', async () => {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = firstOf('ct');
  const { result, wrong, passed } = await judging('2013', {}, async ({ 'wado-ws': url }) => {
    const client = await createClientAsync(`${url}?wsdl`, { forceSoap12Headers: true, parseReponseAttachments: true });
    const inside = {
      retrieve: ['DocumentRequest', {}, { TransferSyntaxUIDList: { TransferSyntaxUID: ['1.2.840.10008.1.2.1'] } }],
      rendered: ['RenderedDocumentRequest', { Rows: 24, ContentTypeList: { ContentType: ['image/jpeg'] } }, {}],
      information: ['DocumentInformationRequest', { XPath: ['/'] }, {}],
    } as const;
    const statuses: string[] = [];
    for (const action of ['retrieve', 'rendered', 'information'] as const) {
      const { name, request } = wsActions[action];
      const [element, more, last] = inside[action];
      client.clearSoapHeaders();
      // WS-Addressing is what the client leaves to its user.
      client.addSoapHeader(
        `<wsa:Action xmlns:wsa="${namespaces.wsa}" soap:mustUnderstand="1">${request.action}</wsa:Action><wsa:MessageID xmlns:wsa="${namespaces.wsa}">urn:uuid:1b0f6a1e-0000-4000-8000-00000000000${statuses.length}</wsa:MessageID>`,
      );
      const documents = [{ RepositoryUniqueId: repositoryUniqueId, DocumentUniqueId: sopInstanceUID, ...more }];
      const series = [{ attributes: { seriesInstanceUID }, [element]: documents }];
      const call: unknown = client[`${name}Async`];
      if (typeof call !== 'function') throw new Error(`the client found no ${name} in the WSDL`);
      const [answer] = await call.call(client, { StudyRequest: [{ attributes: { studyInstanceUID }, SeriesRequest: series }], ...last });
      statuses.push(answer.RegistryResponse.attributes.status);
    }
    return statuses;
  });
  expect(result).toEqual(Array(3).fill(registryStatuses.success));
  expect(unexpected('soap', wrong)).toEqual([]);
  const topics = ['envelope', 'actions', 'documents', 'lists', 'parameters', 'rendering'];
  expect(
    unseen(
      passed,
      topics.map(topic => `wado-ws/client-${topic}/`),
    ),
  ).toEqual([]);
});
