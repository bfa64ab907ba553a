import { explicitLittleEndian, implicitLittleEndian } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { noneOf, satisfying } from '../harness/expected.ts';
import { hearsText, onBody, status } from '../kit/faults.ts';
import { changes, missing, retrieved, ways } from '../kit/kept.ts';
import { freshStudy, reasonOf, skipWhenFull, store, withoutWarning } from '../kit/stored.ts';

const orderly = satisfying('200 or 202, or a status from 400 to 499', (s: number) => s === 200 || s === 202 || (s >= 400 && s < 500));

// PS3.10-2013 7.1: the transfer syntax of a file stands in its File Meta Information, so each part has its own.
export const mixed = check({
  id: 'stow-rs/transfer-syntaxes/each-part-has-its-own',
  title: 'Implicit and Explicit VR Little Endian in one request are both decoded by the transfer syntax that the file names',
  requires: ['STOW-RS-6.6.1.1.1-03'],
  given: { ways },
  writes: true,
  // One transfer syntax for the whole request.
  fault: onBody(
    /1\.2\.840\.10008\.1\.2\0/,
    hearsText(text => text.replaceAll('CONFTEST-SYNTAX', 'CONFTEST-OTHERS')),
  ),
  async run(t) {
    const study = await freshStudy(t, 'transfer-syntaxes');
    const both = study.instances.filter(each => [implicitLittleEndian, explicitLittleEndian].includes(each.transferSyntax));
    const answer = await store(t, both);
    t.record('the status of Implicit and Explicit VR Little Endian in one request', String(answer.status));
    if (withoutWarning(both, answer).length < both.length)
      t.skip(`the target did not store both without warning (status ${answer.status})`);
    for (const instance of both) {
      const object = await retrieved(t, instance);
      if (!object) continue;
      const changed = changes(instance, object).map(({ where }) => where);
      t.expect(`what is different in the image stored in ${instance.name}`, changed, []);
    }
  },
});

// PS3.18-2013 6.6.1.3.2.1.2: what is not supported is refused with a reason; what is supported is kept.
export const each = check({
  id: 'stow-rs/transfer-syntaxes/kept-or-refused-in-order',
  title: 'An image in each transfer syntax of the fixtures is stored with its pixels, or refused because of its transfer syntax',
  requires: ['STOW-RS-6.6.1.1.1-03', 'STOW-RS-6.6.1.3.2.1.2-04', 'STOW-RS-6.6-02'],
  given: { ways },
  writes: true,
  fault: onBody(/1\.2\.840\.10008\.1\.2\.5\0/, status(500)),
  async run(t) {
    const supported = new Set<string>();
    for (const name of ['transfer-syntaxes', 'fragments'] as const) {
      for (const instance of (await freshStudy(t, name)).instances) {
        const answer = await store(t, [instance]);
        const what = `an image in ${instance.transferSyntax} ("${instance.name}")`;
        const reasons = answer.failed.map(reasonOf);
        t.record(
          `what becomes of ${what}`,
          `status ${answer.status}${reasons[0] === undefined ? '' : `, Failure Reason 0x${reasons[0].toString(16)}`}`,
        );
        t.expect(`the status for ${what}`, answer.status, orderly, { row: 'STOW-RS-6.6.1.1.1-03' });
        skipWhenFull(t, answer, what);
        // Its SOP Class is supported, as another transfer syntax showed; what else it may have been is open.
        if (reasons.length > 0 && supported.has(instance.sopClassUID))
          t.expect(`the Failure Reason (0008,1197) for ${what}`, reasons[0], noneOf(0x0122), { row: 'STOW-RS-6.6.1.3.2.1.2-04' });
        if (![200, 202].includes(answer.status) || reasons.length > 0) continue;
        supported.add(instance.sopClassUID);
        t.expect(`${what}, acknowledged as stored and not there`, await missing(t, [instance]), [], { row: 'STOW-RS-6.6-02' });
        if (withoutWarning([instance], answer).length === 0) continue;
        const object = await retrieved(t, instance);
        const pixels = object ? changes(instance, object).filter(({ where }) => where.startsWith('Pixel Data')) : [];
        t.expect(`what was changed in the pixels of ${what}`, pixels, []);
      }
    }
  },
});
