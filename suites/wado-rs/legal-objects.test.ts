import { describe, expect, test } from 'vitest';
import { encodeElements } from '../../fixtures/part10/encode.ts';
import { writePart10 } from '../../fixtures/part10/write.ts';
import type { DataSet, Element, TextElement } from '../../schemas/data-set.ts';
import { isPrivate } from '../../schemas/dictionary.ts';
import { transferSyntax } from '../../schemas/transfer-syntaxes.ts';
import type { Fault } from '../harness/check.ts';
import { loadChecks } from '../harness/load.ts';
import { select } from '../harness/select.ts';
import { sendsText, together } from '../kit/faults.ts';
import { frameShape } from '../kit/pixels.ts';
import { type Part10File, readPart10 } from '../kit/read/part10.ts';
import { hearing } from '../right-servers/hearing.ts';
import { sendsEachPart } from '../right-servers/variants.ts';

const prefixAt = 128;
const isFile = (body: Buffer) => body.toString('latin1', prefixAt, prefixAt + 4) === 'DICM';

/** A server that writes its PS3.10 files in another way. */
const bytes = (change: (file: Buffer) => Uint8Array): Fault =>
  sendsEachPart(part => (isFile(part.body) ? { ...part, body: Buffer.from(change(Buffer.from(part.body))) } : part));
type How = Omit<Parameters<typeof writePart10>[1], 'transferSyntax'>;
const files = (change: (file: Part10File) => DataSet, how: How = {}): Fault =>
  bytes(body => {
    const file = readPart10(body).value;
    return writePart10(change(file), { transferSyntax: file.transferSyntax, ...how });
  });
const same = ({ dataSet }: Part10File): DataSet => dataSet;

/** A data set with each of its elements changed, those in items included; null takes one away. */
function mapped(dataSet: DataSet, change: (tag: string, element: Element) => readonly [string, Element] | null): DataSet {
  return new Map(
    [...dataSet].flatMap(([tag, element]) => {
      const inner: Element = 'items' in element ? { ...element, items: element.items.map(item => mapped(item, change)) } : element;
      const changed = change(tag, inner);
      return changed ? [changed] : [];
    }),
  );
}

/** PS3.5-2013 7.2: the retired elements (gggg,0000), which may be there. */
function withGroupLengths({ dataSet, transferSyntax: uid }: Part10File): DataSet {
  const groups = [...new Set([...dataSet.keys()].map(tag => tag.slice(0, 4)))];
  const lengths = groups.map((group): [string, Element] => {
    const members = new Map([...dataSet].filter(([tag]) => tag.startsWith(group)));
    return [`${group}0000`, { vr: 'UL', values: [encodeElements(members, uid, 'explicit').length] }];
  });
  return new Map([...dataSet, ...lengths]);
}

/** PS3.5-2013 7.8.1: which block of elements a creator reserves may change whenever an object is written. */
function inOtherBlocks({ dataSet }: Part10File): DataSet {
  const moved = (block: string) => (Number.parseInt(block, 16) + 0x20).toString(16).toUpperCase();
  return mapped(dataSet, (tag, element) => {
    if (!isPrivate(tag)) return [tag, element];
    const [group, block, rest] = [tag.slice(0, 4), tag.slice(4, 6), tag.slice(6)];
    return [block === '00' ? `${group}00${moved(rest)}` : `${group}${moved(block)}${rest}`, element];
  });
}

/** PS3.5-2013 6.2.2: private attributes that went through Implicit VR may have the VR UN. */
const withUnknownPrivates = ({ dataSet }: Part10File): DataSet =>
  mapped(dataSet, (tag, element) => {
    const values: readonly unknown[] = isPrivate(tag) && !/^....00/.test(tag) && 'values' in element ? element.values : [];
    const text = values.join('\\');
    if (typeof values[0] !== 'string' || /[^\x20-\x7e]/.test(text)) return [tag, element];
    return [tag, { vr: 'UN', bytes: Buffer.from(text.length % 2 === 1 ? `${text} ` : text) }];
  });

