import { type CodeElement, codeElements } from '../../../schemas/character-sets.ts';

const escapeByte = 0x1b;
const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decoder(label: string): InstanceType<typeof TextDecoder> {
  const known = decoders.get(label) ?? new TextDecoder(label);
  decoders.set(label, known);
  return known;
}

/** The text of a value field under the terms of Specific Character Set (PS3.5-2013 6.1); null when a term is unknown. Names have more delimiters than others, and what holds one value only has fewer. */
export function decodeText(bytes: Uint8Array, terms: readonly string[], vr: string): string | null {
  const sets = (terms.length === 0 ? [''] : terms).map(codeElements);
  if (sets.some(set => set === undefined)) return null;
  const elements = sets.flatMap(set => set ?? []);
  const whole = elements.find(element => element.shape === 'whole');
  if (whole) return decoder(whole.table).decode(bytes);
  if (bytes.every(byte => byte < 0x80 && byte !== escapeByte)) return Buffer.from(bytes).toString('latin1');
  return switching(bytes, sets[0] ?? [], elements, delimitersOf(vr));
}

interface Active {
  readonly G0: CodeElement | undefined;
  readonly G1: CodeElement | undefined;
}

/** PS3.5-2013 6.1.2.5: text with code extensions; the sets of the first value are in force at the beginning and after each delimiter. */
function switching(bytes: Uint8Array, first: readonly CodeElement[], elements: readonly CodeElement[], delimiters: string): string {
  const single = (shape: CodeElement['shape']) => first.find(each => each.shape === shape && each.bytesPerCharacter === 1);
  const initial: Active = { G0: single('G0') ?? codeElements('')?.[0], G1: single('G1') };
  let active = initial;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === escapeByte) {
      const next = elements.find(({ escape: sequence }) => sequence?.every((byte, i) => bytes[at + i] === byte)) ?? designated(bytes, at);
      if (!next?.escape) return text + Buffer.from(bytes.subarray(at)).toString('latin1');
      active = next.shape === 'G0' ? { ...active, G0: next } : { ...active, G1: next };
      at += next.escape.length;
      continue;
    }
    const byte = bytes[at] ?? 0;
    const set = byte < 0x80 ? active.G0 : active.G1;
    const length = set?.bytesPerCharacter === 2 && byte > 0x20 && byte !== 0x7f ? 2 : 1;
    if (length === 1 && byte < 0x80 && delimiters.includes(String.fromCharCode(byte))) active = initial;
    text += character(bytes.subarray(at, at + length), set);
    at += length;
  }
  return text;
}

/** ASCII may be designated although no term names it (6.1.2.5.3). */
function designated(bytes: Uint8Array, at: number): CodeElement | undefined {
  return codeElements('')?.find(({ escape: sequence }) => sequence?.every((byte, i) => bytes[at + i] === byte));
}

/** 6.1.2.5.3: the ends of lines and pages, TAB, and what separates values, components and groups. A text of one value may hold backslashes. */
function delimitersOf(vr: string): string {
  if (vr === 'PN') return '\t\n\f\r\\^=';
  return ['LT', 'ST', 'UT'].includes(vr) ? '\t\n\f\r' : '\t\n\f\r\\';
}

function character(bytes: Uint8Array, set: CodeElement | undefined): string {
  const [first = 0] = bytes;
  // The separator of values is this byte in whatever single-byte set.
  if (bytes.length === 1 && first < 0x80) return set?.table === 'jis-x-0201-roman' && first === 0x7e ? '‾' : String.fromCharCode(first);
  const high = Buffer.from(bytes).map(byte => byte | 0x80);
  switch (set?.table) {
    case undefined:
      return '\ufffd';
    case 'jis-x-0201-katakana':
      return decoder('shift_jis').decode(bytes);
    case 'jis-x-0208':
      return decoder('euc-jp').decode(high);
    case 'jis-x-0212':
      return decoder('euc-jp').decode(Buffer.concat([Buffer.of(0x8f), high]));
    case 'iso-8859-1':
      return String.fromCharCode(first);
    case 'gb2312':
      return decoder('gbk').decode(high);
    default:
      return decoder(set?.table ?? 'latin1').decode(bytes);
  }
}
