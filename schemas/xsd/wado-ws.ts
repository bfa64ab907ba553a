import { namespaces } from '../wado-ws.ts';

const { ihe, iherad, rs, wado } = namespaces;

const schema = (target: string, prefixes: Readonly<Record<string, string>>, body: string): string => {
  const declarations = Object.entries(prefixes).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"${declarations.join('')}
  targetNamespace="${target}" elementFormDefault="qualified" attributeFormDefault="unqualified">${body}</xs:schema>
`;
};

/** ebRS 3.0: the parts that answers of WADO-WS use. */
const registry = schema(
  rs,
  { rs },
  `
  <xs:element name="RegistryResponse" type="rs:RegistryResponseType"/>
  <xs:complexType name="RegistryResponseType">
    <xs:sequence>
      <xs:element ref="rs:RegistryErrorList" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="status" type="xs:anyURI" use="required"/>
    <xs:attribute name="requestId" type="xs:anyURI"/>
  </xs:complexType>
  <xs:element name="RegistryErrorList">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="rs:RegistryError" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="highestSeverity" type="xs:anyURI"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="RegistryError">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:string">
          <xs:attribute name="codeContext" type="xs:string" use="required"/>
          <xs:attribute name="errorCode" type="xs:string" use="required"/>
          <xs:attribute name="severity" type="xs:anyURI" default="urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"/>
          <xs:attribute name="location" type="xs:string"/>
        </xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>
`,
);

/** ITI-43, with what PS3.18-2013 6.4.1 adds to a DocumentRequest and a DocumentResponse and leaves optional in them. */
const repository = schema(
  ihe,
  { ihe, iherad, rs, wado, xmime: 'http://www.w3.org/2005/05/xmlmime' },
  `
  <xs:import namespace="${rs}" schemaLocation="rs.xsd"/>
  <xs:import namespace="${iherad}" schemaLocation="XDSI.b_ImagingDocumentSource.xsd"/>
  <xs:import namespace="${wado}" schemaLocation="dicom.wado.ws.2011.xsd"/>
  <xs:simpleType name="LongName">
    <xs:restriction base="xs:string">
      <xs:maxLength value="256"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:element name="HomeCommunityId" type="ihe:LongName"/>
  <xs:element name="RepositoryUniqueId" type="ihe:LongName"/>
  <xs:element name="DocumentUniqueId" type="ihe:LongName"/>
  <xs:element name="mimeType" type="ihe:LongName"/>
  <xs:element name="Document" type="xs:base64Binary" xmime:expectedContentTypes="application/octet-stream"/>
  <xs:element name="DocumentRequest">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="ihe:HomeCommunityId" minOccurs="0"/>
        <xs:element ref="ihe:RepositoryUniqueId" minOccurs="0"/>
        <xs:element ref="ihe:DocumentUniqueId"/>
        <xs:element ref="wado:Anonymize" minOccurs="0"/>
        <xs:element ref="wado:FrameNumber" minOccurs="0"/>
        <xs:element ref="iherad:TransferSyntaxUIDList" minOccurs="0"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="RetrieveDocumentSetResponse">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="rs:RegistryResponse"/>
        <xs:element name="DocumentResponse" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence>
              <xs:element ref="ihe:HomeCommunityId" minOccurs="0"/>
              <xs:element ref="ihe:RepositoryUniqueId" minOccurs="0"/>
              <xs:element ref="ihe:DocumentUniqueId"/>
              <xs:element ref="wado:FrameNumber" minOccurs="0"/>
              <xs:element name="NewRepositoryUniqueId" type="ihe:LongName" minOccurs="0"/>
              <xs:element name="NewDocumentUniqueId" type="ihe:LongName" minOccurs="0"/>
              <xs:element ref="ihe:mimeType"/>
              <xs:element ref="ihe:Document"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
`,
);

const levels = (prefix: string, document: string): string => `
  <xs:element name="StudyRequest">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="SeriesRequest" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence>
              ${document}
            </xs:sequence>
            <xs:attribute name="seriesInstanceUID" type="${prefix}:Uid" use="required"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
      <xs:attribute name="studyInstanceUID" type="${prefix}:Uid" use="required"/>
    </xs:complexType>
  </xs:element>
`;

const uidType = `
  <xs:simpleType name="Uid">
    <xs:restriction base="xs:string">
      <xs:maxLength value="64"/>
      <xs:pattern value="[0-9.]+"/>
    </xs:restriction>
  </xs:simpleType>`;

/** IHE RAD-69; the list of transfer syntaxes is optional, as PS3.18-2013 8.2.11 has it. */
const imagingSource = schema(
  iherad,
  { iherad, ihe },
  `
  <xs:import namespace="${ihe}" schemaLocation="XDS.b_DocumentRepository.xsd"/>${uidType}
  <xs:element name="TransferSyntaxUIDList">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="TransferSyntaxUID" type="iherad:Uid" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>${levels('iherad', '<xs:element ref="ihe:DocumentRequest" maxOccurs="unbounded"/>')}
  <xs:element name="RetrieveImagingDocumentSetRequest">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="iherad:StudyRequest" maxOccurs="unbounded"/>
        <xs:element ref="iherad:TransferSyntaxUIDList" minOccurs="0"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
`,
);

const strings = (...names: readonly string[]): string =>
  names.map(name => `\n              <xs:element name="${name}" type="xs:string" minOccurs="0"/>`).join('');

const listOf = (name: string): string => `
              <xs:element name="${name}List" minOccurs="0">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="${name}" type="xs:string" maxOccurs="unbounded"/>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>`;

const rendering = ['Annotation', 'Rows', 'Columns'] as const;
const state = ['PresentationUID', 'PresentationSeriesUID'] as const;

const request = (name: string, document: string): string => `
  <xs:element name="${name}">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="StudyRequest" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="SeriesRequest" maxOccurs="unbounded">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element ref="wado:${document}" maxOccurs="unbounded"/>
                  </xs:sequence>
                  <xs:attribute name="seriesInstanceUID" type="wado:Uid" use="required"/>
                </xs:complexType>
              </xs:element>
            </xs:sequence>
            <xs:attribute name="studyInstanceUID" type="wado:Uid" use="required"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
`;

const response = (name: string, document: string, content: string): string => `
  <xs:element name="${name}">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="rs:RegistryResponse"/>
        <xs:element name="${document}" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence>
              <xs:element ref="ihe:HomeCommunityId" minOccurs="0"/>
              <xs:element ref="ihe:RepositoryUniqueId" minOccurs="0"/>${content}
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
`;

/** PS3.18-2013 6.4.2 and 6.4.3. The parameters of a rendering may stand in any order, since the text and the schemas in use have different ones. */
const dicomWado = schema(
  wado,
  { wado, ihe, rs },
  `
  <xs:import namespace="${ihe}" schemaLocation="XDS.b_DocumentRepository.xsd"/>
  <xs:import namespace="${rs}" schemaLocation="rs.xsd"/>${uidType}
  <xs:element name="Anonymize" type="xs:string"/>
  <xs:element name="FrameNumber" type="xs:string"/>
  <xs:element name="Region">
    <xs:complexType>
      <xs:sequence minOccurs="0">
        <xs:element name="XMin" type="xs:string"/>
        <xs:element name="YMin" type="xs:string"/>
        <xs:element name="XMax" type="xs:string"/>
        <xs:element name="YMax" type="xs:string"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:element name="RenderedDocumentRequest">
    <xs:complexType>
      <xs:all>
              <xs:element ref="ihe:HomeCommunityId" minOccurs="0"/>
              <xs:element ref="ihe:RepositoryUniqueId" minOccurs="0"/>
              <xs:element ref="ihe:DocumentUniqueId"/>${strings(...rendering)}
              <xs:element ref="wado:Region" minOccurs="0"/>${strings('WindowWidth', 'WindowCenter', 'ImageQuality', ...state)}
              <xs:element ref="wado:Anonymize" minOccurs="0"/>
              <xs:element ref="wado:FrameNumber" minOccurs="0"/>${listOf('ContentType')}${listOf('Charset')}
      </xs:all>
    </xs:complexType>
  </xs:element>
  <xs:element name="DocumentInformationRequest">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="ihe:HomeCommunityId" minOccurs="0"/>
        <xs:element ref="ihe:RepositoryUniqueId" minOccurs="0"/>
        <xs:element ref="ihe:DocumentUniqueId"/>
        <xs:element ref="wado:Anonymize" minOccurs="0"/>
        <xs:element name="XPath" type="xs:string" maxOccurs="unbounded"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>${request('RetrieveRenderedImagingDocumentSetRequest', 'RenderedDocumentRequest')}${request(
    'RetrieveImagingDocumentSetInformationRequest',
    'DocumentInformationRequest',
  )}${response(
    'RetrieveRenderedImagingDocumentSetResponse',
    'RenderedDocumentResponse',
    `
              <xs:element name="SourceDocumentUniqueId" type="ihe:LongName"/>
              <xs:element ref="wado:FrameNumber" minOccurs="0"/>${strings(...rendering)}
              <xs:element ref="wado:Region" minOccurs="0"/>${strings('WindowWidth', 'WindowCenter', 'ImageQuality', ...state)}
              <xs:element ref="wado:Anonymize" minOccurs="0"/>
              <xs:element ref="ihe:mimeType"/>
              <xs:element ref="ihe:Document"/>`,
  )}${response(
    'RetrieveImagingDocumentSetInformationResponse',
    'DocumentInformationResponse',
    `
              <xs:element ref="ihe:DocumentUniqueId"/>
              <xs:element ref="wado:FrameNumber" minOccurs="0"/>
              <xs:element name="XPathResponseList">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="XPathResponse" maxOccurs="unbounded">
                      <xs:complexType mixed="true">
                        <xs:sequence>
                          <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
                        </xs:sequence>
                      </xs:complexType>
                    </xs:element>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>`,
  )}`,
);

/** The schemas of WADO-WS by the file names that PS3.18-2013 6.4.1.1 and 6.4.2.1 print, which import each other by them. */
export const wadoWsSchemas: Readonly<Record<string, string>> = {
  'rs.xsd': registry,
  'XDS.b_DocumentRepository.xsd': repository,
  'XDSI.b_ImagingDocumentSource.xsd': imagingSource,
  'dicom.wado.ws.2011.xsd': dicomWado,
};

/** The envelope of SOAP 1.2 as far as it frames a message, with all elements of WADO-WS known in its Body; to be used beside the schemas above. */
export const soapEnvelopeSchema = schema(
  namespaces.soap12,
  { soap12: namespaces.soap12 },
  `
${[
  [rs, 'rs.xsd'],
  [ihe, 'XDS.b_DocumentRepository.xsd'],
  [iherad, 'XDSI.b_ImagingDocumentSource.xsd'],
  [wado, 'dicom.wado.ws.2011.xsd'],
]
  .map(([namespace, file]) => `  <xs:import namespace="${namespace}" schemaLocation="${file}"/>`)
  .join('\n')}
  <xs:complexType name="Blocks">
    <xs:sequence>
      <xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:anyAttribute namespace="##other" processContents="lax"/>
  </xs:complexType>
  <xs:element name="Envelope">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Header" type="soap12:Blocks" minOccurs="0"/>
        <xs:element name="Body" type="soap12:Blocks"/>
      </xs:sequence>
      <xs:anyAttribute namespace="##other" processContents="lax"/>
    </xs:complexType>
  </xs:element>
`,
);