const limits: Readonly<Record<string, number>> = { CS: 16, SH: 16, LO: 64, AE: 16, PN: 64 };
/** PS3.5-2013 6.2: blanks at the end of text mean nothing. */
const withBlanks = ({ dataSet }: Part10File): DataSet =>
  mapped(dataSet, (tag, element) => {
    const most = limits[element.vr] ?? 0;
    if (!('values' in element) || tag === '00080005') return [tag, element];
    const padded = element.values.map(value =>
      typeof value === 'string' && value !== '' && value.length + 2 <= most ? `${value}  ` : value,
    );
    return [tag, { ...element, values: padded } as Element];
  });

/** PS3.3-2013 C.12.1.1.2: text may be written in another character set that has its characters. */
function inUtf8({ dataSet }: Part10File): DataSet {
  const utf8: Element = { vr: 'CS', values: ['ISO_IR 192'] };
  return new Map([...mapped(dataSet, (tag, element) => (tag === '00080005' ? null : [tag, element])), ['00080005', utf8]]);
}

/** PS3.5-2013 A.2: where at most 8 bits are allocated, native pixel data may be OB or OW. */
function asWords({ dataSet, transferSyntax: uid }: Part10File): DataSet {
  const pixels = dataSet.get('7FE00010');
  const words =
    pixels?.vr === 'OB' && 'bytes' in pixels && transferSyntax(uid)?.explicitVr && (frameShape(dataSet)?.bitsAllocated ?? 0) === 8;
  return words ? new Map([...dataSet, ['7FE00010', { ...pixels, vr: 'OW' }]]) : dataSet;
}

/** A.4: the Basic Offset Table may be empty. */
function withoutOffsets({ dataSet }: Part10File): DataSet {
  const pixels = dataSet.get('7FE00010');
  return pixels && 'fragments' in pixels ? new Map([...dataSet, ['7FE00010', { ...pixels, offsets: [] }]]) : dataSet;
}

const isJpeg = /^1\.2\.840\.10008\.1\.2\.4\.(5|7|8|90|91)/;
/** A.4.1 to A.4.4: the stream of a frame may lie in several fragments. */
function inFragments({ dataSet, transferSyntax: uid }: Part10File): DataSet {
  const pixels = dataSet.get('7FE00010');
  if (!pixels || !('fragments' in pixels) || pixels.fragments.length !== 1 || !isJpeg.test(uid)) return dataSet;
  const [whole = new Uint8Array()] = pixels.fragments;
  const half = Math.floor(whole.length / 4) * 2;
  return new Map([...dataSet, ['7FE00010', { ...pixels, fragments: [whole.subarray(0, half), whole.subarray(half)] }]]);
}

/** PS3.10-2013 7.1: a file without its optional (0002,0013). */
function withoutVersionName(body: Buffer): Buffer {
  const at = body.indexOf(Buffer.from([0x02, 0x00, 0x13, 0x00]), prefixAt);
  const length = 8 + body.readUInt16LE(at + 6);
  body.writeUInt32LE(body.readUInt32LE(prefixAt + 12) - length, prefixAt + 12);
  return Buffer.concat([body.subarray(0, at), body.subarray(at + length)]);
}

