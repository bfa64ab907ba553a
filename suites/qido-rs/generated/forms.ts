import type { RequirementId } from '../../../schemas/requirements.ts';
import { dayAfter, dayBefore } from '../../kit/days.ts';

/** How a key's value is made of a value that is stored, and the requirement that decides what it finds. */
export interface Form {
  readonly row: RequirementId;
  /** A value, or several for a list of UIDs. `at` is a place in the stored value, 0 to 1; `other` is another value that is stored. */
  make(stored: string, at: number, other: string): string | readonly string[];
  /** Refusing it is as good as finding nothing. */
  readonly mayRefuse?: true;
}

const place = (text: string, at: number) => Math.floor(at * (text.length - 1));
const form = (row: RequirementId, make: Form['make']): Form => ({ row, make });
const turned = (text: string) => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase());

/** PS3.4-2013 C.2.2.2.1, C.2.2.2.3 and C.2.2.2.4 for the string VRs but PN. */
export const textForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1-06', stored => stored),
  form('QIDO-RS-6.7.1.2.1-06', turned),
  form('QIDO-RS-6.7.1.2.1-07', (stored, at) => stored.slice(0, place(stored, at) + 1)),
  form('QIDO-RS-6.7.1.2.1-07', (stored, at) => stored.slice(place(stored, at))),
  form('QIDO-RS-6.7.1.2.1-14', (stored, at) => `${stored.slice(0, place(stored, at) + 1)}*`),
  form('QIDO-RS-6.7.1.2.1-14', (stored, at) => `*${stored.slice(place(stored, at))}`),
  form('QIDO-RS-6.7.1.2.1-14', (stored, at) => `${stored.slice(0, 2)}*${stored.slice(Math.max(2, place(stored, at)))}`),
  form('QIDO-RS-6.7.1.2.1-15', (stored, at) => `${stored.slice(0, place(stored, at))}?${stored.slice(place(stored, at) + 1)}`),
  form('QIDO-RS-6.7.1.2.1-15', (stored, at) => `${stored.slice(0, place(stored, at))}?${stored.slice(place(stored, at))}`),
  form('QIDO-RS-6.7.1.2.1-15', (stored, at) => `${stored.slice(0, place(stored, at))}?`),
  form('QIDO-RS-6.7.1.2.1-17', (stored, at) => `${turned(stored.slice(0, place(stored, at) + 1))}*`),
  form('QIDO-RS-6.7.1.2.1-17', (stored, at) => `*${turned(stored.slice(place(stored, at)))}`),
  form('QIDO-RS-6.7.1.2.1-07', (stored, at) => `${stored.slice(0, place(stored, at))}_${stored.slice(place(stored, at) + 1)}`),
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
  form('QIDO-RS-6.7.1.2.1-18', () => '*'),
];

/** Codes are upper case, so their case says nothing. */
export const codeForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1-44', stored => stored),
  form('QIDO-RS-6.7.1.2.1-07', (stored, at) => stored.slice(0, place(stored, at) + 1)),
  form('QIDO-RS-6.7.1.2.1-14', (stored, at) => `${stored.slice(0, place(stored, at) + 1)}*`),
  form('QIDO-RS-6.7.1.2.1-15', (stored, at) => `${stored.slice(0, place(stored, at))}?${stored.slice(place(stored, at) + 1)}`),
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
];

const shifts = [(date: string) => date, dayBefore, dayAfter];
const shifted = (date: string, at: number) => (shifts[Math.min(2, Math.floor(at * 3))] ?? dayAfter)(date);
const ordered = (a: string, b: string) => (a <= b ? `${a}-${b}` : `${b}-${a}`);

/** PS3.4-2013 C.2.2.2.5.1 and C.2.2.2.1. */
export const dateForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1.1-01', stored => stored),
  form('QIDO-RS-6.7.1.2.1.1-01', (stored, at) => shifted(stored, at)),
  form('QIDO-RS-6.7.1.2.1-25', (stored, at, other) => ordered(shifted(stored, at), other)),
  form('QIDO-RS-6.7.1.2.1-25', (stored, at) =>
    `${dayBefore(stored)}-${shifted(stored, at)}`.replace(/^(.{8})-(.{8})$/, (_, a: string, b: string) => ordered(a, b)),
  ),
  form('QIDO-RS-6.7.1.2.1-26', (stored, at) => `-${shifted(stored, at)}`),
  form('QIDO-RS-6.7.1.2.1-27', (stored, at) => `${shifted(stored, at)}-`),
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
  { row: 'QIDO-RS-6.7.1.2.1-22', make: stored => `${stored.slice(0, 4)}*`, mayRefuse: true },
];

/** Times that no fixture has. */
const clock = ['003000', '090000', '110000', '123000', '143000', '150000', '223500', '233000'];
const oclock = (at: number) => clock[Math.min(clock.length - 1, Math.floor(at * clock.length))] ?? '';
const seconds = (stored: string) => (/^\d{6}$/.test(stored) ? stored : null);

/** PS3.4-2013 C.2.2.2.5.2 and C.2.2.2.1; a boundary that is stored is given to the second. */
export const timeForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1.1-02', stored => stored),
  form('QIDO-RS-6.7.1.2.1.1-02', (_, at) => oclock(at)),
  form('QIDO-RS-6.7.1.2.1-28', (stored, at) => ordered(seconds(stored) ?? '120000', oclock(at))),
  form('QIDO-RS-6.7.1.2.1-29', (stored, at) => `-${seconds(stored) ?? oclock(at)}`),
  form('QIDO-RS-6.7.1.2.1-30', (stored, at) => `${seconds(stored) ?? oclock(at)}-`),
  form('QIDO-RS-6.7.1.2.1-30', (_, at) => `${oclock(at)}-`),
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
];

/** PS3.4-2013 C.2.2.2.1 and C.2.2.2.2: single UIDs and lists by repeated keys; UIDs have no wild cards. */
export const uidForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1-06', stored => stored),
  form('QIDO-RS-6.7.1.2.1-10', (stored, _, other) => [stored, other]),
  form('QIDO-RS-6.7.1.2.1-10', (stored, _, other) => ['2.25.1', other, stored]),
  { row: 'QIDO-RS-6.7.1.2.1-21', make: (stored, at) => `${stored.slice(0, Math.max(8, place(stored, at)))}*`, mayRefuse: true },
  { row: 'QIDO-RS-6.7.1.2.1-21', make: stored => `${stored.slice(0, -1)}?`, mayRefuse: true },
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
];

/** PS3.4-2013 C.2.2.2.1: numbers as text. */
export const numberForms: readonly Form[] = [
  form('QIDO-RS-6.7.1.2.1-24', stored => stored),
  form('QIDO-RS-6.7.1.2.1-24', stored => stored.slice(0, 1)),
  { row: 'QIDO-RS-6.7.1.2.1-23', make: stored => `${stored.slice(0, 1)}*`, mayRefuse: true },
  form('QIDO-RS-6.7.1.2.1-12', () => ''),
];

/** PS3.4-2013 C.2.2.2.1 leaves names to the server, but the whole name finds itself, and a name that has nothing in common does not. */
export const nameForms = (row: RequirementId): readonly Form[] => [form(row, stored => stored), form('QIDO-RS-6.7.1.2.1-12', () => '')];
