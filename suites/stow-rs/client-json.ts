import { asOf } from '../../schemas/editions.ts';
import { jsonModelType } from '../../schemas/media-types.ts';
import { clientCheck } from '../harness/client.ts';
import { satisfying } from '../harness/expected.ts';
import { hearsParts, on } from '../kit/faults.ts';
import { Unreadable } from '../kit/read/defect.ts';
import { readJsonResults } from '../kit/read/json-model.ts';
import { storeRequest, typeOf } from '../kit/store-request.ts';
import { posts } from './module.ts';

const jsonTypes = ['application/json', 'application/dicom+json'];

function objectsIn(body: Uint8Array): number | string {
  try {
    return readJsonResults(body).value.length;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

// PS3.18-2014a 6.6.1.1.3: one array in the first part, and nothing but bulk data behind it.
export const array = clientCheck({
  id: 'stow-rs/client-json/one-array-in-the-first-part',
  title: 'JSON metadata are one array in the first part, labelled with the media type of the edition and a transfer syntax',
  requires: ['STOW-RS-6.6.1.1.3-01', 'STOW-RS-6.6.1.1.3-02'],
  wrongClient: on(
    posts,
    hearsParts(parts =>
      parts.map(part => ({ ...part, body: part.body[0] === 0x5b ? part.body.subarray(1, part.body.length - 1) : part.body })),
    ),
  ),
  looks(t, exchange) {
    const request = storeRequest(exchange);
    if (!request || !jsonTypes.includes(typeOf(request)) || typeof request.parts === 'string') return;
    const isJson = ({ mediaType }: { readonly mediaType: { readonly type: string } }) => jsonTypes.includes(mediaType.type);
    const [first] = request.parts;
    if (!first) return;
    const isArray = Buffer.from(first.body).toString('utf8').trimStart().startsWith('[');
    t.expect('the first part of a request that announces JSON', isArray ? 'an array' : 'something else', 'an array');
    const count = objectsIn(first.body);
    t.expect(
      'the data sets in the array',
      count,
      satisfying('at least 1', (n: unknown) => typeof n === 'number' && n >= 1),
    );
    t.expect('the parts with JSON', request.parts.filter(isJson).length, 1);
    const row = { row: 'STOW-RS-6.6.1.1.3-02' } as const;
    t.expect('the Content-Type of the part with JSON', first.mediaType.type || 'none', asOf(jsonModelType, t.edition), row);
    const syntax = first.mediaType.parameters.get('transfer-syntax') ?? 'none';
    t.expect(
      'transfer-syntax of the part with JSON',
      syntax,
      satisfying('a UID', (uid: string) => /^[0-9.]{5,64}$/.test(uid)),
      row,
    );
  },
});
