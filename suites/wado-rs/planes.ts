import { tagOf } from '../../schemas/dictionary.ts';
import { check } from '../harness/check.ts';
import { documents, valueIn } from '../kit/documents.ts';
import { on, sendsParts } from '../kit/faults.ts';
import { fixture } from '../kit/givens/fixture.ts';
import { acceptOctets } from '../kit/media.ts';
import { frameShape, imagesOf } from '../kit/pixels.ts';
import { ask, instancePath, partsOf, plain, studyPath } from '../kit/retrieve.ts';

/** Three samples of each pixel put into planes, or planes put together pixel by pixel. */
function rearranged(bytes: Uint8Array, { planes }: { readonly planes: boolean }): Uint8Array {
  const count = bytes.length / 3;
  const from = planes ? (i: number) => (i % count) * 3 + Math.floor(i / count) : (i: number) => (i % 3) * count + Math.floor(i / 3);
  return bytes.map((_, i) => bytes[from(i)] ?? 0);
}

// PS3.3-2013 C.7.6.3.1.3: samples by pixel or by plane, as Planar Configuration says; PS3.18-2013 6.5.6.2.1: that of the metadata is that of the image as it is held.
export const arrangement = check({
  id: 'wado-rs/transcoding/planes-stay-planes',
  title: 'Colour frames have their samples arranged as Planar Configuration says',
  requires: ['WADO-RS-6.5.4-29'],
  given: { colour: fixture('colour') },
  fault: on(
    /\/frames\//,
    sendsParts(all =>
      all.map(part => (part.body.length === 192 ? { ...part, body: Buffer.from(rearranged(part.body, { planes: false })) } : part)),
    ),
  ),
  async run(t, { colour }) {
    const described = await documents(t, `${studyPath(colour)}/metadata`);
    for (const image of imagesOf(colour).filter(({ dataSet }) => frameShape(dataSet)?.samples === 3)) {
      const exchange = await ask(t, `${instancePath(image)}/frames/1`, acceptOctets);
      const document = described.find(({ sopInstanceUID }) => sopInstanceUID === image.sopInstanceUID);
      const told = document ? valueIn(document.attributes, 'PlanarConfiguration') : '';
      if (exchange.response.status !== 200 || told === '') continue;
      const element = image.dataSet.get(tagOf('PixelData'));
      const stored = element && 'bytes' in element ? plain(element.bytes) : new Uint8Array();
      const planes = Number(told) === 1;
      const held = planes === frameShape(image.dataSet)?.planar ? stored : rearranged(stored, { planes });
      for (const { body } of partsOf(t, exchange))
        t.expect(`the samples of a colour frame with Planar Configuration ${planes ? 1 : 0}`, body, held);
    }
    t.record('frames asked for', 'of colour images with both planar configurations');
  },
});
