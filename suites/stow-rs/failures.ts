import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsParts, onBody, status } from '../kit/faults.ts';
import { missing, present, ways } from '../kit/kept.ts';
import { freshStudy, skipWhenFull, store } from '../kit/stored.ts';

const garbage = Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 73 + 41) % 251));

// PS3.18-2013 6.6.1.1.1: each part is an instance of its own.
export const garbagePart = check({
  id: 'stow-rs/failures/garbage-among-good-parts',
  title: 'A part that is no DICOM object fails on its own, and the answer does not say that all is well',
  requires: ['STOW-RS-6.6.1.1.1-04', 'STOW-RS-6.6.1.3.1-06', 'STOW-RS-6.6.1.3.1-09'],
  given: { ways },
  writes: true,
  // Seen in the field: a garbage part is a server error.
  fault: onBody(/\r\n\r\n\)r\xbb/, status(500)),
  async run(t) {
    const { instances: good } = await freshStudy(t, 'ct', 2);
    const [first, second] = good;
    if (!first || !second) return;
    const answer = await store(t, [first, { body: garbage }, second]);
    const orderly = satisfying('202, or a status from 400 to 499', (s: number) => s === 202 || (s >= 400 && s < 500));
    t.expect('the status of a request with two objects and a part of garbage', answer.status, orderly);
    const there = answer.status === 202 ? good.length - (await missing(t, good)).length : (await present(t, good)).length;
    if (answer.status === 202)
      t.expect(
        'the objects beside a part of garbage that are stored',
        there,
        satisfying('at least 1', (n: number) => n >= 1),
      );
    if (answer.status === 400)
      t.expect('the objects that are there although the request was refused with 400', there, 0, { row: 'STOW-RS-6.6.1.3.1-09' });
    // Whether garbage is an instance that failed is open, so 200 breaks no more than the recommendation above.
    else if (there > 0 && answer.status !== 200)
      t.expect('the status of a request of which the part of garbage was not stored and objects were', answer.status, 202, {
        row: 'STOW-RS-6.6.1.3.1-06',
      });
    t.record('objects stored beside a part of garbage', `${there} of ${good.length}, status ${answer.status}`);
  },
});

export const order = check({
  id: 'stow-rs/failures/order-of-the-parts',
  title: 'What becomes of an instance does not depend on the order of the parts',
  requires: ['STOW-RS-6.6.1.1.1-05'],
  given: { ways },
  writes: true,
  // Everything after the first bad part is skipped; the bad one has the Instance Number (0020,0013) 3.
  fault: hearsParts(parts => {
    const bad = parts.findIndex(({ body }) => body.includes(' \0\x13\0IS\x02\x003 ', 0, 'latin1'));
    return bad === -1 ? parts : parts.slice(0, bad + 1);
  }),
  async run(t) {
    const outcomes: string[] = [];
    for (const badFirst of [false, true]) {
      const [study, other] = [await freshStudy(t, 'ct', 2), await freshStudy(t, 'ct', 3)];
      const bad = other.instances.slice(2);
      const posted = badFirst ? [...bad, ...study.instances] : [...study.instances, ...bad];
      const answer = await store(t, posted, { study: study.studyInstanceUID });
      skipWhenFull(t, answer, 'three instances');
      // What was acknowledged may take a moment to show.
      if (answer.status < 300) await missing(t, study.instances);
      const stored = await present(t, posted);
      outcomes.push(`status ${answer.status}, stored: ${[...stored].sort().join(' and ') || 'none'}`);
    }
    t.expect('the outcome with the bad instance in front of the good ones', outcomes[1], outcomes[0]);
  },
});
