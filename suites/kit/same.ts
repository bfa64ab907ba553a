/** A value field is padded to even length; the pad may be left out of the model. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  const length = Math.min(a.length, b.length);
  return Math.abs(a.length - b.length) <= 1 && Buffer.compare(a.subarray(0, length), b.subarray(0, length)) === 0;
};

/** Whether a value of a model says what a stored one says, whatever its padding and its way of writing a number or a name. */
export function sameValue(vr: string, stored: string | number, got: string | number): boolean {
  if (typeof stored === 'number') {
    const number = Number(got);
    return Object.is(stored, number) || (vr === 'FL' ? Math.fround(stored) === Math.fround(number) : stored === number);
  }
  if (vr === 'DS' || vr === 'IS')
    return String(got).trim() === stored.trim() || (stored.trim() !== '' && sameDecimal(Number(got), Number(stored)));
  if (vr === 'PN') return normalName(String(got)) === normalName(stored);
  return significant(vr, String(got)) === significant(vr, stored);
}

/** A decimal of at most 16 characters, read as a binary number. */
const sameDecimal = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

/** PS3.5-2013 6.2: trailing blanks mean nothing, leading ones only in the text VRs. */
const significant = (vr: string, text: string): string =>
  ['LT', 'ST', 'UT'].includes(vr) ? text.replace(/[ \0]+$/, '') : text.replace(/^ +|[ \0]+$/g, '');

/** PS3.5-2013 6.2.1: delimiters after the last component and group may be left out. */
export const normalName = (name: string): string =>
  name
    .split('=')
    .map(group => group.trim().replace(/[\^ ]+$/, ''))
    .join('=')
    .replace(/=+$/, '');
