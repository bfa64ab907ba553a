import type { RequirementId } from '../../schemas/requirements.ts';
import { laterRenderedStem, namespaces, type WsAction, wsActions } from '../../schemas/wado-ws.ts';
import { type ClientCheck, clientCheck } from '../harness/client.ts';
import { anyOf } from '../harness/expected.ts';
import { hearsText, onBody } from '../kit/faults.ts';
import { addressed } from '../kit/read/soap.ts';
import { wsRequest } from '../kit/ws-asked.ts';

/** A check that the element in the Body has its name, in its namespace. */
function elementOf(action: WsAction, row: RequirementId, wrong: (text: string) => string): ClientCheck {
  const { prefix, name } = wsActions[action].request;
  return clientCheck({
    id: `wado-ws/client-actions/element-of-${action}`,
    title: `The element in the Body is ${name}, in its namespace`,
    requires: [row],
    wrongClient: onBody(new RegExp(`${name}>`), hearsText(wrong)),
    looks(t, exchange) {
      const request = wsRequest(exchange);
      if (request?.action === action)
        t.expect(
          'the element in the Body',
          request.element ? `${request.element.name} of ${request.element.namespace}` : 'none',
          `${name} of ${namespaces[prefix]}`,
        );
    },
  });
}

// PS3.18-2013 6.4.1.1, 6.4.2.1 and 6.4.3.1.
export const retrieveElement = elementOf('retrieve', 'WADO-WS-6.4.1.1-01', text =>
  text.replaceAll('iherad:RetrieveImagingDocumentSetRequest', 'ihe:RetrieveImagingDocumentSetRequest'),
);
export const renderedElement = elementOf('rendered', 'WADO-WS-6.4.2.1-01', text =>
  text.replaceAll('wado:RetrieveRenderedImagingDocumentSetRequest', 'iherad:RetrieveRenderedImagingDocumentSetRequest'),
);
export const informationElement = elementOf('information', 'WADO-WS-6.4.3.1-01', text =>
  text.replaceAll('SetInformationRequest', 'SetMetadataRequest'),
);

/** A check of wsa:Action, and of the action parameter of Content-Type where that is sent (RFC 3902). */
function uriOf(action: WsAction, row: RequirementId, wrong: string): ClientCheck {
  const { name, action: uri } = wsActions[action].request;
  // Later practice spells the rendered action otherwise; servers understand both.
  const later = action === 'rendered' ? `${laterRenderedStem}${wsActions.rendered.name}` : uri;
  return clientCheck({
    id: `wado-ws/client-actions/uri-of-${action}`,
    title: `The action of a ${name} is ${uri}`,
    requires: [row],
    wrongClient: onBody(
      new RegExp(`${name}>`),
      hearsText(text => text.replaceAll(uri, wrong)),
    ),
    looks(t, exchange) {
      const request = wsRequest(exchange);
      if (request?.action !== action || !request.message) return;
      const said = [addressed(request.message, 'Action'), request.contentType.parameters.get('action') ?? ''];
      for (const [i, where] of ['wsa:Action', 'the action parameter of Content-Type'].entries()) {
        const value = said[i] ?? '';
        if (value === '') continue;
        t.expect(`${where} of a ${name}`, value, later === uri ? uri : anyOf(uri, later));
        if (value === later && later !== uri) t.record(`${where} of a ${name}`, 'as later practice spells it');
      }
    },
  });
}

export const retrieveUri = uriOf('retrieve', 'WADO-WS-6.4.1.1-02', 'urn:ihe:iti:2007:RetrieveDocumentSet');
export const renderedUri = uriOf('rendered', 'WADO-WS-6.4.2.1-02', 'urn:ihe:rad:2009:RetrieveImagingDocumentSet');
export const informationUri = uriOf('information', 'WADO-WS-6.4.3.1-02', 'urn:dicom:wado:ws:2011:RetrieveImagingDocumentSetMetadata');
