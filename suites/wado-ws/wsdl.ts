import { laterRenderedStem, namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { on, sendsText } from '../kit/faults.ts';
import { informationDesk, renderedDesk, retrieveDesk } from '../kit/givens/ws.ts';
import { type Operation, readWsdl, type Wsdl } from '../kit/read/wsdl.ts';
import { endpoint } from '../kit/ws-request.ts';

/** The WSDL that the target publishes at `?wsdl`; skips where there is none. */
async function published(t: Trial): Promise<Wsdl> {
  const { response } = await t.send({ to: '?wsdl', endpoint });
  const read = response.status === 200 ? readWsdl(response.body) : null;
  return read ?? t.skip(`the target publishes no WSDL with its operations at ?wsdl (status ${response.status})`);
}

const { ihe, iherad, wado } = namespaces;
const imported: Readonly<Record<WsAction, readonly string[]>> = {
  retrieve: [iherad, ihe],
  rendered: [iherad, ihe, wado],
  information: [iherad, ihe, wado],
};

/** As 6.4.2.1 prints it, or as later practice spells it. */
const spelled = (action: WsAction, uri: string) =>
  action === 'rendered' ? anyOf(uri, uri.replace(/^urn:dicom:ws:wado:2011:/, laterRenderedStem)) : uri;

async function expectOperation(t: Trial, action: WsAction): Promise<void> {
  const wsdl = await published(t);
  const { request, response } = wsActions[action];
  const qualified = ({ prefix, name }: { readonly prefix: keyof typeof namespaces; readonly name: string }) =>
    `{${namespaces[prefix]}}${name}`;
  const found = wsdl.operations.find(({ input }) => input.element === qualified(request));
  t.expect(`whether the WSDL has an operation with the message part ${request.name}`, found !== undefined, true);
  const { input, output, soapAction } = found as Operation;
  t.expect(`the message part of the output of ${request.name}`, output.element, qualified(response));
  // Where wsaw:Action is left out, the soapAction is the action (WS-Addressing 1.0 WSDL Binding 4.4.1).
  if (input.action !== '') t.expect(`wsaw:Action of the input ${request.name}`, input.action, spelled(action, request.action));
  if (output.action !== '') t.expect(`wsaw:Action of the output ${response.name}`, output.action, spelled(action, response.action));
  if (soapAction === null) t.record('bindings', 'not in this WSDL');
  else t.expect(`soapAction of the operation of ${request.name}`, soapAction, spelled(action, request.action));
  const missing = imported[action].filter(namespace => !wsdl.namespaces.includes(namespace));
  t.expect('the namespaces that the WSDL does not import', missing, []);
}

const onWsdl = (change: (text: string) => string) => on(/\/wado-ws\?wsdl$/i, sendsText(change));

// PS3.18-2013 6.4.1.1.
export const retrieve = check({
  id: 'wado-ws/wsdl/retrieve',
  title: 'A published WSDL describes RetrieveImagingDocumentSet as the text does',
  requires: ['WADO-WS-6.4.1.1-15'],
  given: { desk: retrieveDesk },
  fault: onWsdl(text => text.replace(/ soapAction="[^"]*RetrieveImagingDocumentSet"/, ' soapAction=""')),
  run: t => expectOperation(t, 'retrieve'),
});

// 6.4.2.1.
export const rendered = check({
  id: 'wado-ws/wsdl/rendered',
  title: 'A published WSDL describes RetrieveRenderedImagingDocumentSet as the text does',
  requires: ['WADO-WS-6.4.2.1-09'],
  given: { desk: renderedDesk },
  fault: onWsdl(text => text.replace(/ soapAction="[^"]*RetrieveRenderedImagingDocumentSet"/, ' soapAction="urn:other"')),
  run: t => expectOperation(t, 'rendered'),
});

// 6.4.3.1.
export const information = check({
  id: 'wado-ws/wsdl/information',
  title: 'A published WSDL describes RetrieveImagingDocumentSetMetadata as the text does',
  requires: ['WADO-WS-6.4.3.1-08'],
  given: { desk: informationDesk },
  fault: onWsdl(text =>
    text.replaceAll('wado:RetrieveImagingDocumentSetInformationRequest', 'wado:RetrieveImagingDocumentSetMetadataRequest'),
  ),
  run: t => expectOperation(t, 'information'),
});
