import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { valueIn } from '../kit/documents.ts';
import { ways } from '../kit/kept.ts';
import { freshStudy, store } from '../kit/stored.ts';
import { anyStatus } from './module.ts';

// PS3.18-2016a Table 6.6.1-2: Other Failures Sequence (0008,119A).
export const listed = check({
  id: 'stow-rs/other-failures/an-unreadable-part',
  title: 'A part that is no DICOM object is listed in Other Failures Sequence, with a Failure Reason',
  requires: ['STOW-RS-6.6.1.3.2-31'],
  given: { ways },
  writes: true,
  fault: anyStatus(text => text.replace(/<DicomAttribute tag="0008119A"[\s\S]*?<\/Item><\/DicomAttribute>/, '')),
  async run(t) {
    const { instances } = await freshStudy(t, 'ct', 1);
    const { status, module, failed } = await store(t, [...instances, { body: Buffer.from('no DICOM object '.repeat(20)) }]);
    t.record('the status of a request with an object and an unreadable part', String(status));
    if (status !== 202 || !module) return t.skip(`the target did not store the object beside an unreadable part (status ${status})`);
    // Where the server made up an item for the part, it is listed.
    if (failed.length > 0) return t.skip('the target lists the unreadable part in Failed SOP Sequence');
    const content = module.find(({ tag }) => tag === '0008119A')?.content;
    const items = content?.kind === 'items' ? content.items : [];
    t.expect(
      'the items of Other Failures Sequence (0008,119A) for an unreadable part',
      items.length,
      satisfying('at least 1', (n: number) => n >= 1),
    );
    const reasons = items.map(item => valueIn(item, 'FailureReason'));
    t.expect(
      'the Failure Reasons in Other Failures Sequence',
      reasons,
      satisfying('a number in each item', (all: string[]) => all.every(each => /^\d+$/.test(each))),
    );
  },
});
