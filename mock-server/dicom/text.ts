import { type CodeElement, codeElements } from '../../schemas/character-sets.ts';
import type { Vr } from '../../schemas/data-set.ts';

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
const decoder = (label: string) => {
  const known = decoders.get(label) ?? new TextDecoder(label);
  decoders.set(label, known);
  return known;
};

/** A run of bytes in one code element as characters. */
function decodeRun(set: CodeElement, bytes: Uint8Array): string {
  const shifted = (prefix: readonly number[]) => {
    const out: number[] = [];
    for (let i = 0; i < bytes.length; i += 2) out.push(...prefix, (bytes[i] ?? 0) | 0x80, (bytes[i + 1] ?? 0) | 0x80);
    return Uint8Array.from(out);
  };
  switch (set.table) {
    case 'us-ascii':
      return Buffer.from(bytes).toString('latin1');
    case 'jis-x-0201-roman':
      return Buffer.from(bytes).toString('latin1').replaceAll('\\', '¥').replaceAll('~', '‾');
    case 'jis-x-0201-katakana':
      return decoder('shift_jis').decode(bytes);
    case 'jis-x-0208':
      return decoder('euc-jp').decode(shifted([]));
    case 'jis-x-0212':
      return decoder('euc-jp').decode(shifted([0x8f]));
    case 'gb2312':
      return decoder('gb18030').decode(bytes);
    // The Encoding Standard reads ISO 8859-1 as windows-1252, which differs in the control characters only.
    case 'iso-8859-1':
      return Buffer.from(bytes).toString('latin1');
    default:
      return decoder(set.table).decode(bytes);
  }
}

/** PS3.5-2013 6.1.2.5.3: before these the sets of the first term are active; in text of one value a backslash separates nothing. */
const lineEnds = [0x09, 0x0a, 0x0c, 0x0d];
const stopsOf: Readonly<Partial<Record<Vr, ReadonlySet<number>>>> = {
  PN: new Set([...lineEnds, 0x5c, 0x5e, 0x3d]),
  LT: new Set(lineEnds),
  ST: new Set(lineEnds),
  UT: new Set(lineEnds),
};
const otherStops: ReadonlySet<number> = new Set([...lineEnds, 0x5c]);

/** The text of a value field in the character sets of Specific Character Set (0008,0005), PS3.5-2013 6.1.2; unknown terms are read as Latin-1. */
export function decodeText(bytes: Uint8Array, terms: readonly string[], vr: Vr): string {
  if (!bytes.some(byte => byte >= 0x80 || byte === 0x1b)) return Buffer.from(bytes).toString('latin1');
  const sets = (terms.length === 0 ? [''] : terms).map(term => codeElements(term) ?? codeElements('ISO_IR 100') ?? []);
  const [first = []] = sets;
  if (first[0]?.shape === 'whole') return decodeRun(first[0], bytes);
  const initial = { G0: first.find(set => set.shape === 'G0') ?? codeElements('')?.[0], G1: first.find(set => set.shape === 'G1') };
  let { G0, G1 } = initial;
  const known = [...sets.flat(), ...(codeElements('') ?? [])];
  const stops = stopsOf[vr] ?? otherStops;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b) {
      const found = known.find(set => set.escape?.every((expected, i) => bytes[at + i] === expected));
      if (!found?.escape) {
        at += 1;
        continue;
      }
      if (found.shape === 'G0') G0 = found;
      else G1 = found;
      at += found.escape.length;
      continue;
    }
    const high = byte >= 0x80;
    const set = high ? (G1 ?? G0) : G0;
    if (!set) break;
    // 6.1.2.5.3: delimiters bring the sets of the first term back; in a two-byte set of G0 they cannot stand.
    if (!high && stops.has(byte) && set.bytesPerCharacter === 1) {
      ({ G0, G1 } = initial);
      text += String.fromCharCode(byte);
      at += 1;
      continue;
    }
    let end = at;
    while (
      end < bytes.length &&
      bytes[end] !== 0x1b &&
      (bytes[end] ?? 0) >= 0x80 === high &&
      !(!high && set.bytesPerCharacter === 1 && stops.has(bytes[end] ?? 0))
    ) {
      end += set.bytesPerCharacter === 2 ? 2 : 1;
    }
    text += decodeRun(set, bytes.subarray(at, Math.min(end, bytes.length)));
    at = end;
  }
  return text;
}
