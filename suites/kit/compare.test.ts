import { expect, test } from 'vitest';
import { dataSet, privateBlock } from '../../fixtures/data-set.ts';
import { type Attribute, differences } from './compare.ts';

const value = (text: string) => ({ 0: { vr: 'LO', values: [text] } as const });
const attribute = (text: string): Attribute => ({
  tag: '00090000',
  vr: 'LO',
  privateCreator: 'MAKER',
  content: { kind: 'values', values: [text] },
});

// PS3.5-2013 7.8.1: a creator may reserve several blocks.
test('private attributes in two blocks of one creator are told apart by their order', () => {
  const stored = dataSet({ ...privateBlock('MAKER', 9, value('first'), 0x10), ...privateBlock('MAKER', 9, value('second'), 0x11) });
  expect(differences(stored, [attribute('first'), attribute('second')])).toEqual([]);
  expect(differences(stored, [attribute('first'), attribute('other')]).map(({ where }) => where)).toEqual(['(0009,1100)']);
  expect(differences(stored, [attribute('first')]).map(({ got }) => got)).toEqual(['no such attribute']);
});
