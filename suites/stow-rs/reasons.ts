import { writePart10 } from '../../fixtures/part10/write.ts';
import { dataSet, type FixtureInstance, type Recipe } from '../../fixtures/recipe.ts';
import { uidRoot } from '../../fixtures/uids.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import type { RequirementId } from '../../schemas/requirements.ts';
import { check } from '../harness/check.ts';
import { anyOf, noneOf, satisfying } from '../harness/expected.ts';
import type { Trial } from '../harness/trial.ts';
import { valueIn } from '../kit/documents.ts';
import { onBody, status } from '../kit/faults.ts';
import { freshStudy, type Reported, reasonOf, type StoreAnswer, skipWhenFull, store, stores, warningReasons } from '../kit/stored.ts';
import { anyStatus } from './module.ts';

const noServerError = satisfying('no 5xx status', (s: number) => s < 500);

/** The same object with other attributes, or without some. */
function altered(instance: FixtureInstance, change: Recipe, without: readonly string[] = []): FixtureInstance {
  const gone = without.map(tagOf);
  const set = new Map(
    [...[...instance.dataSet].filter(([tag]) => !gone.includes(tag)), ...dataSet(change)].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { ...instance, dataSet: set, part10: () => writePart10(set, instance) };
}

const conflict = anyOf(202, 200, 409);

/** Stores one instance and gives the item that reports its failure, or null where it was stored. */
async function failing(
  t: Trial,
  instance: FixtureInstance,
  what: string,
): Promise<{ readonly item: Reported | null; readonly answer: StoreAnswer }> {
  const answer = await store(t, [instance]);
  const [item = null] = answer.failed.filter(each => each.sopInstanceUID === instance.sopInstanceUID);
  t.record(
    what,
    item
      ? `fails with status ${answer.status}, Failure Reason 0x${reasonOf(item).toString(16).padStart(4, '0')}`
      : `status ${answer.status}`,
  );
  skipWhenFull(t, answer, what);
  return { item, answer };
}

// Table 6.6.1-1 and 6.6.1.3.2.1.2: a SOP Class that is not supported is 409, and 0122.
export const sopClass = check({
  id: 'stow-rs/reasons/unsupported-sop-class',
  title: 'An instance of a SOP Class that nobody knows is stored, or refused with 409 and Failure Reason 0122',
  requires: ['STOW-RS-6.6.1.3.1-12', 'STOW-RS-6.6.1.3.1-04', 'STOW-RS-6.6.1.3.2.1.2-06'],
  given: { stores },
  writes: true,
  fault: onBody(new RegExp(`${uidRoot.replaceAll('.', '\\.')}\\.1\\.99`), status(400)),
  async run(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) return;
    const unknown = altered(instance, { SOPClassUID: `${uidRoot}.1.99` });
    const { item, answer } = await failing(t, unknown, 'an instance of an unknown SOP Class');
    t.expect('the status for an instance of an unknown SOP Class', answer.status, conflict, {
      row: 'STOW-RS-6.6.1.3.1-12',
      also: ['STOW-RS-6.6.1.3.1-04'],
    });
    if (item)
      t.expect('the Failure Reason (0008,1197) for an instance of an unknown SOP Class', reasonOf(item), 290, {
        row: 'STOW-RS-6.6.1.3.2.1.2-06',
      });
  },
});

// 6.6.1.3.2.1.2: C122.
export const transferSyntax = check({
  id: 'stow-rs/reasons/unsupported-transfer-syntax',
  title: 'An instance in a transfer syntax that nobody knows is refused with Failure Reason C122, if it is refused',
  requires: ['STOW-RS-6.6.1.3.2.1.2-04'],
  given: { stores },
  writes: true,
  fault: anyStatus(text => text.replaceAll('>49442<', '>290<')),
  async run(t) {
    const [instance] = (await freshStudy(t, 'ct', 1)).instances;
    if (!instance) return;
    const unknown: FixtureInstance = {
      ...instance,
      part10: () => renamed(instance.part10(), '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.9'),
    };
    const { item, answer } = await failing(t, unknown, 'an instance in an unknown transfer syntax');
    t.expect('the status for an instance in an unknown transfer syntax', answer.status, noServerError);
    if (item) t.expect('the Failure Reason (0008,1197) for an instance in an unknown transfer syntax', reasonOf(item), 0xc122);
  },
});

