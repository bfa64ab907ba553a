import { fixtureInstance } from '../../fixtures/recipe.ts';
import { tagOf } from '../../schemas/dictionary.ts';
import { explicitLittleEndian, rleLossless } from '../../schemas/transfer-syntaxes.ts';
import { check } from '../harness/check.ts';
import { retrieveDesk } from '../kit/givens/ws.ts';
import { freshStudy, store } from '../kit/stored.ts';
import { expectCode } from '../kit/ws-errors.ts';
import { miscodes } from '../kit/ws-faults.ts';
import { syntaxList } from '../kit/ws-request.ts';

// PS3.18-2013 Table 6.4-1: 0014 where processing fails, as of an image whose compressed pixels are none.
export const processing = check({
  id: 'wado-ws/broken-objects/processing-failed',
  title: 'An image whose pixels cannot be decoded has the code 0014',
  requires: ['WADO-WS-6.4.4-14'],
  given: { desk: retrieveDesk },
  writes: true,
  fault: miscodes('processingFailed'),
  async run(t, { desk }) {
    const [original] = (await freshStudy(t, 'ct', 1)).instances;
    if (!original) return;
    const pixels = { vr: 'OB', offsets: [], fragments: [Buffer.alloc(64, 0xff)] } as const;
    const dataSet = new Map(original.dataSet).set(tagOf('PixelData'), pixels);
    const instance = fixtureInstance('broken', dataSet, { transferSyntax: rleLossless });
    const { status, failed } = await store(t, [instance]);
    if (![200, 202].includes(status) || failed.length > 0) t.skip(`the target does not store images with broken pixels (status ${status})`);
    const answer = await desk.ask(t, [desk.want(instance)], { last: syntaxList([explicitLittleEndian]) });
    expectCode(t, answer, instance.sopInstanceUID, 'an image with broken pixels in Explicit VR Little Endian', {
      row: 'WADO-WS-6.4.4-14',
      situation: 'processingFailed',
      or: ['impossibleFormat', 'unknownFormat'],
    });
  },
});
