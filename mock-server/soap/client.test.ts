import { type Client, createClientAsync } from 'soap';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { repositoryUniqueId } from '../../fixtures/uids.ts';
import { explicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { namespaces, registryStatuses, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { readPart10 } from '../dicom/part10.ts';
import { createMockServer } from '../index.ts';

/** A SOAP client that nobody here wrote: it reads the WSDL, makes its calls from it and takes MTOM packages apart. */
let client: Client;
const server = createMockServer();
let listening: Awaited<ReturnType<typeof server.listen>>;
beforeAll(async () => {
  listening = await server.listen();
});
afterAll(() => listening.close());
beforeEach(async () => {
  client = await createClientAsync(`${listening.endpoints['wado-ws']}?wsdl`, { forceSoap12Headers: true, parseReponseAttachments: true });
});

const [slice] = studyNamed('ct').instances;
if (!slice) throw new Error('the fixture ct is empty');
const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = slice;

interface Answer {
  readonly result: { readonly RegistryResponse: { readonly attributes: { readonly status: string } } } & Readonly<Record<string, unknown>>;
  readonly parts: readonly { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> }[];
}

/** Calls an action about one document, with what else stands in its element and behind the studies. */
async function call(action: WsAction, inside: object, last: object = {}): Promise<Answer> {
  const { name, request } = wsActions[action];
  const element = { retrieve: 'DocumentRequest', rendered: 'RenderedDocumentRequest', information: 'DocumentInformationRequest' }[action];
  // WS-Addressing is what the client leaves to its user.
  client.addSoapHeader(
    `<wsa:Action xmlns:wsa="${namespaces.wsa}" soap:mustUnderstand="1">${request.action}</wsa:Action><wsa:MessageID xmlns:wsa="${namespaces.wsa}">urn:uuid:1b0f6a1e-0000-4000-8000-000000000001</wsa:MessageID>`,
  );
  const document = { RepositoryUniqueId: repositoryUniqueId, DocumentUniqueId: sopInstanceUID, ...inside };
  const studies = [{ attributes: { studyInstanceUID }, SeriesRequest: [{ attributes: { seriesInstanceUID }, [element]: [document] }] }];
  const method: unknown = client[`${name}Async`];
  if (typeof method !== 'function') throw new Error(`the client found no ${name} in the WSDL`);
  const [result, , , , attachments] = await method.call(client, { StudyRequest: studies, ...last });
  return { result, parts: attachments?.parts ?? [] };
}

test('it retrieves an object that parses', async () => {
  const { result, parts } = await call('retrieve', {}, { TransferSyntaxUIDList: { TransferSyntaxUID: [explicitLittleEndian] } });
  expect(result.RegistryResponse.attributes.status).toBe(registryStatuses.success);
  const [part] = parts;
  expect(readPart10(part?.body ?? Buffer.of()).dataSet.get('00080018')).toEqual({ vr: 'UI', values: [sopInstanceUID] });
});

test('it retrieves a rendering that is a JPEG file', async () => {
  const { result, parts } = await call('rendered', { Rows: 24, ContentTypeList: { ContentType: ['image/jpeg'] } });
  expect(result.RegistryResponse.attributes.status).toBe(registryStatuses.success);
  expect(JSON.stringify(result)).toContain('"Columns":"32"');
  expect(parts[0]?.body.subarray(0, 3)).toEqual(Buffer.of(0xff, 0xd8, 0xff));
});

test('it retrieves metadata', async () => {
  const { result } = await call('information', { XPath: ['//*[@keyword="Modality"]'] });
  expect(result.RegistryResponse.attributes.status).toBe(registryStatuses.success);
  expect(JSON.stringify(result)).toContain('"Value":{"attributes":{"number":"1"},"$value":"CT"}');
});

test('a fault reaches it as one', async () => {
  await expect(call('information', { DocumentUniqueId: '' })).rejects.toThrow(/has no DocumentUniqueId/);
});
