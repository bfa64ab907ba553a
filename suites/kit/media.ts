import { asOf, type Edition } from '../../schemas/editions.ts';
import { dicomObjectType, jsonModelType, nativeModelType, uncompressedBulkDataType } from '../../schemas/media-types.ts';

const related = (type: string) => `multipart/related; type="${type}"`;

/** PS3.18-2013 6.5: the Accept value for DICOM objects. */
export const acceptDicom = related(dicomObjectType);

/** PS3.18-2013 6.5: the Accept value for uncompressed bulk data, frames included. */
export const acceptOctets = related(uncompressedBulkDataType);

/** PS3.18-2013 6.5 and 6.7: the Accept value for Native DICOM Model documents. */
export const acceptXml = related(nativeModelType);

/** The Accept value for the DICOM JSON Model in this edition. */
export function acceptJson(edition: Edition): string {
  return asOf(jsonModelType, edition) ?? 'application/dicom+json';
}
