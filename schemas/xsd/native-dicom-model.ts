/**
 * XML Schema of the Native DICOM Model, written from the facts of PS3.19-2013 A.1.5 and A.1.6. Beyond the normative schema it knows `xml:space` on the root, which Table
 * A.1.5-1 demands, and leaves `vr` optional, as that table does.
 */
export const nativeDicomModelXsd = `<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM"
  targetNamespace="http://dicom.nema.org/PS3.19/models/NativeDICOM" elementFormDefault="qualified">
  <xs:element name="NativeDicomModel">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="DicomAttribute" type="Attribute" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace" processContents="skip"/>
    </xs:complexType>
  </xs:element>
  <xs:complexType name="Attribute">
    <xs:choice minOccurs="0">
      <xs:element name="BulkData">
        <xs:complexType>
          <xs:attribute name="uuid" type="xs:string"/>
          <xs:attribute name="uri" type="xs:anyURI"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="InlineBinary" type="xs:base64Binary"/>
      <xs:element name="Value" maxOccurs="unbounded">
        <xs:complexType>
          <xs:simpleContent>
            <xs:extension base="xs:string">
              <xs:attribute name="number" type="xs:positiveInteger" use="required"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
      </xs:element>
      <xs:element name="Item" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="DicomAttribute" type="Attribute" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="number" type="xs:positiveInteger" use="required"/>
        </xs:complexType>
      </xs:element>
      <xs:element name="PersonName" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="Alphabetic" type="NameGroup" minOccurs="0"/>
            <xs:element name="Ideographic" type="NameGroup" minOccurs="0"/>
            <xs:element name="Phonetic" type="NameGroup" minOccurs="0"/>
          </xs:sequence>
          <xs:attribute name="number" type="xs:positiveInteger" use="required"/>
        </xs:complexType>
      </xs:element>
    </xs:choice>
    <xs:attribute name="tag" use="required">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:pattern value="[0-9A-F]{8}"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="vr">
      <xs:simpleType>
        <xs:restriction base="xs:string">
          <xs:pattern value="[A-Z]{2}"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:attribute>
    <xs:attribute name="keyword" type="xs:string"/>
    <xs:attribute name="privateCreator" type="xs:string"/>
  </xs:complexType>
  <xs:complexType name="NameGroup">
    <xs:sequence>
      <xs:element name="FamilyName" type="xs:string" minOccurs="0"/>
      <xs:element name="GivenName" type="xs:string" minOccurs="0"/>
      <xs:element name="MiddleName" type="xs:string" minOccurs="0"/>
      <xs:element name="NamePrefix" type="xs:string" minOccurs="0"/>
      <xs:element name="NameSuffix" type="xs:string" minOccurs="0"/>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
`;
