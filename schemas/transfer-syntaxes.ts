/** A transfer syntax of PS3.5-2013 section 10 and Annex A. */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly byteOrder: 'little' | 'big';
  /** Whether elements carry their VR. */
  readonly explicitVr: boolean;
  /** Whether Pixel Data is a sequence of fragments (PS3.5-2013 A.4). */
  readonly encapsulated: boolean;
  /** Whether the data set is deflated after the File Meta Information (PS3.5-2013 A.5). */
  readonly deflated: boolean;
  /** `never`: pixels come back bit by bit; `maybe`: the process may or may not lose; `always`: pixels are approximated. */
  readonly lossy: 'never' | 'maybe' | 'always';
}

const native = { byteOrder: 'little', explicitVr: true, encapsulated: false, deflated: false, lossy: 'never' } as const;
const encapsulated = { ...native, encapsulated: true } as const;

/** UIDs of the transfer syntaxes that the product names. */
export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const deflatedLittleEndian = '1.2.840.10008.1.2.1.99';
export const explicitBigEndian = '1.2.840.10008.1.2.2';
export const jpegLosslessFirstOrder = '1.2.840.10008.1.2.4.70';
export const rleLossless = '1.2.840.10008.1.2.5';

/** PS3.6-2013 Annex A: the transfer syntaxes for storage, retired ones excepted (Explicit VR Big Endian is in force in 2013). */
export const transferSyntaxes: readonly TransferSyntax[] = [
  { ...native, uid: implicitLittleEndian, name: 'Implicit VR Little Endian', explicitVr: false },
  { ...native, uid: explicitLittleEndian, name: 'Explicit VR Little Endian' },
  { ...native, uid: deflatedLittleEndian, name: 'Deflated Explicit VR Little Endian', deflated: true },
  { ...native, uid: explicitBigEndian, name: 'Explicit VR Big Endian', byteOrder: 'big' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.50', name: 'JPEG Baseline (Process 1)', lossy: 'always' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.51', name: 'JPEG Extended (Process 2 & 4)', lossy: 'always' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.57', name: 'JPEG Lossless, Non-Hierarchical (Process 14)' },
  { ...encapsulated, uid: jpegLosslessFirstOrder, name: 'JPEG Lossless, Non-Hierarchical, First-Order Prediction' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.80', name: 'JPEG-LS Lossless' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.81', name: 'JPEG-LS Lossy (Near-Lossless)', lossy: 'maybe' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.90', name: 'JPEG 2000 (Lossless Only)' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.91', name: 'JPEG 2000', lossy: 'maybe' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.92', name: 'JPEG 2000 Part 2 Multi-component (Lossless Only)' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.93', name: 'JPEG 2000 Part 2 Multi-component', lossy: 'maybe' },
  // PS3.5-2013 A.6 and A.7: JPIP stores a URL in place of the pixels, so nothing is encapsulated.
  { ...native, uid: '1.2.840.10008.1.2.4.94', name: 'JPIP Referenced', lossy: 'maybe' },
  { ...native, uid: '1.2.840.10008.1.2.4.95', name: 'JPIP Referenced Deflate', deflated: true, lossy: 'maybe' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.100', name: 'MPEG2 Main Profile @ Main Level', lossy: 'always' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.101', name: 'MPEG2 Main Profile @ High Level', lossy: 'always' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.102', name: 'MPEG-4 AVC/H.264 High Profile / Level 4.1', lossy: 'always' },
  { ...encapsulated, uid: '1.2.840.10008.1.2.4.103', name: 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1', lossy: 'always' },
  { ...encapsulated, uid: rleLossless, name: 'RLE Lossless' },
];

const byUid = new Map(transferSyntaxes.map(each => [each.uid, each]));

/** The transfer syntax with this UID; undefined for one that PS3.6-2013 does not register, or has retired. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  return byUid.get(uid);
}
