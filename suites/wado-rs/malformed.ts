import { check } from '../harness/check.ts';
import { anyOf } from '../harness/expected.ts';
import { on, status } from '../kit/faults.ts';
import { acceptDicom, acceptOctets } from '../kit/media.ts';
import { anyInstance, ask } from '../kit/retrieve.ts';

const notThere = anyOf(400, 404);

// PS3.18-2013 Table 6.5-2: 400 for a malformed resource; what is malformed is not said, so 404 is right as well.
export const uids = check({
  id: 'wado-rs/malformed/uids',
  title: 'A UID in the path that is none is refused in order',
  requires: ['WADO-RS-6.5.7-03', 'WADO-RS-6.5-20'],
  fault: on(/not-a-uid|1\.\.2/, status(500)),
  async run(t) {
    const malformed = {
      'a UID with an empty component': '1..2',
      'a word instead of a UID': 'not-a-uid',
      'a UID of 70 characters': `1.2.${'3'.repeat(66)}`,
      'a UID with a leading zero': '1.02.3',
    };
    for (const [what, uid] of Object.entries(malformed)) {
      const { response } = await ask(t, `studies/${uid}`, acceptDicom);
      const { row } =
        uid.includes('..') || uid.startsWith('1.02') ? ({ row: 'WADO-RS-6.5.7-03' } as const) : ({ row: 'WADO-RS-6.5-20' } as const);
      t.expect(`the status for ${what}`, response.status, notThere, { row });
    }
  },
});

export const frameList = check({
  id: 'wado-rs/malformed/frame-list',
  title: 'A frame list that is none is refused in order',
  requires: ['WADO-RS-6.5.7-03'],
  given: { any: anyInstance },
  fault: on(/\/frames\/x/, status(500)),
  async run(t, { any }) {
    const { response } = await ask(t, `${any.instancePath}/frames/x`, acceptOctets);
    t.expect('the status for the frame list "x"', response.status, anyOf(400, 404, 406));
  },
});
