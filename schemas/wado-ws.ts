import { asOf, type ByEdition, type Edition } from './editions.ts';

/** The XML namespaces of WADO-WS messages (PS3.18-2013 6.4) and of what they stand on, by the prefix that the text uses. */
export const namespaces = {
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  wsa: 'http://www.w3.org/2005/08/addressing',
  xop: 'http://www.w3.org/2004/08/xop/include',
  iherad: 'urn:ihe:rad:xdsi-b:2009',
  ihe: 'urn:ihe:iti:xds-b:2007',
  rs: 'urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0',
  wado: 'urn:dicom:wado:ws:2011',
} as const;

/** The namespace of SOAP 1.1 envelopes, which WADO-WS does not use. */
export const soap11Namespace = 'http://schemas.xmlsoap.org/soap/envelope/';

/** The namespace of the Native DICOM Model (PS3.19-2013 A.1). */
export const nativeModelNamespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';

/** The media types of SOAP 1.2 messages, alone and as the root of an XOP package. */
export const soapType = 'application/soap+xml';
export const xopType = 'application/xop+xml';

/** A message: the namespace prefix and the local name of its element, and its action. */
export interface WsMessage {
  readonly prefix: keyof typeof namespaces;
  readonly name: string;
  readonly action: string;
}

/** The three actions of PS3.18-2013 6.4.1 to 6.4.3: what is sent, and what is answered. */
export const wsActions = {
  retrieve: {
    name: 'RetrieveImagingDocumentSet',
    request: {
      prefix: 'iherad',
      name: 'RetrieveImagingDocumentSetRequest',
      action: 'urn:ihe:rad:2009:RetrieveImagingDocumentSet',
    },
    response: { prefix: 'ihe', name: 'RetrieveDocumentSetResponse', action: 'urn:ihe:iti:2007:RetrieveDocumentSetResponse' },
  },
  rendered: {
    name: 'RetrieveRenderedImagingDocumentSet',
    request: {
      prefix: 'wado',
      name: 'RetrieveRenderedImagingDocumentSetRequest',
      action: 'urn:dicom:ws:wado:2011:RetrieveRenderedImagingDocumentSet',
    },
    response: {
      prefix: 'wado',
      name: 'RetrieveRenderedImagingDocumentSetResponse',
      action: 'urn:dicom:ws:wado:2011:RetrieveRenderedImagingDocumentSetResponse',
    },
  },
  information: {
    name: 'RetrieveImagingDocumentSetMetadata',
    request: {
      prefix: 'wado',
      name: 'RetrieveImagingDocumentSetInformationRequest',
      action: 'urn:wado:2011:RetrieveImagingDocumentSetInformation',
    },
    response: {
      prefix: 'wado',
      name: 'RetrieveImagingDocumentSetInformationResponse',
      action: 'urn:wado:2011:RetrieveImagingDocumentSetInformationResponse',
    },
  },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly request: WsMessage; readonly response: WsMessage }>>;

/** The name of an action. */
export type WsAction = keyof typeof wsActions;

/** The stem of the rendered actions as later practice spells it, with the namespace in front. */
export const laterRenderedStem = 'urn:dicom:wado:ws:2011:';

/** PS3.18-2013 6.4.1.2.1: the values of RegistryResponse/@status. */
export const registryStatuses = {
  success: 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success',
  partialSuccess: 'urn:ihe:iti:2007:ResponseStatusType:PartialSuccess',
  failure: 'urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure',
} as const;

/** PS3.18-2013 6.4.1.2.1: the values of RegistryError/@severity. */
export const severities = {
  error: 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error',
  warning: 'urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning',
} as const;

/** PS3.18-2013 Table 6.4-1: the situations that have an error code, by their number. */
export const wsSituations = {
  cannotAnonymize: 1,
  noAnonymization: 2,
  offLine: 3,
  noLongerAvailable: 4,
  overLimits: 5,
  unknownFormat: 6,
  impossibleFormat: 7,
  singleFrameFormat: 8,
  notOfTheSopClass: 9,
  contradictingIdentifiers: 10,
  unsupportedSopClass: 11,
  invalidValue: 12,
  unsupportedParameter: 13,
  processingFailed: 14,
  unknownStudy: 15,
  unknownSeries: 16,
  unknownDocument: 17,
  frameOutOfRange: 18,
  unknownPresentation: 19,
  unknownPresentationSeries: 20,
} as const;

/** A situation of Table 6.4-1. */
export type WsSituation = keyof typeof wsSituations;

/** Until 2014b the table prints placeholders of four characters, from 2014c on numbers. */
const codeForms: ByEdition<'placeholder' | 'digits'> = { '2013': 'placeholder', '2014c': 'digits' };

/** The error code of a situation as an edition prints it. */
export function wsErrorCode(situation: WsSituation, edition: Edition): string {
  const number = String(wsSituations[situation]);
  const form = asOf(codeForms, edition) ?? 'digits';
  return `urn:dicom:wado:${form === 'digits' ? number.padStart(4, '0') : number.padStart(4, 'X')}`;
}

/** The code of IHE for a repository that is not the one asked (ITI TF-3 Table 4.2.4.1-2). */
export const unknownRepository = 'XDSUnknownRepositoryId';

/** PS3.18-2013 6.4.1.2.2: the transfer syntaxes in which a URL stands for the pixels. */
export const jpipSyntaxes = ['1.2.840.10008.1.2.4.94', '1.2.840.10008.1.2.4.95'] as const;
