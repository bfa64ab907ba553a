import type { Vr } from '../../schemas/data-set.ts';

/** The moments that a value stands for, in milliseconds, both ends included. */
export interface Interval {
  readonly first: number;
  readonly last: number;
}

/** The length of a day in milliseconds. */
export const day = 86_400_000;

/** Whether values of a VR are dates, times or both, of which there are ranges (PS3.4-2013 C.2.2.2.5). */
export const isTimeVr = (vr: Vr): boolean => vr === 'DA' || vr === 'TM' || vr === 'DT';

/** The moments that a date, time or date-time of any precision stands for; null when it is none. A date-time without offset is in the zone `offset` milliseconds east of UTC. */
export function intervalOf(vr: Vr, text: string, offset = 0): Interval | null {
  const trimmed = text.trim();
  if (vr === 'DA') return dateOf(trimmed.replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3'), 8);
  if (vr === 'TM') return timeOf(trimmed.replaceAll(':', ''));
  const [, date, time = '', zone] = /^(\d{4,8})(\d*(?:\.\d{1,6})?)([+-]\d{4})?$/.exec(trimmed) ?? [];
  const days = date === undefined ? null : dateOf(date, 4);
  const within = time === '' ? null : timeOf(time);
  if (!days || (time !== '' && (!within || date?.length !== 8))) return null;
  const shift = zone === undefined ? offset : offsetOf(zone);
  return { first: days.first + (within?.first ?? 0) - shift, last: (within ? days.first + within.last : days.last) - shift };
}

/** A year, month or day: of at least so many digits. */
function dateOf(text: string, fewest: 4 | 8): Interval | null {
  const [, y, m, d] = /^(\d{4})(\d{2})?(\d{2})?$/.exec(text) ?? [];
  if (!y || text.length < fewest) return null;
  const first = Date.UTC(Number(y), Number(m ?? 1) - 1, Number(d ?? 1));
  // The calendar has no 30 February.
  const at = new Date(first);
  if (at.getUTCMonth() !== Number(m ?? 1) - 1 || at.getUTCDate() !== Number(d ?? 1)) return null;
  const next = d ? first + day : m ? Date.UTC(Number(y), Number(m), 1) : Date.UTC(Number(y) + 1, 0, 1);
  return { first, last: next - 0.001 };
}

function timeOf(text: string): Interval | null {
  const [, h, m, s, f] = /^(\d{2})(\d{2})?(\d{2})?(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  // PS3.5-2013 Table 6.2-1: a second may be a leap second; a fraction follows seconds only.
  if (!h || Number(h) > 23 || Number(m ?? 0) > 59 || Number(s ?? 0) > 60 || (f && !s)) return null;
  const first = Number(h) * 3_600_000 + Number(m ?? 0) * 60_000 + Number(s ?? 0) * 1000 + (f ? Number(`0.${f}`) * 1000 : 0);
  const unit = f ? 10 ** (3 - f.length) : s ? 1000 : m ? 60_000 : 3_600_000;
  return { first, last: first + unit - 0.0005 };
}

/** The two ends of a range; null where it is open or no moment. */
export interface Range {
  readonly first: Interval | null;
  readonly last: Interval | null;
  /** Which ends are given. */
  readonly form: 'both' | 'from' | 'until';
}

/** PS3.4-2013 C.2.2.2.5: what a value says when it is a range; null for a value that is none. */
export function rangeOf(vr: Vr, value: string, offset = 0): Range | null {
  const at = rangeHyphen(vr, value);
  if (at === -1) return null;
  const [from, to] = [value.slice(0, at), value.slice(at + 1)];
  return {
    first: from === '' ? null : intervalOf(vr, from, offset),
    last: to === '' ? null : intervalOf(vr, to, offset),
    form: from === '' ? 'until' : to === '' ? 'from' : 'both',
  };
}

/** In a DT value a hyphen may begin the offset from UTC. */
function rangeHyphen(vr: Vr, value: string): number {
  if (vr !== 'DT') return value.indexOf('-');
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] !== '-') continue;
    const offset = i >= 4 && /^-\d{4}(?=-|$)/.test(value.slice(i)) && Number(value.slice(i + 1, i + 5)) <= 1200;
    if (!offset) return i;
  }
  return -1;
}

/** Whether a DA, TM or DT key can be understood; a server answers 400 to what cannot. */
export function understandable(vr: Vr, value: string): boolean {
  if (value === '' || !isTimeVr(vr)) return true;
  const at = rangeHyphen(vr, value);
  const parts = at === -1 ? [value] : [value.slice(0, at), value.slice(at + 1)];
  return value !== '-' && parts.every(part => part === '' || intervalOf(vr, part) !== null);
}

/** PS3.3-2013 C.12.1.1.1: an offset from UTC such as +0100. */
export const isOffset = (text: string): boolean => /^[+-](0\d|1[0-4])[0-5]\d$/.test(text.trim());

/** The milliseconds that an offset from UTC stands for. */
export function offsetOf(text: string): number {
  const [, sign, h, m] = /^([+-])(\d{2})(\d{2})$/.exec(text.trim()) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(h ?? 0) * 60 + Number(m ?? 0)) * 60_000;
}
