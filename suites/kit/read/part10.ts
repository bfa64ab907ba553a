import { inflateRawSync } from 'node:zlib';
import type { DataSet, Tag } from '../../../schemas/data-set.ts';
import { tagOf } from '../../../schemas/dictionary.ts';
import type { RequirementId } from '../../../schemas/requirements.ts';
import { transferSyntax } from '../../../schemas/transfer-syntaxes.ts';
import { dataSetReader, noOddities, type Oddities } from './data-set.ts';
import { type Defect, type Read, Unreadable } from './defect.ts';
import { encapsulationDefects } from './encapsulation.ts';
import { remembering } from './remember.ts';

/** A PS3.10 file. */
export interface Part10File {
  /** 128 bytes. */
  readonly preamble: Uint8Array;
  /** Group 0002 (PS3.10-2013 7.1). */
  readonly fileMeta: DataSet;
  /** Transfer Syntax UID (0002,0010). */
  readonly transferSyntax: string;
  readonly dataSet: DataSet;
}

const scope = { terms: [], depth: 0, signed: false } as const;
const prefixAt = 128;
/** How a file begins that follows another. */
const secondFile = Buffer.concat([Buffer.alloc(prefixAt), Buffer.from('DICM', 'latin1')]);
const mostInflated = 1024 ** 3;
/** PS3.10-2013 7.1: a preamble may be used, as that of a file that is TIFF as well is; how that begins is known (TIFF 6.0, BigTIFF). */
const beginsAsTiff = /^(II[*+]\0|MM\0[*+])/;

/** Reads a PS3.10 file strictly (PS3.10-2013 7); Unreadable when its elements cannot be told apart. */
export const readPart10 = remembering(readFile);

function readFile(bytes: Uint8Array): Read<Part10File> {
  const prefix = Buffer.from(bytes.subarray(prefixAt, prefixAt + 4)).toString('latin1');
  if (prefix !== 'DICM') throw new Unreadable(`there is no DICM at byte ${prefixAt} of ${bytes.length}`, 'WADO-RS-P10-01');
  const defects: Defect[] = [];
  const inMeta = noOddities();
  const start = prefixAt + 4;
  const meta = dataSetReader(bytes, { explicitVr: true, littleEndian: true }, inMeta);
  const { dataSet: fileMeta, end } = breaking('WADO-RS-P10-03', 'File Meta Information', () =>
    meta.elements(start, { ...scope, limit: bytes.length }, tag => tag.startsWith('0002')),
  );
  const uid = text(fileMeta, 'TransferSyntaxUID');
  if (uid === '') throw new Unreadable('the File Meta Information has no Transfer Syntax UID (0002,0010)', 'WADO-RS-P10-07');
  const syntax = transferSyntax(uid);
  const body = syntax?.deflated ? inflated(bytes.subarray(end)) : bytes.subarray(end);
  const inData = noOddities();
  const reader = dataSetReader(body, { explicitVr: syntax?.explicitVr ?? true, littleEndian: syntax?.byteOrder !== 'big' }, inData);
  const another = Buffer.from(body.buffer, body.byteOffset, body.length).includes(secondFile);
  const { dataSet, end: read } = breaking(another ? 'WADO-RS-P10-09' : 'WADO-RS-P10-07', `data set, read as ${uid},`, () =>
    reader.elements(0, { ...scope, limit: body.length }),
  );
  if (read < body.length) defects.push({ row: 'WADO-RS-P10-09', what: `${body.length - read} bytes follow the data set` });

  if (bytes.subarray(0, prefixAt).some(byte => byte !== 0) && !beginsAsTiff.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1')))
    defects.push({ row: 'WADO-RS-P10-02', what: 'the preamble is not zero' });
  metaDefects(fileMeta, inMeta, end - start, defects);
  for (const [ours, theirs] of [
    ['MediaStorageSOPClassUID', 'SOPClassUID'],
    ['MediaStorageSOPInstanceUID', 'SOPInstanceUID'],
  ] as const) {
    const [inFile, inSet] = [text(fileMeta, ours), text(dataSet, theirs)];
    if (inFile !== inSet) defects.push({ row: 'WADO-RS-P10-06', what: `${ours} is "${inFile}" and ${theirs} "${inSet}"` });
  }
  const foreign = [...dataSet.keys()].filter(tag => tag < '00080000');
  if (foreign.length > 0) defects.push({ row: 'WADO-RS-P10-10', what: `the data set has ${foreign.join(', ')}` });
  if (/\.4\.9[45]$/.test(uid)) defects.push({ row: 'WADO-RS-P10-13', what: `the file is in ${uid}` });
  defects.push(...encapsulationDefects(dataSet, uid, inData));
  return { value: { preamble: bytes.subarray(0, prefixAt), fileMeta, transferSyntax: uid, dataSet }, defects };
}

/** Names the part of the file that cannot be read, and the requirement that this breaks. */
function breaking<T>(row: RequirementId, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Unreadable(`in the ${what} ${error.message}`, row);
  }
}

function text(dataSet: DataSet, keyword: string): string {
  const element = dataSet.get(tagOf(keyword));
  return element && 'values' in element ? String(element.values[0] ?? '') : '';
}

/** PS3.10-2013 Table 7.1-1. */
function metaDefects(fileMeta: DataSet, { odd }: Oddities, size: number, defects: Defect[]): void {
  const has = (keyword: string) => fileMeta.has(tagOf(keyword));
  const length = fileMeta.get(tagOf('FileMetaInformationGroupLength'));
  const told = length && 'values' in length ? Number(length.values[0]) : undefined;
  const lengthItself = 12;
  if (told !== size - lengthItself)
    defects.push({ row: 'WADO-RS-P10-04', what: `the group length is ${told ?? 'missing'} where ${size - lengthItself} bytes follow` });
  const version = fileMeta.get(tagOf('FileMetaInformationVersion'));
  if (!version || !('bytes' in version) || ((version.bytes[1] ?? 0) & 1) === 0)
    defects.push({ row: 'WADO-RS-P10-05', what: 'File Meta Information Version (0002,0001) is missing or has no version bit' });
  if (text(fileMeta, 'ImplementationClassUID') === '')
    defects.push({ row: 'WADO-RS-P10-08', what: 'Implementation Class UID (0002,0012) is missing' });
  const unknown: Tag[] = [...fileMeta].filter(([, element]) => element.vr === 'UN').map(([tag]) => tag);
  if (unknown.length + odd.length > 0)
    defects.push({ row: 'WADO-RS-P10-11', what: `${[...unknown, ...odd].join(', ')} has VR UN or an odd length` });
  if (has('PrivateInformation') !== has('PrivateInformationCreatorUID'))
    defects.push({ row: 'WADO-RS-P10-12', what: 'of (0002,0100) and (0002,0102) only one is there' });
}

/** PS3.5-2013 A.5. */
function inflated(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: mostInflated });
  } catch (error) {
    throw new Unreadable(`the data set does not inflate: ${error instanceof Error ? error.message : error}`, 'WADO-RS-P10-07');
  }
}
