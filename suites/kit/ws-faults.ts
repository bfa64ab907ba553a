import { homeEdition } from '../../schemas/editions.ts';
import { type WsSituation, wsErrorCode } from '../../schemas/wado-ws.ts';
import type { Fault } from '../harness/check.ts';
import { on, onBody, sendsText } from './faults.ts';

/** Applies a fault to the messages of WADO-WS only. */
export const onWs = (fault: Fault): Fault =>
  on(request => new URL(request.url).pathname === '/wado-ws' && request.method === 'POST', fault);

/** Applies a fault to one action only. */
export const onRetrieve = (fault: Fault): Fault => onBody(/:RetrieveImagingDocumentSetRequest /, fault);
export const onRendered = (fault: Fault): Fault => onBody(/:RetrieveRenderedImagingDocumentSetRequest /, fault);
export const onInformation = (fault: Fault): Fault => onBody(/:RetrieveImagingDocumentSetInformationRequest /, fault);

/** A server that reports a situation of Table 6.4-1 with a code of IHE that says nothing. */
export function miscodes(situation: WsSituation): Fault {
  return onWs(sendsText(text => text.replaceAll(wsErrorCode(situation, homeEdition), 'XDSRepositoryError')));
}
