import { soapEnvelopeSchema, wadoWsSchemas } from '../../schemas/xsd/wado-ws.ts';
import { Unreadable } from './read/defect.ts';

/** Where the schemas seem to lie while they import each other; nothing is read from there. */
const folder = 'wado-ws-schemas/';

type Validate = (envelope: Uint8Array) => readonly string[];

let made: Promise<Validate> | undefined;

async function makeValidator(): Promise<Validate> {
  const { XmlBufferInputProvider, XmlDocument, XmlLibError, XsdValidator, xmlCleanupInputProvider, xmlRegisterInputProvider } =
    await import('libxml2-wasm');
  const files = Object.entries(wadoWsSchemas).map(([name, text]) => [folder + name, Buffer.from(text)] as const);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(files)));
  const validator = XsdValidator.fromDoc(XmlDocument.fromString(soapEnvelopeSchema, { url: `${folder}envelope.xsd` }));
  xmlCleanupInputProvider();
  return envelope => {
    try {
      const document = XmlDocument.fromBuffer(envelope);
      try {
        validator.validate(document);
        return [];
      } finally {
        document.dispose();
      }
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error;
      if (error.name === 'XmlParseError') throw new Unreadable(error.message.trim());
      return error.details.map(({ message }) => message.trim());
    }
  };
}

/** XOP 1.0 3.2: the infoset has content where the message has a reference; empty content has the same type. */
export function withoutReferences(envelope: Uint8Array): Uint8Array {
  const text = Buffer.from(envelope).toString('latin1');
  return Buffer.from(text.replaceAll(/<([\w.-]+:)?Include\b[^>]*?(\/>|>\s*<\/\1?Include\s*>)/g, ''), 'latin1');
}

/** What is not valid in an envelope by the schemas of WADO-WS, in the words of libxml2; Unreadable when it is no XML. */
export async function schemaErrors(envelope: Uint8Array): Promise<readonly string[]> {
  made ??= makeValidator();
  return (await made)(withoutReferences(envelope));
}