const ofTheArchive: Readonly<Record<string, Element>> = {
  '00990010': { vr: 'LO', values: ['ARCHIVE 1'] },
  '00991001': { vr: 'LO', values: ['kept'] },
  '04000561': { vr: 'SQ', items: [new Map<string, Element>([['04000564', { vr: 'LO', values: ['SENDER'] }]])] },
};
const corrected: Readonly<Record<string, TextElement>> = {
  '00100010': { vr: 'PN', values: ['CORRECTED^NAME'] },
  '00100020': { vr: 'LO', values: ['CORRECTED-ID'] },
  '00080050': { vr: 'SH', values: ['CORRECTED'] },
  '00081030': { vr: 'LO', values: ['Corrected description'] },
};
/** A Native DICOM Model document in which the same is corrected. */
const correctedXml = (document: string): string =>
  Object.entries(corrected).reduce((text, [tag, { vr, values }]) => {
    const attribute = new RegExp(`(<DicomAttribute [^>]*tag="${tag}"[^>]*>)((?!</?DicomAttribute)[\\s\\S])*(?=</DicomAttribute>)`);
    const [family, given] = (values[0] ?? '').split('^');
    const name = `<PersonName number="1"><Alphabetic><FamilyName>${family}</FamilyName><GivenName>${given}</GivenName></Alphabetic></PersonName>`;
    return text.replace(attribute, `$1${vr === 'PN' ? name : `<Value number="1">${values[0]}</Value>`}`);
  }, document);

/** Objects in other forms that PS3.10 and PS3.5 allow. */
const variants: Readonly<Record<string, Fault>> = {
  'sequences have undefined lengths': files(same, { lengths: 'undefined' }),
  'File Meta Information says who sent the object, and something private': files(same, {
    marks: { preamble: '', sourceApplicationEntityTitle: 'ARCHIVE', privateInformation: 'ours' },
  }),
  'File Meta Information has no version name': bytes(withoutVersionName),
  'File Meta Information tells of another implementation': sendsText(text => text.replaceAll('DICOMWEB-CONF-1 ', 'ANOTHER SERVER  ')),
  // PS3.10-2013 7.1: the format of a TIFF file, an example of a preamble that is used.
  'the preamble is that of a TIFF file': files(same, {
    marks: { preamble: 'II*\0\x08\0\0\0', sourceApplicationEntityTitle: 'ARCHIVE', privateInformation: 'ours' },
  }),
  'more bits than the first of the File Meta Information Version are set': bytes(body => {
    const at = body.indexOf(Buffer.from([0x02, 0x00, 0x01, 0x00, 0x4f, 0x42]), prefixAt);
    body[at + 13] = 3;
    return body;
  }),
  'there are group lengths': files(withGroupLengths),
  'Data Set Trailing Padding follows': files(({ dataSet }) => new Map([...dataSet, ['FFFCFFFC', { vr: 'OB', bytes: Buffer.alloc(64) }]])),
  'text has blanks at its end': files(withBlanks),
  'text is in UTF-8': files(inUtf8),
  'private attributes are in other blocks': files(inOtherBlocks),
  'private attributes are unknown': files(withUnknownPrivates),
  'pixels of 8 bits are OW': files(asWords),
  'offset tables are empty': files(withoutOffsets),
  'streams lie in several fragments': files(inFragments),
  // PS3.3-2013 C.12.1: what an archive may add of its own.
  'the archive adds attributes of its own': files(({ dataSet }) => new Map([...dataSet, ...Object.entries(ofTheArchive)])),
  // 6.5.3: patients and studies may be coerced.
  'patient and study were corrected': together(
    files(({ dataSet }) => new Map([...dataSet, ...Object.entries(corrected)])),
    sendsText(text => text.replaceAll(/<NativeDicomModel[\s\S]*?<\/NativeDicomModel>/g, correctedXml)),
  ),
  // 6.5.1-07: the parameter may be there.
  'parts name the transfer syntax of their file': sendsEachPart(part => {
    if (!isFile(part.body)) return part;
    const { transferSyntax: uid } = readPart10(part.body).value;
    return {
      ...part,
      headers: part.headers.map(line => line.replace(/^(Content-Type: application\/dicom)\b.*/i, `$1; transfer-syntax=${uid}`)),
    };
  }),
};

const checks = select(await loadChecks(), ['wado-rs', 'common']);

describe('a server is not accused', () => {
  test.each(Object.entries(variants))('when %s', async (_, variant) => {
    const { accusations, differs } = await hearing(checks, variant);
    expect(accusations).toEqual([]);
    expect(differs).toBe(true);
  });
});
