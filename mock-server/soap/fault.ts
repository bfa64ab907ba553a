import { namespaces } from '../../schemas/wado-ws.ts';
import { declaring, element, type Xml } from './xml-write.ts';

/** SOAP 1.2 Part 1 5.4.6: the codes of faults that are made here. */
export type FaultCode = 'Sender' | 'Receiver' | 'MustUnderstand' | 'VersionMismatch';

/** A message that cannot be processed at all; it is answered with a SOAP fault. */
export class SoapFault extends Error {
  readonly code: FaultCode;
  /** A subcode of WS-Addressing 1.0 SOAP Binding 6.4, without prefix. */
  readonly subcode: string | undefined;
  /** The namespace and the name of the header that was not understood. */
  readonly notUnderstood: { readonly namespace: string; readonly name: string } | undefined;
  constructor(
    code: FaultCode,
    sentence: string,
    more: { readonly subcode?: string; readonly notUnderstood?: { readonly namespace: string; readonly name: string } } = {},
  ) {
    super(sentence);
    this.code = code;
    this.subcode = more.subcode;
    this.notUnderstood = more.notUnderstood;
  }
}

/** SOAP 1.2 Part 2 Table 20: Sender faults are answered 400, others 500. */
export function statusOf({ code }: SoapFault): number {
  return code === 'Sender' ? 400 : 500;
}

/** WS-Addressing 1.0 SOAP Binding 6: the action of a fault. */
export function actionOf({ subcode }: SoapFault): string {
  return `${namespaces.wsa}/${subcode === undefined ? 'soap/' : ''}fault`;
}

/** SOAP 1.2 Part 1 5.4.7 and 5.4.8: the header blocks that go with a fault. */
export function headersOf({ code, notUnderstood }: SoapFault): readonly Xml[] {
  if (code === 'VersionMismatch') return [element('soap12:Upgrade', {}, element('soap12:SupportedEnvelope', { qname: 'soap12:Envelope' }))];
  return notUnderstood === undefined
    ? []
    : [element('soap12:NotUnderstood', { 'xmlns:q': notUnderstood.namespace, qname: `q:${notUnderstood.name}` })];
}

/** SOAP 1.2 Part 1 5.4: the fault as the child of Body. */
export function faultBody({ code, subcode, message }: SoapFault): Xml {
  const value = (text: string) => element('soap12:Value', {}, text);
  return element(
    'soap12:Fault',
    subcode === undefined ? {} : declaring('wsa'),
    element('soap12:Code', {}, value(`soap12:${code}`), subcode && element('soap12:Subcode', {}, value(`wsa:${subcode}`))),
    element('soap12:Reason', {}, element('soap12:Text', { 'xml:lang': 'en' }, sentence(message))),
  );
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`;
