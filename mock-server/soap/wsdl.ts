import { namespaces, wsActions } from '../../schemas/wado-ws.ts';

const target = 'urn:dicom:wado:ws:2011:wsdl';
const actions = Object.values(wsActions);

const imports = [
  [namespaces.ihe, 'XDS.b_DocumentRepository.xsd'],
  [namespaces.iherad, 'XDSI.b_ImagingDocumentSource.xsd'],
  [namespaces.wado, 'dicom.wado.ws.2011.xsd'],
] as const;

/** The WSDL 1.1 of the service at a URL (PS3.18-2013 6.4.1.1, 6.4.2.1 and 6.4.3.1); its schemas are below that URL. */
export function wsdl(url: string): string {
  const schemas = imports.map(([namespace, file]) => `<xs:import namespace="${namespace}" schemaLocation="${url}/${file}"/>`);
  const messages = actions.flatMap(({ request, response }) =>
    [request, response].map(
      ({ prefix, name }) => `  <wsdl:message name="${name}_Message"><wsdl:part name="body" element="${prefix}:${name}"/></wsdl:message>`,
    ),
  );
  const operations = actions.map(
    ({ name, request, response }) =>
      `    <wsdl:operation name="${name}">
      <wsdl:input message="tns:${request.name}_Message" wsaw:Action="${request.action}"/>
      <wsdl:output message="tns:${response.name}_Message" wsaw:Action="${response.action}"/>
    </wsdl:operation>`,
  );
  const bindings = actions.map(
    ({ name, request }) =>
      `    <wsdl:operation name="${name}">
      <soap12:operation soapAction="${request.action}" soapActionRequired="false"/>
      <wsdl:input><soap12:body use="literal"/></wsdl:input>
      <wsdl:output><soap12:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
  );
  const prefixes = (['ihe', 'iherad', 'wado'] as const).map(prefix => ` xmlns:${prefix}="${namespaces[prefix]}"`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="ImagingDocumentSource" targetNamespace="${target}" xmlns:tns="${target}"
  xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"
  xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl" xmlns:xs="http://www.w3.org/2001/XMLSchema"${prefixes}>
  <wsdl:types>
    <xs:schema>${schemas.join('')}</xs:schema>
  </wsdl:types>
${messages.join('\n')}
  <wsdl:portType name="ImagingDocumentSource_PortType">
${operations.join('\n')}
  </wsdl:portType>
  <wsdl:binding name="ImagingDocumentSource_Binding_Soap12" type="tns:ImagingDocumentSource_PortType">
    <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsaw:UsingAddressing wsdl:required="true"/>
${bindings.join('\n')}
  </wsdl:binding>
  <wsdl:service name="ImagingDocumentSource_Service">
    <wsdl:port name="ImagingDocumentSource_Port_Soap12" binding="tns:ImagingDocumentSource_Binding_Soap12">
      <soap12:address location="${url}"/>
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
