import { check } from '../harness/check.ts';
import { hearsParts, on } from '../kit/faults.ts';
import { changedInSilence, ways } from '../kit/kept.ts';
import { storeJson, takesJson } from '../kit/store-metadata.ts';
import { expectStored } from '../kit/stored.ts';
import { bulk, expectInvalid, two } from './invalid-messages.ts';
import { posts } from './module.ts';

// 2014a 6.6.1.1.3: one array, then bulk data, under the same rule.
export const json = check({
  id: 'stow-rs/metadata-count/json',
  title: 'Of JSON metadata of two images with the pixels of one nothing is stored',
  requires: ['STOW-RS-6.6.1.1.3-03'],
  given: { ways, takesJson },
  writes: true,
  fault: on(
    posts,
    hearsParts(parts => {
      const [metadata, ...rest] = parts;
      const text = metadata?.body.toString('utf8') ?? '';
      if (!metadata || !text.startsWith('[') || rest.length > 1) return parts;
      return [{ ...metadata, body: Buffer.from(JSON.stringify((JSON.parse(text) as unknown[]).slice(0, rest.length))) }, ...rest];
    }),
  ),
  async run(t) {
    const [first, second] = await two(t);
    const row = 'STOW-RS-6.6.1.1.3-03';
    const answer = await storeJson(t, [first, second], [bulk(first)]);
    await expectInvalid(t, 'a message with JSON metadata of two images and the pixels of one', answer, [first, second], {
      status: row,
      listed: row,
      there: row,
    });
  },
});

// 2014a 6.6.1.1: JSON may be accepted, and has to be from 2016c on; what is accepted is stored.
export const jsonIsStored = check({
  id: 'stow-rs/metadata-count/json-is-stored',
  title: 'JSON metadata with bulk data are stored, or refused in order',
  requires: ['STOW-RS-6.6.1.1-22', 'STOW-RS-6.6.1.1.3-03', 'STOW-RS-6.6.1.1.2-15'],
  since: '2014a',
  given: { ways },
  writes: true,
  // Bulk data are taken in the order of the parts.
  fault: on(
    posts,
    hearsParts(parts => {
      const locations = parts.flatMap(({ headers }) => headers.filter(line => line.startsWith('Content-Location')));
      return parts.map(part => ({
        ...part,
        headers: part.headers.map(line => (line.startsWith('Content-Location') ? (locations.pop() ?? line) : line)),
      }));
    }),
  ),
  async run(t) {
    const [first, second] = await two(t);
    const answer = await storeJson(t, [first, second], [bulk(second), bulk(first)]);
    t.record('the status of JSON metadata with bulk data', String(answer.status));
    expectStored(t, answer, 'two images as JSON metadata with bulk data');
    if (![200, 202].includes(answer.status)) t.skip(`the target takes no JSON metadata (status ${answer.status})`);
    const pixels = (await changedInSilence(t, [first, second], answer)).filter(where => where.includes('Pixel Data'));
    t.expect('the pixels of JSON metadata that went into the wrong image', pixels, [], {
      row: 'STOW-RS-6.6.1.1.2-15',
      also: ['STOW-RS-6.6.1.1.3-03'],
    });
  },
});
