import { check } from '../harness/check.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsParts, onBody } from '../kit/faults.ts';
import { present, ways } from '../kit/kept.ts';
import type { StorePart } from '../kit/store.ts';
import { bytesOf, inParts, storeXml, takesXml, xmlPart } from '../kit/store-metadata.ts';
import { bulk, expectInvalid, two } from './invalid-messages.ts';
import { forgiving, urisIn } from './metadata-faults.ts';

const orderly = satisfying('a status from 400 to 499', (s: number) => s >= 400 && s < 500);

// PS3.18-2013 6.6.1.1.2: as many bulk data parts as unique URIs, or the entire message is invalid.
export const missingPart = check({
  id: 'stow-rs/metadata-count/a-part-is-missing',
  title: 'A message whose metadata refer to bulk data that it does not hold is invalid as a whole',
  requires: ['STOW-RS-6.6.1.1.2-02', 'STOW-RS-6.6.1.1.2-05', 'STOW-RS-6.6.1.1.2-06'],
  given: { ways, takesXml },
  writes: true,
  // The instance whose data are complete is stored.
  fault: hearsParts(parts => {
    const held = parts.flatMap(({ headers }) => headers.flatMap(line => /^Content-Location: (.*)$/.exec(line)?.[1] ?? []));
    return parts.filter(part => urisIn([part]).every(uri => held.includes(uri)));
  }),
  async run(t) {
    const [first, second] = await two(t);
    const answer = await storeXml(t, [xmlPart(first), xmlPart(second), bulk(first)]);
    const rows = { status: 'STOW-RS-6.6.1.1.2-05', listed: 'STOW-RS-6.6.1.1.2-02', there: 'STOW-RS-6.6.1.1.2-06' } as const;
    await expectInvalid(t, 'a message with metadata of two images and the pixels of one', answer, [first, second], rows);
  },
});

export const orphan = check({
  id: 'stow-rs/metadata-count/a-part-too-many',
  title: 'A message with bulk data that its metadata do not refer to is invalid as a whole',
  requires: ['STOW-RS-6.6.1.1.2-03', 'STOW-RS-6.6.1.1.2-05', 'STOW-RS-6.6.1.1.2-06'],
  given: { ways, takesXml },
  writes: true,
  fault: forgiving,
  async run(t) {
    const [first, second] = await two(t);
    const answer = await storeXml(t, [...inParts(first), bulk(second)]);
    const rows = { status: 'STOW-RS-6.6.1.1.2-05', listed: 'STOW-RS-6.6.1.1.2-03', there: 'STOW-RS-6.6.1.1.2-06' } as const;
    await expectInvalid(t, 'a message with one image and bulk data that no metadata refer to', answer, [first], rows);
  },
});

// The sender has to put metadata first; what a server does with other messages is not said.
export const firstPart = check({
  id: 'stow-rs/metadata-count/metadata-come-first',
  title: 'A message whose first part is bulk data is refused',
  requires: ['STOW-RS-6.6.1.1.2-09'],
  given: { ways, takesXml },
  writes: true,
  fault: hearsParts(parts => [...parts].sort((a, b) => urisIn([b]).length - urisIn([a]).length)),
  async run(t) {
    const [first] = await two(t);
    const { status } = await storeXml(t, [...inParts(first)].reverse());
    t.expect('the status of a message whose first part is bulk data', status, orderly);
  },
});

export const unlocated = check({
  id: 'stow-rs/metadata-count/a-part-without-content-location',
  title: 'A message with a bulk data part that has no Content-Location is invalid',
  requires: ['STOW-RS-6.6.1.1.2-16'],
  given: { ways, takesXml },
  writes: true,
  fault: hearsParts(parts => {
    const uris = urisIn(parts);
    return parts.map(part =>
      part.headers.some(line => /^content-location|dicom/i.test(line))
        ? part
        : { ...part, headers: [...part.headers, `Content-Location: ${uris[0]}`] },
    );
  }),
  async run(t) {
    const [first] = await two(t);
    const nameless: StorePart = { headers: [['Content-Type', 'application/octet-stream']], body: bytesOf(first) };
    const answer = await storeXml(t, [xmlPart(first), nameless]);
    const row = 'STOW-RS-6.6.1.1.2-16';
    const rows = { status: row, listed: row, there: row } as const;
    await expectInvalid(t, 'a message with a bulk data part without Content-Location', answer, [first], rows);
  },
});

// Table 6.6.1-1: bad syntax.
export const badXml = check({
  id: 'stow-rs/metadata-count/what-is-no-native-dicom-model',
  title: 'Metadata that are not well-formed, or no Native DICOM Model, are refused and nothing is stored',
  requires: ['STOW-RS-6.6.1.1.2-20'],
  given: { ways, takesXml },
  writes: true,
  // Metadata that end too soon are completed.
  fault: onBody(
    /^(?![\s\S]*<\/NativeDicomModel>)[\s\S]*<NativeDicomModel/,
    hearsParts(parts =>
      parts.map(part =>
        urisIn([part]).length > 0 ? { ...part, body: Buffer.concat([part.body, Buffer.from('</NativeDicomModel>')]) } : part,
      ),
    ),
  ),
  async run(t) {
    const [first] = await two(t);
    const [metadata, pixels] = inParts(first);
    if (!metadata || !pixels) return;
    const text = Buffer.from(metadata.body).toString('utf8');
    const documents: Readonly<Record<string, string>> = {
      'whose document ends before its last element does': text.replace('</NativeDicomModel>', ''),
      'whose root element is another': text.replaceAll('NativeDicomModel', 'DicomDataSet'),
    };
    for (const [what, document] of Object.entries(documents)) {
      const answer = await storeXml(t, [{ ...metadata, body: Buffer.from(document) }, pixels]);
      t.expect(`the status of metadata ${what}`, answer.status, orderly);
      t.expect(`the instances that are there of metadata ${what}`, await present(t, [first]), []);
    }
  },
});
