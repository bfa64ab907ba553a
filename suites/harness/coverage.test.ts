import { expect, test } from 'vitest';
import { requirement, requirementFiles, requirementIds } from '../../schemas/requirements.ts';
import { coverageOf } from './coverage.ts';

const serverRows = requirementIds.filter(id => requirement(id).party !== 'client');
const checks = [
  { id: 'b/one/claim', requires: [serverRows[0]!, serverRows[1]!] as const },
  { id: 'b/two/claim', requires: [serverRows[1]!] as const },
];

test.each([[[]], [checks]])('every requirement a server can break is in exactly one class', some => {
  const { services } = coverageOf(some);
  const counted = Object.values(services).flatMap(s => [...s.judged.map(r => r.id), ...s.unjudgeable.map(r => r.id), ...s.open]);
  expect(counted.toSorted()).toEqual(serverRows.toSorted());
  expect(Object.keys(services)).toEqual(Object.keys(requirementFiles));
});

test('a judged requirement names all its checks', () => {
  const judged = Object.values(coverageOf(checks).services).flatMap(s => s.judged);
  expect(judged).toEqual([
    { id: serverRows[0], checks: ['b/one/claim'] },
    { id: serverRows[1], checks: ['b/one/claim', 'b/two/claim'] },
  ]);
});

test('what is not judgeable carries its reason', () => {
  const listed = Object.values(coverageOf([]).services).flatMap(s => s.unjudgeable);
  expect(listed).toEqual(
    serverRows.filter(id => requirement(id).unjudgeable !== undefined).map(id => ({ id, reason: requirement(id).unjudgeable })),
  );
});
