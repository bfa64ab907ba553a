import type { DataSet } from '../../schemas/data-set.ts';
import { textOf } from '../dicom/values.ts';
import type { ContentItem, Report } from './content.ts';
import { escaped } from './html.ts';

/** A report as a document of the HL7 Clinical Document Architecture, Release 2: the header, and the content as sections of narrative text. */
export function reportCda(report: Report, dataSet: DataSet, charset: string): string {
  const [family = '', given = ''] = (textOf(dataSet, 'PatientName').split('=')[0] ?? '').split('^');
  const date = textOf(dataSet, 'ContentDate');
  const time = `${date}${textOf(dataSet, 'ContentTime').slice(0, 6)}`;
  const sex = { M: 'M', F: 'F' }[textOf(dataSet, 'PatientSex')] ?? 'UN';
  const unknown = '<assignedAuthor><id nullFlavor="UNK"/></assignedAuthor>';
  return `<?xml version="1.0" encoding="${escaped(charset)}"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="${escaped(textOf(dataSet, 'SOPInstanceUID'))}"/>
<code code="18748-4" codeSystem="2.16.840.1.113883.6.1" displayName="Diagnostic imaging study"/>
<title>${escaped(report.title)}</title>
<effectiveTime value="${escaped(time)}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<recordTarget><patientRole><id nullFlavor="UNK" extension="${escaped(textOf(dataSet, 'PatientID'))}"/><patient><name><given>${escaped(given)}</given><family>${escaped(family)}</family></name><administrativeGenderCode code="${sex}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="${escaped(textOf(dataSet, 'PatientBirthDate'))}"/></patient></patientRole></recordTarget>
<author><time value="${escaped(time)}"/>${unknown}</author>
<custodian><assignedCustodian><representedCustodianOrganization><id nullFlavor="UNK"/></representedCustodianOrganization></assignedCustodian></custodian>
<component><structuredBody>
${sections(report)}
</structuredBody></component>
</ClinicalDocument>
`;
}

function sections({ title, content }: Report): string {
  const loose = content.filter(({ isHeading }) => !isHeading);
  const first = loose.length > 0 ? [{ concept: title, value: '', isHeading: true, relation: '', children: loose }] : [];
  return [...first, ...content.filter(({ isHeading }) => isHeading)].map(section).join('\n');
}

function section({ concept, children }: ContentItem): string {
  const items = children.filter(({ isHeading }) => !isHeading).map(entry);
  const text = items.length > 0 ? `<list>${items.join('')}</list>` : '';
  const inner = children.filter(({ isHeading }) => isHeading).map(section);
  return `<component><section><title>${escaped(concept)}</title><text>${text}</text>${inner.join('')}</section></component>`;
}

function entry({ concept, value, children }: ContentItem): string {
  const inner = children.map(entry);
  const lead = concept === '' ? '' : `<content styleCode="Bold">${escaped(concept)}</content>: `;
  return `<item>${lead}${escaped(value).replaceAll(/\r\n|\r|\n/g, '<br/>')}${inner.length > 0 ? `<list>${inner.join('')}</list>` : ''}</item>`;
}
