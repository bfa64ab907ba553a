/**
 * One code element: a set of characters that text may switch to. `table` is the label by which the Encoding Standard knows it;
 * `shape` says how its bytes stand in a value: 7 bit in G0, 8 bit in G1, or the whole value in one multi-byte encoding.
 */
export interface CodeElement {
  /** The bytes of the escape sequence, or null for sets that are used without code extensions only. */
  readonly escape: readonly number[] | null;
  readonly shape: 'G0' | 'G1' | 'whole';
  readonly bytesPerCharacter: 1 | 2 | 'variable';
  readonly table: string;
}

const esc = (...bytes: number[]) => [0x1b, ...bytes];
const ascii: CodeElement = { escape: esc(0x28, 0x42), shape: 'G0', bytesPerCharacter: 1, table: 'us-ascii' };
const single = (final: number, table: string): readonly CodeElement[] => [
  ascii,
  { escape: esc(0x2d, final), shape: 'G1', bytesPerCharacter: 1, table },
];

/** PS3.3-2013 Tables C.12-2 to C.12-5: the code elements by the number of the defined term (`ISO_IR 100` and `ISO 2022 IR 100` both have 100). */
const byRegistration: Readonly<Record<string, readonly CodeElement[]>> = {
  '6': [ascii],
  '100': single(0x41, 'iso-8859-1'),
  '101': single(0x42, 'iso-8859-2'),
  '109': single(0x43, 'iso-8859-3'),
  '110': single(0x44, 'iso-8859-4'),
  '144': single(0x4c, 'iso-8859-5'),
  '127': single(0x47, 'iso-8859-6'),
  '126': single(0x46, 'iso-8859-7'),
  '138': single(0x48, 'iso-8859-8'),
  '148': single(0x4d, 'iso-8859-9'),
  '166': single(0x54, 'windows-874'),
  '13': [
    { escape: esc(0x28, 0x4a), shape: 'G0', bytesPerCharacter: 1, table: 'jis-x-0201-roman' },
    { escape: esc(0x29, 0x49), shape: 'G1', bytesPerCharacter: 1, table: 'jis-x-0201-katakana' },
  ],
  '87': [{ escape: esc(0x24, 0x42), shape: 'G0', bytesPerCharacter: 2, table: 'jis-x-0208' }],
  '159': [{ escape: esc(0x24, 0x28, 0x44), shape: 'G0', bytesPerCharacter: 2, table: 'jis-x-0212' }],
  '149': [{ escape: esc(0x24, 0x29, 0x43), shape: 'G1', bytesPerCharacter: 2, table: 'euc-kr' }],
  '58': [{ escape: esc(0x24, 0x29, 0x41), shape: 'G1', bytesPerCharacter: 2, table: 'gb2312' }],
};

/** PS3.3-2013 Table C.12-5: multi-byte sets without code extensions. */
const whole: Readonly<Record<string, CodeElement>> = {
  'ISO_IR 192': { escape: null, shape: 'whole', bytesPerCharacter: 'variable', table: 'utf-8' },
  GB18030: { escape: null, shape: 'whole', bytesPerCharacter: 'variable', table: 'gb18030' },
};

/** The code elements that a defined term of Specific Character Set (0008,0005) stands for; an empty term is the default repertoire, an unknown one undefined. */
export function codeElements(term: string): readonly CodeElement[] | undefined {
  const multiByte = whole[term];
  if (multiByte) return [multiByte];
  return byRegistration[term === '' ? '6' : (/^ISO(?:_IR| 2022 IR) (\d+)$/.exec(term)?.[1] ?? '')];
}

/** PS3.18-2013 Annex D: the values of Specific Character Set (0008,0005) that stand for a character set of IANA, by its preferred MIME name in lower case. */
export const ianaCharacterSets: Readonly<Record<string, readonly string[]>> = {
  'iso-8859-1': ['ISO_IR 100'],
  'iso-8859-2': ['ISO_IR 101'],
  'iso-8859-3': ['ISO_IR 109'],
  'iso-8859-4': ['ISO_IR 110'],
  'iso-8859-5': ['ISO_IR 144'],
  'iso-8859-6': ['ISO_IR 127'],
  'iso-8859-7': ['ISO_IR 126'],
  'iso-8859-8': ['ISO_IR 138'],
  'iso-8859-9': ['ISO_IR 148'],
  'tis-620': ['ISO_IR 166'],
  'iso-2022-jp': ['', 'ISO 2022 IR 87'],
  'iso-2022-kr': ['', 'ISO 2022 IR 149'],
  'iso-2022-cn': ['', 'ISO 2022 IR 58'],
  gb18030: ['GB18030'],
  'utf-8': ['ISO_IR 192'],
};
