import type { FixtureInstance } from '../../fixtures/recipe.ts';
import { attributeByKeyword } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { nameOf } from '../kit/compare.ts';
import { valueIn } from '../kit/documents.ts';
import { postBad, postEachKind, postForModules, postMixed } from '../kit/store-outcomes.ts';
import { type Reported, reasonOf, stores } from '../kit/stored.ts';
import { anyStatus, attributeOf } from './module.ts';

interface UidRows {
  readonly classUid: RequirementId;
  readonly instanceUid: RequirementId;
}

/** Expects that each item names one of the instances by its SOP Class and SOP Instance UID. */
function expectNamed(t: Trial, items: readonly Reported[], instances: readonly FixtureInstance[], where: string, rows: UidRows): void {
  const uids = instances.map(({ sopInstanceUID }) => sopInstanceUID);
  const ofThem = 'that of an instance of the request';
  for (const { sopInstanceUID, sopClassUID } of items) {
    const instance = instances.find(each => each.sopInstanceUID === sopInstanceUID);
    const told = sopInstanceUID === '' ? 'no value' : uids.includes(sopInstanceUID) ? ofThem : sopInstanceUID;
    t.expect(`Referenced SOP Instance UID (0008,1155) in ${where}`, told, ofThem, { row: rows.instanceUid });
    if (instance) t.expect(`Referenced SOP Class UID (0008,1150) in ${where}`, sopClassUID, instance.sopClassUID, { row: rows.classUid });
  }
}

// PS3.18-2013 Table 6.6.1-2 with PS3.3 Table 10-11: items name the instance by its UIDs.
export const storedInstances = check({
  id: 'stow-rs/items/stored-instances-are-named',
  title: 'Each item of Referenced SOP Sequence names a stored instance by its SOP Class UID and SOP Instance UID',
  requires: ['STOW-RS-6.6.1.3.2-18', 'STOW-RS-6.6.1.3.2-19'],
  given: { stores },
  writes: true,
  fault: anyStatus(text => text.replaceAll('1.2.840.10008.5.1.4.1.1.2<', '1.2.840.10008.5.1.4.1.1<')),
  async run(t) {
    const rows = { classUid: 'STOW-RS-6.6.1.3.2-18', instanceUid: 'STOW-RS-6.6.1.3.2-19' } as const;
    for (const { what, answer, good, bad } of await postEachKind(t)) {
      t.record(`items of Referenced SOP Sequence for ${what}`, String(answer.stored.length));
      expectNamed(t, answer.stored, [...good, ...bad], 'an item of Referenced SOP Sequence', rows);
    }
  },
});

export const failedInstances = check({
  id: 'stow-rs/items/failed-instances-are-named',
  title: 'Each item of Failed SOP Sequence names a failed instance by its SOP Class UID and SOP Instance UID',
  requires: ['STOW-RS-6.6.1.3.2-11', 'STOW-RS-6.6.1.3.2-12'],
  given: { stores },
  writes: true,
  // The study where the instance belongs.
  fault: anyStatus(text => text.replace(/(00081198[\s\S]*?tag="00081155"[^>]*>\s*<Value[^>]*>\s*[0-9.]+\.)\d+/, '$199999')),
  async run(t) {
    const rows = { classUid: 'STOW-RS-6.6.1.3.2-11', instanceUid: 'STOW-RS-6.6.1.3.2-12' } as const;
    for (const { what, answer, good, bad } of [await postMixed(t), await postBad(t)]) {
      t.record(`items of Failed SOP Sequence for ${what}`, String(answer.failed.length));
      expectNamed(t, answer.failed, [...good, ...bad], 'an item of Failed SOP Sequence', rows);
    }
  },
});

const valuesIn = ({ attributes }: Reported, keyword: string): readonly string[] => {
  const content = attributeOf(attributes, keyword)?.content;
  return content?.kind === 'values' ? content.values.map(value => String(value ?? '')) : [];
};

// Table 6.6.1-2 and 6.6.1.3.2.1.2: one reason for each failed instance; PS3.6: a US, so a number.
export const reasons = check({
  id: 'stow-rs/items/failure-reasons',
  title: 'Each item of Failed SOP Sequence has one Failure Reason, a decimal number of 16 bits',
  requires: ['STOW-RS-6.6.1.3.2-13', 'STOW-RS-6.6.1.3.2-14', 'STOW-RS-6.6.1.3.2.1.2-08', 'STOW-RS-6.6.1.3.2.1.2-07'],
  given: { stores },
  writes: true,
  // Seen in the field: hexadecimal text.
  fault: anyStatus(text => text.replaceAll(/(keyword="FailureReason"[^>]*>\s*<Value[^>]*>)\d+/g, '$1A900')),
  async run(t) {
    for (const { what, answer } of [await postMixed(t), await postBad(t)]) {
      t.record(`Failure Reasons for ${what}`, answer.failed.map(item => `0x${reasonOf(item).toString(16)}`).join(', ') || 'none');
      for (const item of answer.failed) {
        const values = valuesIn(item, 'FailureReason');
        const name = 'Failure Reason (0008,1197) in an item of Failed SOP Sequence';
        t.expect(
          `the values of ${name}`,
          values.length,
          satisfying('at least 1', (n: number) => n >= 1),
        );
        t.expect(`the values of ${name}`, values.length, 1, { row: 'STOW-RS-6.6.1.3.2.1.2-08' });
        const [value = ''] = values;
        const decimal = satisfying('a decimal number from 0 to 65535', (text: string) => /^\s*\d+\s*$/.test(text) && Number(text) <= 65535);
        t.expect(name, value, decimal, { row: 'STOW-RS-6.6.1.3.2-14' });
      }
    }
  },
});

// PS3.6: the VR of what is in the module.
export const vrs = check({
  id: 'stow-rs/items/value-representations',
  title: 'The attributes of the response module have the VR of the dictionary',
  requires: ['STOW-RS-6.6.1.3.2.2-08'],
  given: { stores },
  writes: true,
  fault: anyStatus(text => text.replaceAll(/(tag="00081199"[^>]*) vr="SQ"|vr="SQ"([^>]*tag="00081199")/g, '$1 vr="UI"$2')),
  async run(t) {
    for (const { answer } of await postForModules(t)) {
      const attributes = [
        ...answer.module,
        ...answer.stored.flatMap(item => item.attributes),
        ...answer.failed.flatMap(item => item.attributes),
      ];
      for (const keyword of [
        'FailedSOPSequence',
        'ReferencedSOPSequence',
        'ReferencedSOPClassUID',
        'ReferencedSOPInstanceUID',
        'FailureReason',
        'WarningReason',
      ]) {
        const tag = attributeByKeyword(keyword)?.tag ?? '';
        for (const found of attributes.filter(attribute => attribute.tag === tag))
          t.expect(`the VR of ${nameOf(tag)} in the response module`, found.vr, anyOf(...(attributeByKeyword(keyword)?.vrs ?? [])));
      }
      t.record('Retrieve URL', attributeOf(answer.module, 'RetrieveURL')?.vr ?? 'absent');
      t.record('the URL of the study', valueIn(answer.module, 'RetrieveURL') === '' ? 'empty' : 'given');
    }
  },
});
