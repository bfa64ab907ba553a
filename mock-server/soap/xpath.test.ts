import { XmlDocument, XmlXPath, XmlXPathError } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { studyNamed } from '../../fixtures/corpus.ts';
import { toNativeXml } from '../dicom/native-xml.ts';
import { openModel } from './xpath.ts';
import { readXPath } from './xpath-grammar.ts';
import { BadXPath } from './xpath-tokens.ts';

const right = [
  '/',
  '.',
  '..',
  '*',
  '@*',
  '//*',
  '/NativeDicomModel/DicomAttribute[@keyword="Modality"]/Value[@number=1]',
  '//*[@tag and @privateCreator]',
  "//DicomAttribute[@vr='PN']//FamilyName/text()",
  'count(//*) * 2 - 1',
  '* * *',
  'div div div',
  'and and and',
  '-1',
  '--1',
  '1 < 2 and 2 >= 1 or not(false())',
  'string(//Value)',
  'substring("abc", 2, 1)',
  '(//Value)[1]',
  'id("x")/Value',
  'child::node()/descendant-or-self::*/@tag',
  'ancestor::*[last()]',
  'following-sibling::comment()',
  'processing-instruction("x")',
  '//Value | //Item',
  'a.b-c_d',
  '.5 + 5.',
  '"it\'s"',
  '  //Value  [ 1 ]  ',
] as const;
const wrong = [
  '',
  ' ',
  '//',
  '//[',
  '[1]',
  '/*[',
  '/*[]',
  'a b',
  '1 2',
  'a/',
  '/..//',
  '(',
  ')',
  'f()',
  'count()',
  'not()',
  '@',
  '::a',
  'x::a',
  'a:',
  '"a',
  '1 |',
  '| 1',
  'a,b',
  '$',
  '!',
  'a!b',
  'text(',
  'true(1)',
] as const;

const document = XmlDocument.fromString('<a/>');

/** What libxml2 says of an expression; it prints what it refuses, so only what is right here is asked of it. */
const byLibxml2 = (xpath: string) => document.eval(XmlXPath.compile(xpath));

test.each(right)('%s is an XPath, also for libxml2', xpath => {
  expect(() => readXPath(xpath, 100)).not.toThrow();
  expect(() => byLibxml2(xpath)).not.toThrow(XmlXPathError);
});

test.each(wrong)('%s is none', xpath => expect(() => readXPath(xpath, 100)).toThrow(BadXPath));

test('the cost of an expression grows with what it visits', () => {
  const cost = (xpath: string) => readXPath(xpath, 1000).cost;
  expect(cost('/*')).toBeLessThan(cost('//*'));
  expect(cost('//*')).toBeLessThan(cost('//*//*'));
  expect(cost('//*[.//*]')).toBeLessThan(cost('//*[.//*[.//*]]'));
});

const [slice] = studyNamed('ct').instances;
const model = openModel(toNativeXml(slice?.dataSet ?? new Map()));
const native = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';

test.each([
  ['//DicomAttribute[@keyword="Modality"]/Value', {}],
  ['//n:DicomAttribute[@keyword="Modality"]/n:Value', { n: native }],
  [`//*[namespace-uri()='${native}' and @keyword="Modality"]/*`, {}],
] as const)('%s selects by names with and without prefix', (xpath, prefixes) => {
  expect(model.select(xpath, prefixes)).toBe(`<Value xmlns="${native}" number="1">CT</Value>`);
});

test('values, attributes and text are text', () => {
  expect(model.select('count(//Value[.="CT"])', {})).toBe('1');
  expect(model.select('//DicomAttribute[@keyword="Modality"]/@tag', {})).toBe('00080060');
  expect(model.select('//Value[.="CT"]/text()', {})).toBe('CT');
  expect(model.select('//NoSuchElement', {})).toBe('');
});