/** The same bytes with another UID of the same length. */
function renamed(file: Uint8Array, from: string, to: string): Uint8Array {
  const bytes = Buffer.from(file);
  bytes.write(to, bytes.indexOf(`${from}\0`, 0, 'latin1'), 'latin1');
  return bytes;
}

interface Case {
  readonly what: string;
  readonly wrong: FixtureInstance;
  /** The requirement of the Failure Reason, and that of the Warning Reason where there is one. */
  readonly row: RequirementId;
  readonly also?: readonly RequirementId[];
  readonly warning?: RequirementId;
}

const warningsIn = ({ stored }: StoreAnswer): readonly string[] =>
  stored.map(({ attributes }) => valueIn(attributes, 'WarningReason')).filter(reason => reason !== '');

// 6.6.1.3.2.1.2: A9xx for what is missing, Cxxx for what cannot be understood.
export const incomplete = check({
  id: 'stow-rs/reasons/missing-and-unreadable-attributes',
  title:
    'An instance without attributes that it needs, or with one that cannot be read, is refused with a fitting reason, if it is refused',
  requires: [
    'STOW-RS-6.6.1.3.2.1.2-02',
    'STOW-RS-6.6.1.3.2.1.2-03',
    'STOW-RS-6.6.1.3.2.1.2-05',
    'STOW-RS-6.6.1.3.2.1.1-03',
    'STOW-RS-6.6.1.1.1-04',
  ],
  given: { stores },
  writes: true,
  fault: anyStatus(text => text.replaceAll(/>(43264|4[0-9]{4})</g, '>290<')),
  async run(t) {
    const [instance, another, third] = (await freshStudy(t, 'ct', 3)).instances;
    if (!instance || !another || !third) return;
    const lacks = { row: 'STOW-RS-6.6.1.3.2.1.2-02', warning: 'STOW-RS-6.6.1.3.2.1.1-03' } as const;
    const cases: readonly Case[] = [
      { what: 'an instance without Study Instance UID', wrong: altered(instance, {}, ['StudyInstanceUID']), ...lacks },
      { what: 'an image without Rows and Columns', wrong: altered(another, {}, ['Rows', 'Columns', 'BitsAllocated']), ...lacks },
      {
        what: 'a file that ends within its pixels',
        wrong: { ...third, part10: () => third.part10().subarray(0, -21) },
        row: 'STOW-RS-6.6.1.3.2.1.2-03',
        // What cannot be processed is no want of support either.
        also: ['STOW-RS-6.6.1.3.2.1.2-05'],
      },
    ];
    // 6.6.1.3.2.1.1: codes of the server's own have other meanings, and those it gives to right images too do.
    const usual = warningsIn(await store(t, (await freshStudy(t, 'ct', 1)).instances));
    for (const { what, wrong, row, also = [], warning } of cases) {
      const { item, answer } = await failing(t, wrong, what);
      t.expect(`the status for ${what}`, answer.status, noServerError, { row: 'STOW-RS-6.6.1.1.1-04' });
      if (item) t.expect(`the Failure Reason (0008,1197) for ${what}`, reasonOf(item), noneOf(0x0122, 0xc122), { row, also });
      if (warning === undefined) continue;
      for (const reason of warningsIn(answer).filter(each => !usual.includes(each)))
        t.expect(`the Warning Reason (0008,1196) for ${what}`, reason, anyOf(...warningReasons), { row: warning });
    }
  },
});
