import { type Element, type NumberVr, type Tag, type TextVr, type Vr, vrKinds } from '../../schemas/data-set.ts';
import { attributeByTag, isPrivate } from '../../schemas/dictionary.ts';
import { decodeText } from './text.ts';

const textual = new Set<string>(vrKinds.text);
const numeric = new Set<string>(vrKinds.number);
const singleText = new Set<string>(['LT', 'ST', 'UT']);
const extendable = new Set<string>(['LO', 'LT', 'PN', 'SH', 'ST', 'UT']);
const wordSizes: Readonly<Record<string, 2 | 4 | 8>> = { OW: 2, OF: 4, OD: 8 };
const sizes: Readonly<Record<NumberVr, number>> = { FL: 4, FD: 8, SL: 4, SS: 2, UL: 4, US: 2 };

/** An element whose Value Field is these bytes (PS3.5-2013 6.2); `terms` are the values of Specific Character Set. */
export function elementOfBytes(vr: Vr, bytes: Uint8Array, terms: readonly string[], little = true): Element {
  if (vr === 'AT') return { vr, values: tags(bytes, little) };
  if (textual.has(vr)) {
    const text = extendable.has(vr) ? decodeText(bytes, terms, vr) : Buffer.from(bytes).toString('latin1');
    return { vr: vr as TextVr, values: values(vr as TextVr, text) };
  }
  if (numeric.has(vr)) return { vr: vr as NumberVr, values: numbers(vr as NumberVr, bytes, little) };
  return { vr: vr as 'OB', bytes: inLittleEndian(vr, bytes, little) };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function tags(bytes: Uint8Array, little: boolean): Tag[] {
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) =>
    (view.getUint16(4 * i, little) * 0x10000 + view.getUint16(4 * i + 2, little)).toString(16).toUpperCase().padStart(8, '0'),
  );
}

function numbers(vr: NumberVr, bytes: Uint8Array, little: boolean): number[] {
  const size = sizes[vr];
  const view = viewOf(bytes);
  const read: Readonly<Record<NumberVr, (offset: number) => number>> = {
    FL: o => view.getFloat32(o, little),
    FD: o => view.getFloat64(o, little),
    SL: o => view.getInt32(o, little),
    SS: o => view.getInt16(o, little),
    UL: o => view.getUint32(o, little),
    US: o => view.getUint16(o, little),
  };
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => read[vr](i * size));
}

/** PS3.5-2013 7.3: words in little endian order, whatever they are stored in. */
export function inLittleEndian(vr: Vr, bytes: Uint8Array, little: boolean): Uint8Array {
  const size = little ? undefined : wordSizes[vr];
  if (!size || bytes.length % size !== 0) return bytes;
  const swapped = Buffer.from(bytes);
  return size === 2 ? swapped.swap16() : size === 4 ? swapped.swap32() : swapped.swap64();
}

/** PS3.5-2013 A.1: without explicit VRs the dictionary decides; private elements are unknown, their creators are LO. */
export function implicitVr(tag: Tag, signed: boolean): Vr {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivate(tag)) return /^....00[1-9A-F]./.test(tag) ? 'LO' : 'UN';
  const vrs = attributeByTag(tag)?.vrs ?? [];
  if (vrs.includes('OW')) return 'OW';
  if (vrs.includes('SS') && vrs.includes('US')) return signed ? 'SS' : 'US';
  return vrs[0] ?? 'UN';
}

/** The values of a text: split where the VR has several, without padding (PS3.5-2013 6.2). */
function values(vr: TextVr, text: string): string[] {
  if (vr === 'UI') text = text.replace(/\0+$/, '');
  if (singleText.has(vr)) {
    const single = text.replace(/[ \0]+$/, '');
    return single === '' ? [] : [single];
  }
  if (text === '' || /^[ \0]*$/.test(text)) return [];
  const trim = (value: string) => (vr === 'PN' || vr === 'UI' ? value.replace(/[ \0]+$/, '') : value.replace(/^ +|[ \0]+$/g, ''));
  return text.split('\\').map(trim);
}
