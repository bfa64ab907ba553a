import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dataSet, type Recipe } from '../../fixtures/data-set.ts';
import type { Vr } from '../../schemas/data-set.ts';
import { attributeByKeyword, tagOf } from '../../schemas/dictionary.ts';
import { compileKeys, type MatchingKey, type Reading } from './match.ts';
import { wildcard } from './wildcard.ts';

/** A key by keywords, joined by dots, and its value. */
function key(keywords: string, ...values: readonly string[]): MatchingKey {
  const vr: Vr = attributeByKeyword(keywords.split('.').at(-1) ?? '')?.vrs[0] ?? 'LO';
  return { path: keywords.split('.').map(tagOf), vr, values };
}

const matches = (stored: Recipe, keys: readonly MatchingKey[], reading?: Reading) => compileKeys(keys, reading)(dataSet(stored));
const one = (keyword: string, stored: string | readonly string[], value: string) => matches({ [keyword]: stored }, [key(keyword, value)]);

// PS3.4-2013 C.2.2.2.1: single value matching; C.2.2.2.3: universal matching.
test.each([
  ['PatientID', 'A1', 'A1', true],
  ['PatientID', 'A1', 'a1', false],
  ['PatientID', 'A1', '', true],
  ['PatientID', 'A1', '*', true],
  ['PatientID', '', '', true],
  ['PatientID', '', 'A1', false],
  ['SeriesNumber', '7', '007', true],
  ['SeriesNumber', '7', 'seven', false],
  ['StudyInstanceUID', '1.2.3', '1.2', false],
])('%s %j and the key %j: %s', (keyword, stored, value, expected) => {
  expect(one(keyword, stored, value)).toBe(expected);
});

// C.2.2.2.4: wild cards; not in dates, UIDs and numbers.
test.each([
  ['PatientName', 'Smith^John', 'Smith*', true],
  ['PatientName', 'Smith^John', 'Sm?th^John', true],
  ['PatientName', 'Smith^John', 'Smith?', false],
  ['PatientName', 'Smith^John', 'smith*', false],
  ['PatientName', 'Yamada^Tarou=山田^太郎=やまだ^たろう', '山田*', true],
  ['PatientName', 'Yamada^Tarou=山田^太郎=やまだ^たろう', '=山田^太郎', true],
  ['PatientName', 'Yamada^Tarou=山田^太郎=やまだ^たろう', 'Suzuki*=山田*', false],
  ['PatientName', 'Smith^^^', 'Smith', true],
  ['StudyDescription', 'a*c', 'a*c', true],
  ['StudyInstanceUID', '1.2.3', '1.2.*', false],
])('%s %j and the pattern %j: %s', (keyword, stored, value, expected) => {
  expect(one(keyword, stored, value)).toBe(expected);
});

// C.2.2.2.5: ranges, both ends included; times of less precision stand for all of their moments.
test.each([
  ['StudyDate', '20130704', '20130704-20130704', true],
  ['StudyDate', '20130704', '20130701-20130703', false],
  ['StudyDate', '20130704', '20130704-', true],
  ['StudyDate', '20130704', '-20130703', false],
  ['StudyTime', '101530.5', '10-11', true],
  ['StudyTime', '101530.5', '1015', true],
  ['StudyTime', '101530.5', '101531-', false],
  ['StudyTime', '235959.9', '-0000', false],
])('%s %j and %j: %s', (keyword, stored, value, expected) => {
  expect(one(keyword, stored, value)).toBe(expected);
});

// PS3.18-2013 6.7.1.2.1: a date range and a time range make one interval.
test('ranges of a date and its time are one interval, not two', () => {
  const keys = [key('StudyDate', '20130704-20130706'), key('StudyTime', '1000-1800')];
  expect(matches({ StudyDate: '20130705', StudyTime: '0300' }, keys)).toBe(true);
  expect(matches({ StudyDate: '20130704', StudyTime: '0900' }, keys)).toBe(false);
  expect(matches({ StudyDate: '20130706', StudyTime: '1801' }, keys)).toBe(false);
});

test('the zone of the request shifts its dates and times', () => {
  const keys = [key('StudyDate', '20130704-20130704'), key('StudyTime', '0000-0100')];
  const stored = { StudyDate: '20130703', StudyTime: '2330', TimezoneOffsetFromUTC: '+0000' };
  expect(matches(stored, keys, { zone: '+0100' })).toBe(true);
  expect(matches(stored, keys, { zone: '+0000' })).toBe(false);
});

// C.2.2.2.2 and C.2.2.3: lists of UIDs, and attributes of several values.
test('any value of the key may match any value of the attribute', () => {
  expect(matches({ StudyInstanceUID: '1.2' }, [key('StudyInstanceUID', '1.1', '1.2')])).toBe(true);
  expect(matches({ ImageType: ['ORIGINAL', 'PRIMARY'] }, [key('ImageType', 'PRIMARY')])).toBe(true);
  expect(matches({ ImageType: ['ORIGINAL', ''] }, [key('ImageType', 'PRIMARY')])).toBe(false);
});

// C.2.2.2.6: all keys of a sequence have to match within one item.
test('keys below a sequence match within the same item', () => {
  const item = (a: string, b: string): Recipe => ({ ScheduledProcedureStepID: a, RequestedProcedureID: b });
  const keys = [key('RequestAttributesSequence.ScheduledProcedureStepID', '1'), key('RequestAttributesSequence.RequestedProcedureID', 'B')];
  expect(matches({ RequestAttributesSequence: [item('1', 'A'), item('2', 'B')] }, keys)).toBe(false);
  expect(matches({ RequestAttributesSequence: [item('1', 'A'), item('1', 'B')] }, keys)).toBe(true);
  expect(matches({}, keys)).toBe(false);
});

test('a pattern matches what the same regular expression matches', () => {
  const unit = fc.constantFrom('a', 'b', '*', '?', '^', '.', '😀');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 8 }), fc.string({ unit, maxLength: 8 }), (pattern, text) => {
      const regular = [...pattern].map(c => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\^.]/, '\\$&'))).join('');
      expect(wildcard(pattern, text)).toBe(new RegExp(`^${regular}$`, 'su').test(text));
    }),
    { numRuns: 1000 },
  );
});

test('a pattern that is hard for regular expressions takes no time', () => {
  expect(wildcard('*a'.repeat(200), `${'a'.repeat(2000)}b`)).toBe(false);
});
