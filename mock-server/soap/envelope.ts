import { namespaces, soap11Namespace } from '../../schemas/wado-ws.ts';
import { SoapFault } from './fault.ts';
import { childrenNamed, type Element, MalformedXml, readXml, textOf } from './xml-read.ts';
import { declaring, element, type Xml } from './xml-write.ts';

/** What a message says of itself (WS-Addressing 1.0 Core 3.2). */
export interface Addressing {
  readonly action: string;
  readonly messageId: string;
}

/** A message that can be processed. */
export interface Envelope extends Addressing {
  /** The only child of Body. */
  readonly body: Element;
}

const { soap12, wsa } = namespaces;
const anonymous = `${wsa}/anonymous`;
/** SOAP 1.2 Part 1 2.2: the roles that this node acts in; no role is the last one. */
const ownRoles = [undefined, `${soap12}/role/next`, `${soap12}/role/ultimateReceiver`];

/** The Message ID of a message, as far as it can be told: a fault relates to it as well. */
export function messageIdIn(bytes: Uint8Array): string | undefined {
  try {
    return headersIn(readXml(bytes))
      .find(({ namespace, name }) => namespace === wsa && name === 'MessageID')
      ?.text.trim();
  } catch {
    return undefined;
  }
}

/** Reads and judges the envelope of a request; throws a SoapFault where SOAP 1.2 or WS-Addressing want one. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const root = parsed(bytes);
  if (root.name !== 'Envelope') throw new SoapFault('Sender', `the message is a ${root.name}, not a SOAP Envelope`);
  // SOAP 1.2 Part 1 5.4.7.
  if (root.namespace !== soap12)
    throw new SoapFault(
      'VersionMismatch',
      root.namespace === soap11Namespace
        ? 'the envelope is one of SOAP 1.1; this server speaks SOAP 1.2'
        : `the envelope is in the namespace "${root.namespace}"; this server speaks SOAP 1.2`,
    );
  const headers = headersIn(root);
  understood(headers);
  const { action, messageId } = addressing(headers);
  const [body, ...more] = childrenNamed(root, soap12, 'Body');
  if (!body || more.length > 0) throw new SoapFault('Sender', 'the envelope has no Body, or more than one');
  const [child, ...others] = body.children;
  // WS-I Basic Profile R9981.
  if (!child || others.length > 0) throw new SoapFault('Sender', `the Body has ${body.children.length} elements where one belongs`);
  return { action, messageId, body: child };
}

function parsed(bytes: Uint8Array): Element {
  try {
    return readXml(bytes);
  } catch (error) {
    if (error instanceof MalformedXml) throw new SoapFault('Sender', error.message);
    throw error;
  }
}

const headersIn = (root: Element): readonly Element[] => childrenNamed(root, root.namespace, 'Header')[0]?.children ?? [];

/** SOAP 1.2 Part 1 2.4 and 5.4.8: what has to be understood and is not, is a fault. */
function understood(headers: readonly Element[]): void {
  for (const { namespace, name, attributes } of headers) {
    const mandatory = ['1', 'true'].includes(attributes.get(`{${soap12}}mustUnderstand`)?.trim() ?? '');
    const mine = ownRoles.includes(attributes.get(`{${soap12}}role`)?.trim());
    if (mandatory && mine && namespace !== wsa)
      throw new SoapFault('MustUnderstand', `the header ${name} of "${namespace}" has to be understood and is not`, {
        notUnderstood: { namespace, name },
      });
  }
}

/** WS-Addressing 1.0 Core 3.2 and SOAP Binding 6.4. */
function addressing(headers: readonly Element[]): Addressing {
  const named = (name: string) => headers.filter(header => header.namespace === wsa && header.name === name);
  for (const name of ['Action', 'MessageID', 'To', 'ReplyTo', 'From', 'FaultTo'])
    if (named(name).length > 1)
      throw new SoapFault('Sender', `the header wsa:${name} is there more than once`, { subcode: 'InvalidAddressingHeader' });
  const required = (name: string) => {
    const value = named(name)[0]?.text.trim() ?? '';
    if (value === '') throw new SoapFault('Sender', `the header wsa:${name} is missing`, { subcode: 'MessageAddressingHeaderRequired' });
    return value;
  };
  for (const name of ['ReplyTo', 'FaultTo']) {
    const [header] = named(name);
    const address = header && textOf(header, wsa, 'Address');
    // Asynchronous exchange is an option of IHE that this server does not have.
    if (address !== undefined && address !== anonymous)
      throw new SoapFault('Sender', `wsa:${name} has to be ${anonymous}; this server answers on the same connection`, {
        subcode: 'InvalidAddressingHeader',
      });
  }
  return { action: required('Action'), messageId: required('MessageID') };
}

/** The envelope of an answer. PS3.18-2013 6.4: the Action header has to be understood. */
export function writeEnvelope(
  {
    action,
    relatesTo,
    headers = [],
  }: { readonly action: string; readonly relatesTo?: string | undefined; readonly headers?: readonly Xml[] },
  body: Xml,
): string {
  const { xml } = element(
    'soap12:Envelope',
    declaring('soap12', 'wsa'),
    element(
      'soap12:Header',
      {},
      element('wsa:Action', { 'soap12:mustUnderstand': 'true' }, action),
      relatesTo === undefined ? undefined : element('wsa:RelatesTo', {}, relatesTo),
      headers,
    ),
    element('soap12:Body', {}, body),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}
