import { asOf, type ByEdition, type Edition } from './editions.ts';

/** PS3.18-2013 6.5 and 6.6: a DICOM PS3.10 object. */
export const dicomObjectType = 'application/dicom';

/** PS3.18-2013 6.5 to 6.7: a Native DICOM Model document (PS3.19 A.1). */
export const nativeModelType = 'application/dicom+xml';

/** PS3.18-2013 6.5: uncompressed bulk data, little endian. */
export const uncompressedBulkDataType = 'application/octet-stream';

/** The media type of the DICOM JSON Model (Annex F). */
export const jsonModelType: ByEdition<string> = { '2013': 'application/json', '2016c': 'application/dicom+json' };

/** A row of PS3.18-2013 Table 6.5-1: the media type in which pixel data of a transfer syntax travels outside DICOM objects. */
export interface CompressedMediaType {
  readonly transferSyntax: string;
  readonly mediaType: string;
  /** Whether the media type without `transfer-syntax` parameter means this row; always a lossless one. */
  readonly byDefault: boolean;
  /** `single`: each part holds one frame; `multi`: a part may hold several frames or a whole video. */
  readonly frames: 'single' | 'multi';
}

interface Names {
  readonly jpeg: string;
  readonly rle: string;
  readonly jpegLs: string;
  readonly jpeg2000: string;
  readonly jpeg2000Part2: string;
}

function table(names: Names): readonly CompressedMediaType[] {
  const row = (uid: string, mediaType: string, byDefault: boolean, frames: 'single' | 'multi'): CompressedMediaType => ({
    transferSyntax: `1.2.840.10008.1.2.${uid}`,
    mediaType,
    byDefault,
    frames,
  });
  return [
    row('4.50', names.jpeg, false, 'single'),
    row('4.51', names.jpeg, false, 'single'),
    row('4.57', names.jpeg, false, 'single'),
    row('4.70', names.jpeg, true, 'single'),
    row('5', names.rle, true, 'single'),
    row('4.80', names.jpegLs, true, 'single'),
    row('4.81', names.jpegLs, false, 'single'),
    row('4.90', names.jpeg2000, true, 'single'),
    row('4.91', names.jpeg2000, false, 'single'),
    row('4.92', names.jpeg2000Part2, true, 'single'),
    row('4.93', names.jpeg2000Part2, false, 'single'),
    row('4.92', names.jpeg2000Part2, true, 'multi'),
    row('4.93', names.jpeg2000Part2, false, 'multi'),
    row('4.100', 'video/mpeg', false, 'multi'),
    row('4.101', 'video/mpeg', false, 'multi'),
    row('4.102', 'video/mp4', false, 'multi'),
    row('4.103', 'video/mp4', false, 'multi'),
  ];
}

/** Table 6.5-1 by edition; the transfer syntaxes are those of 2013. */
export const compressedMediaTypes: ByEdition<readonly CompressedMediaType[]> = {
  '2013': table({
    jpeg: 'image/dicom+jpeg',
    rle: 'image/dicom+rle',
    jpegLs: 'image/dicom+jpeg-ls',
    jpeg2000: 'image/dicom+jp2',
    jpeg2000Part2: 'image/dicom+jpx',
  }),
  '2016c': table({
    jpeg: 'image/jpeg',
    rle: 'image/x-dicom-rle',
    jpegLs: 'image/x-jls',
    jpeg2000: 'image/jp2',
    jpeg2000Part2: 'image/jpx',
  }),
  '2019c': table({
    jpeg: 'image/jpeg',
    rle: 'image/dicom-rle',
    jpegLs: 'image/jls',
    jpeg2000: 'image/jp2',
    jpeg2000Part2: 'image/jpx',
  }),
};

/** The rows of Table 6.5-1 for pixel data stored in `transferSyntax`; none for uncompressed and unlisted transfer syntaxes. */
export function mediaTypesOf(transferSyntax: string, edition: Edition): readonly CompressedMediaType[] {
  return (asOf(compressedMediaTypes, edition) ?? []).filter(row => row.transferSyntax === transferSyntax);
}

/**
 * The transfer syntax that a media type of Table 6.5-1 stands for, with the `transfer-syntax` parameter of the sender or without;
 * undefined when the pair is no row of the table.
 */
export function transferSyntaxOf(mediaType: string, parameter: string | undefined, edition: Edition): string | undefined {
  const rows = (asOf(compressedMediaTypes, edition) ?? []).filter(row => row.mediaType === mediaType.toLowerCase());
  const row = rows.find(each => (parameter === undefined ? each.byDefault : each.transferSyntax === parameter));
  return row?.transferSyntax;
}
