import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { type Check, check, type Fault } from '../harness/check.ts';
import { anyOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { hearsText, onBody, sendsStatus, together } from '../kit/faults.ts';
import { ways } from '../kit/kept.ts';
import { warningReasons } from '../kit/stored.ts';
import { coercible, type Look, look } from './looks.ts';
import { anyStatus, attributeOf } from './module.ts';

function about(
  claim: string,
  title: string,
  requires: readonly [RequirementId, ...RequirementId[]],
  fault: Fault,
  at: 'the module' | 'the object',
  judge: (t: Trial, look: Look) => void,
): Check {
  return check({
    id: `stow-rs/warnings/${claim}`,
    title,
    requires,
    given: { ways },
    writes: true,
    fault,
    async run(t) {
      for (const each of await look(t, at)) judge(t, each);
    },
  });
}

/** A server that changes the Patient ID of some objects in silence. */
const coerces = onBody(
  /CONFTEST-MIXED/,
  hearsText(text => text.replaceAll('CONFTEST-MIXED', 'CONFTEST-FIXED')),
);

/** A server that says this in each item of a stored instance. */
const says = (inItem: string) =>
  anyStatus(text => text.replaceAll(/(00081199[\s\S]*)/g, all => all.replaceAll('</Item>', `${inItem}</Item>`)));
const warns = (value: string) => `<DicomAttribute tag="00081196" vr="US" keyword="WarningReason">${value}</DicomAttribute>`;

// 6.6.1.2: what is coerced or corrected is told in the stored object.
export const originals = about(
  'original-attributes-are-kept',
  'An object in which patient or study attributes were changed has the Original Attributes Sequence with their previous values',
  ['STOW-RS-6.6.1.2-03', 'STOW-RS-6.6.1.2-04', 'STOW-RS-6.6.1.2-01', 'STOW-RS-6.6.1.2-02'],
  coerces,
  'the object',
  (t, { instance, object, coerced }) => {
    if (coerced.length === 0 || !object) return;
    const sequence = object.dataSet.get(tagOf('OriginalAttributesSequence'));
    const what = `Original Attributes Sequence (0400,0561) in an object in which ${coerced.join(' and ')} was changed`;
    t.expect(what, sequence ? 'present' : 'absent', 'present');
    const items = sequence && 'items' in sequence ? sequence.items : [];
    const modified = items.flatMap(item => {
      const inner = item.get(tagOf('ModifiedAttributesSequence'));
      return inner && 'items' in inner ? inner.items : [];
    });
    for (const keyword of coercible.filter(each => coerced.some(where => where.startsWith(`${each} (`)))) {
      const previous = modified.flatMap(item => {
        const element = item.get(tagOf(keyword));
        return element && 'values' in element ? [element.values.join('\\')] : [];
      });
      const before = instance.dataSet.get(tagOf(keyword));
      const value = before && 'values' in before ? before.values.join('\\') : '';
      t.expect(
        `the previous values of ${keyword} in the Original Attributes Sequence`,
        previous,
        satisfying('the one that was sent', (all: string[]) => all.includes(value)),
        {
          row: 'STOW-RS-6.6.1.2-04',
        },
      );
    }
  },
);

// 6.6.1.2 and 6.6.1.3.2.1.1: coercion is B000, discarded elements are B006, a data set that does not fit its class is B007.
export const coercionIsTold = about(
  'changes-are-told',
  'An instance of which patient or study attributes were changed is listed with a warning',
  ['STOW-RS-6.6.1.2-06', 'STOW-RS-6.6.1.3.2.1.1-01', 'STOW-RS-6.6.1.3.2.1.1-02'],
  coerces,
  'the object',
  (t, { coerced, gone, warnings }) => {
    if (gone.length > 0 && warnings.length > 0)
      t.expect('the Warning Reason for an instance of which attributes were discarded', warnings[0], anyOf(...warningReasons), {
        row: 'STOW-RS-6.6.1.3.2.1.1-02',
      });
    if (coerced.length === 0) return;
    t.expect(
      `the Warning Reasons for an instance in which ${coerced.join(' and ')} was changed`,
      warnings.length,
      satisfying('at least one', (n: number) => n > 0),
    );
    if (warnings.length > 0)
      t.expect(`the Warning Reason for an instance in which ${coerced.join(' and ')} was changed`, warnings[0], anyOf(...warningReasons), {
        row: 'STOW-RS-6.6.1.3.2.1.1-01',
      });
  },
);

// Table 6.6.1-2 and 6.6.1.3.2.1.1: one Warning Reason, a US.
export const reason = about(
  'warning-reason',
  'A Warning Reason is one decimal number of 16 bits',
  ['STOW-RS-6.6.1.3.2-25', 'STOW-RS-6.6.1.3.2.1.1-05', 'STOW-RS-6.6.1.3.2-23', 'STOW-RS-6.6.1.3.2.1.1-04'],
  together(says(warns('<Value number="1">45056</Value><Value number="2">45062</Value>')), onBody(/CONFTEST/, sendsStatus(202))),
  'the module',
  (t, { item, warnings }) => {
    if (!attributeOf(item.attributes, 'WarningReason')) return;
    t.expect(
      'the values of Warning Reason (0008,1196)',
      warnings.length,
      satisfying('at least 1', (n: number) => n > 0),
      { row: 'STOW-RS-6.6.1.3.2-23' },
    );
    t.expect('the values of Warning Reason (0008,1196)', warnings.length, 1, { row: 'STOW-RS-6.6.1.3.2.1.1-05' });
    t.expect(
      'Warning Reason (0008,1196)',
      warnings[0],
      satisfying('a decimal number from 0 to 65535', (text: string) => /^\s*\d+\s*$/.test(text) && Number(text) <= 65535),
    );
  },
);

// 6.6.1.3.1: with a warning the status is 202.
export const accepted = about(
  'status-202',
  'A request of which an instance is stored with a warning is answered 202',
  ['STOW-RS-6.6.1.3.1-07', 'STOW-RS-6.6.1.3.1-01'],
  says(warns('<Value number="1">45056</Value>')),
  'the module',
  (t, { warnings, status }) => {
    if (warnings.length > 0)
      t.expect('the status of a request of which an instance is listed with a Warning Reason', status, 202, {
        row: 'STOW-RS-6.6.1.3.1-07',
        also: ['STOW-RS-6.6.1.3.1-01'],
      });
  },
);
