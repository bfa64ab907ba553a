import { type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { wadoWsSchemas } from '../../schemas/xsd/wado-ws.ts';
import type { BulkDataUri } from '../dicom/bulk.ts';
import { pixelData } from '../pixels/frames.ts';
import { locate, problem } from '../services/documents.ts';
import { actionNamed, deliver } from '../soap/actions.ts';
import { messageIdIn, readEnvelope, writeEnvelope } from '../soap/envelope.ts';
import { actionOf, faultBody, headersOf, SoapFault, statusOf } from '../soap/fault.ts';
import { type DocumentRequest, documentsIn } from '../soap/request.ts';
import { responseOf } from '../soap/response.ts';
import { wsdl } from '../soap/wsdl.ts';
import type { StoredInstance } from '../storage/store.ts';
import { bulkDataUris, bulkDataUrl } from './bulk-url.ts';
import type { Call } from './context.ts';
import { HttpError } from './errors.ts';
import { roots } from './roots.ts';
import { packagedMessage, plainMessage, type Received, unpack } from './soap-package.ts';

/** What a message may be at most, packaging included. */
const maximumMessage = 4 * 1024 * 1024;

/** PS3.18-2013 6.4: the three actions by SOAP 1.2, with MTOM where there are documents. */
export async function answerSoap(call: Call): Promise<Response> {
  const received = await receive(call);
  try {
    return await answer(call, received);
  } catch (error) {
    if (!(error instanceof SoapFault)) throw error;
    return faultMessage(error, messageIdIn(received.envelope));
  }
}

async function receive({ request }: Call): Promise<Received> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maximumMessage) throw new HttpError(413, `The message is larger than ${maximumMessage} bytes.`);
    chunks.push(chunk);
  }
  return unpack(request.headers.get('Content-Type') ?? '', Buffer.concat(chunks, size));
}

async function answer(call: Call, received: Received): Promise<Response> {
  const { context, url } = call;
  const { action: name, messageId, body: root } = readEnvelope(received.envelope);
  const action = actionNamed(name);
  // WS-Addressing 1.0 SOAP Binding 6.4.1.7 and 6.4.2.
  if (action === undefined) throw new SoapFault('Sender', `there is no action ${name}`, { subcode: 'ActionNotSupported' });
  if (received.action !== '' && received.action !== name)
    throw new SoapFault('Sender', `the Content-Type says action ${received.action}, the message ${name}`, {
      subcode: 'InvalidAddressingHeader',
    });

  // Pixel data goes by reference whatever its length (6.4.3.2).
  const bulkDataUri =
    (instance: StoredInstance): BulkDataUri =>
    (path, element) =>
      path[0] === pixelData && path.length === 1 ? bulkDataUrl(call, instance, path) : bulkDataUris(call, instance)(path, element);
  const jpipUrl = (instance: StoredInstance) => `${url.origin}${roots['wado-ws']}/jpip?target=${instance.sopInstanceUID}`;
  const outcomeOf = async (document: DocumentRequest, i: number) => {
    if (i >= context.maximumDocuments) return problem('overLimits', `a request has at most ${context.maximumDocuments} documents`);
    const located = locate(context.store, context.repository, document);
    return 'problem' in located
      ? located
      : deliver[action]({
          root,
          document,
          instance: located.found,
          store: context.store,
          anonymises: context.anonymises,
          bulkDataUri,
          jpipUrl,
        });
  };
  const outcomes = [];
  for (const [i, document] of documentsIn(action, root).entries()) outcomes.push({ document, outcome: await outcomeOf(document, i) });
  const { body, attachments } = responseOf(action, outcomes, context.edition);
  return messageOf({ action: responseAction(action, name), relatesTo: messageId }, body, attachments, received.packaged);
}

/** The action of the answer, in the spelling that the request uses. */
function responseAction(action: WsAction, asked: string): string {
  const { request, response } = wsActions[action];
  return asked === request.action ? response.action : `${asked}Response`;
}

function messageOf(
  addressing: { readonly action: string; readonly relatesTo: string },
  body: Parameters<typeof writeEnvelope>[1],
  attachments: Parameters<typeof packagedMessage>[2],
  packaged: boolean,
): Response {
  const envelope = writeEnvelope(addressing, body);
  // A message without documents has nothing to attach; it comes as the request did.
  return packaged || attachments.length > 0
    ? packagedMessage(envelope, addressing.action, attachments, 200)
    : plainMessage(envelope, addressing.action, 200);
}

function faultMessage(fault: SoapFault, relatesTo: string | undefined): Response {
  const action = actionOf(fault);
  return plainMessage(writeEnvelope({ action, relatesTo, headers: headersOf(fault) }, faultBody(fault)), action, statusOf(fault));
}

/** The WSDL of the service at `?wsdl`. */
export function describeService({ url }: Call): Response {
  if (![...url.searchParams.keys()].some(key => key.toLowerCase() === 'wsdl'))
    throw new HttpError(405, 'SOAP messages are sent with POST; the WSDL is at ?wsdl.', { Allow: 'POST, OPTIONS' });
  return xmlDocument(wsdl(`${url.origin}${roots['wado-ws']}`));
}

/** A schema that the WSDL imports. */
export function describeSchema({ path }: Call): Response {
  const { schema = '' } = path;
  const text = Object.hasOwn(wadoWsSchemas, schema) ? wadoWsSchemas[schema] : undefined;
  if (text === undefined) throw new HttpError(404, `The schemas are ${Object.keys(wadoWsSchemas).join(', ')}.`);
  return xmlDocument(text);
}

const xmlDocument = (text: string): Response => new Response(text, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } });

/** The URL that stands for pixels in a JPIP referenced object: this server has no JPIP streams. */
export function streamPixels({ url, context }: Call): Response {
  const target = url.searchParams.get('target') ?? '';
  const known = context.store.studies().some(study => context.store.find(study).some(({ sopInstanceUID }) => sopInstanceUID === target));
  throw known
    ? new HttpError(501, 'This server does not stream pixels by JPIP (ISO/IEC 15444-9).')
    : new HttpError(404, `There is no image "${target.slice(0, 64)}".`);
}
